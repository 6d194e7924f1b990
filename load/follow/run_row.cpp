#include "load/follow/run_row.hpp"

#include <simdjson.h>

#include "base/iso8601.hpp"

namespace sluice {
namespace {

RunRow row_of(const simdjson::dom::element& run, std::string_view status) {
  const auto stamp = [&run](const char* name) -> std::int64_t {
    std::string_view text;
    if (run[name].get(text) != simdjson::SUCCESS) return 0;
    return parse_iso8601(text).value_or(0);
  };
  RunRow row;
  row.status = run_event_kind(status);
  row.created = stamp("created_at");
  row.started = stamp("execution_start");
  row.ended = stamp("execution_end");
  return row;
}

}  // namespace

struct RunRowParser::State {
  simdjson::dom::parser parser;
  RunList list;
};

RunRowParser::RunRowParser() : state_(std::make_unique<State>()) {}
RunRowParser::~RunRowParser() = default;

const RunList* RunRowParser::list(std::string_view json) {
  simdjson::dom::array rows;
  if (state_->parser.parse(json.data(), json.size()).get(rows) != simdjson::SUCCESS) return nullptr;
  RunList& list = state_->list;
  list.rows.clear();
  list.length = 0;
  list.oldest = {};
  for (const simdjson::dom::element run : rows) {
    ++list.length;
    std::string_view session, status;
    if (run["created_at"].get(list.oldest) != simdjson::SUCCESS) list.oldest = {};
    if (run["session_id"].get(session) != simdjson::SUCCESS ||
        run["status"].get(status) != simdjson::SUCCESS)
      continue;
    list.rows.push_back(row_of(run, status));
    list.rows.back().session_id = session;
  }
  return &list;
}

std::optional<RunRow> RunRowParser::run(std::string_view json) {
  simdjson::dom::element run;
  std::string_view status;
  if (state_->parser.parse(json.data(), json.size()).get(run) != simdjson::SUCCESS ||
      run["status"].get(status) != simdjson::SUCCESS ||
      run_event_kind(status) == RunEventKind::other)
    return std::nullopt;
  return row_of(run, status);
}

}  // namespace sluice
