#include "load/follow/run_event.hpp"

#include <simdjson.h>

#include <array>
#include <string>
#include <utility>
#include <vector>

#include "base/iso8601.hpp"

namespace sluice {

namespace dom = simdjson::dom;

RunEventKind run_event_kind(std::string_view name) {
  using Kind = RunEventKind;
  static constexpr std::array<std::pair<std::string_view, Kind>, 8> kNames{
      {{"execution.queued", Kind::queued},
       {"execution.start", Kind::started},
       {"execution.success", Kind::succeeded},
       {"execution.failed", Kind::failed},
       {"execution.stopped", Kind::stopped},
       {"execution.requeued", Kind::requeued},
       {"execution.paused", Kind::paused},
       {"execution.pause", Kind::paused}}};
  for (const auto& [known, kind] : kNames)
    if (known == name) return kind;
  return Kind::other;
}

struct RunEventParser::State {
  dom::parser parser;
  RunEvent event;
  std::vector<std::string_view> sessions;

  bool read_envelope(const dom::element& envelope);
  void read_stamp(const dom::element& holder);
};

RunEventParser::RunEventParser() : state_(std::make_unique<State>()) {}
RunEventParser::~RunEventParser() = default;

std::size_t RunEventParser::count() const { return state_->sessions.size(); }

RunEvent RunEventParser::event(std::size_t i) const {
  RunEvent event = state_->event;
  event.session_id = state_->sessions[i];
  return event;
}

bool RunEventParser::read(std::string_view json) {
  state_->event = {};
  state_->sessions.clear();
  dom::element root;
  if (state_->parser.parse(json.data(), json.size()).get(root) != simdjson::SUCCESS) return false;
  dom::element inner;
  const bool framed = root["data"].get(inner) == simdjson::SUCCESS && inner.is_object();
  if (!state_->read_envelope(framed ? inner : root)) return false;
  // The outer stamp of a frame is the finer one.
  if (framed) state_->read_stamp(root);
  return true;
}

bool RunEventParser::State::read_envelope(const dom::element& envelope) {
  std::string_view text;
  if (envelope["event"].get(text) != simdjson::SUCCESS) return false;
  event.kind = run_event_kind(text);
  read_stamp(envelope);
  dom::element payload;
  if (envelope["payload"].get(payload) != simdjson::SUCCESS) return false;
  std::int64_t delay_ms = 0;
  if (payload["delay_ms"].get(delay_ms) == simdjson::SUCCESS && delay_ms >= 0 &&
      delay_ms < Duration::max().ns / 1'000'000)
    event.delay = Duration{delay_ms * 1'000'000};
  dom::array several;
  if (payload["session_id"].get(text) == simdjson::SUCCESS) {
    sessions.push_back(text);
  } else if (payload["session_ids"].get(several) == simdjson::SUCCESS) {
    for (const dom::element session : several)
      if (session.get(text) == simdjson::SUCCESS) sessions.push_back(text);
  }
  return !sessions.empty();
}

void RunEventParser::State::read_stamp(const dom::element& holder) {
  constexpr std::int64_t kSecond = 1'000'000'000;
  std::string_view text;
  std::int64_t seconds = 0;
  if (holder["timestamp"].get(text) == simdjson::SUCCESS) {
    const std::optional<std::int64_t> unix_ns = parse_iso8601(text);
    if (!unix_ns) return;
    event.stamp_unix_ns = *unix_ns;
    const bool fractional = text.find('.') != std::string_view::npos;
    event.stamp_resolution = {fractional ? kSecond / 1000 : kSecond};
  } else if (holder["timestamp"].get(seconds) == simdjson::SUCCESS && seconds > 0 &&
             seconds < INT64_MAX / kSecond) {
    event.stamp_unix_ns = seconds * kSecond;
    event.stamp_resolution = {kSecond};
  }
}

}  // namespace sluice
