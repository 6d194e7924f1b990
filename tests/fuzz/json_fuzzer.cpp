// libFuzzer target: no text makes the API's readers of JSON throw, crash, hang or grow without
// bound, and the two of them agree.
//
// The text is a body of POST /run, and JSON like any other; a line `%%` parts a JSON Schema from a
// value that is checked by it.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <string>
#include <string_view>

#include "base/text/json.hpp"
#include "mock_api/contract/input_validation.hpp"
#include "mock_api/contract/json_schema/json_schema.hpp"
#include "mock_api/contract/postgres_interval.hpp"
#include "mock_api/contract/start_run.hpp"
#include "mock_api/contract/stringify.hpp"

namespace {

using namespace sluice;

void require(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "%s\n", what);
  std::abort();
}

/// Both readers; what one takes as a run is JSON for the other.
const StartRun* run_of(StartRunReader& reader, std::string_view text) {
  const StartRun* run = reader.read(text);
  require(run != nullptr || !reader.problem().empty(), "refused without a reason");
  const auto json = parse_json(text);
  if (run == nullptr) return nullptr;
  // A number that is too large for any type is nobody's.
  if (!json) return nullptr;
  require(json->is_object() && (*json)["workflow_id"] == std::string(run->workflow_id),
          "the readers differ");
  require((*json)["run_input_variables"] == Json::parse(run->inputs), "other inputs");
  require((*json)["run_input_variables"].size() == run->variables.size(), "inputs are lost");
  return run;
}

void check_text(std::string_view text) {
  if (const auto json = parse_json(text)) {
    const auto again = parse_json(dump(*json));
    require(again && *again == *json, "JSON that is not the same when written and read");
    const std::string once = restringify(text);
    require(restringify(once) == once, "text that is not the same when stringified twice");
  }
  if (is_utf8(text)) require(Json::parse(quoted_json(text)) == std::string(text), "a lost quote");
  if (const auto interval = parse_postgres_interval(text)) {
    require(interval->ns >= 0, "an interval before it begins");
    const auto again = parse_postgres_interval(postgres_interval(*interval));
    require(again && interval->ns - again->ns < 1'000'000'000, "another interval");
  }
}

void check_schema(const Json& schema, std::string_view value, const StartRun* run) {
  try {
    const JsonSchema compiled(schema);
    if (const auto json = parse_json(value)) {
      const auto problem = compiled.check(*json);
      require(!problem || (!problem->keyword.empty() && !problem->message.empty() &&
                           problem->expected.is_object()),
              "a problem without words");
    }
    const InputValidator validator(schema);
    if (run != nullptr && validator.surely_fits(*run))
      if (const auto inputs = parse_json(run->inputs))
        require(!compiled.check(*inputs), "what surely fits does not");
    if (run != nullptr) validator.refuse(*run);
  } catch (const std::invalid_argument&) {
    return;  // no schema
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  static StartRunReader reader;
  const std::size_t end = text.find("\n%%\n");
  if (end == text.npos) {
    check_text(text);
    run_of(reader, text);
    return 0;
  }
  const std::string_view value = text.substr(end + 4);
  if (const auto schema = parse_json(text.substr(0, end)))
    check_schema(*schema, value, run_of(reader, value));
  return 0;
}
