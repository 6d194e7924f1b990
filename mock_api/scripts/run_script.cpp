#include "mock_api/scripts/run_script.hpp"

#include <fmt/format.h>

#include <array>
#include <utility>

#include "base/text/units.hpp"
#include "http/message.hpp"
#include "mock_api/contract/json_schema/json_schema.hpp"

namespace sluice {
namespace {

using ScriptOutcome = RunScript::Outcome;

constexpr std::uint32_t kMostScriptedRetries = 1000;
constexpr Duration kLongestScripted{365 * 86'400'000'000'000};

constexpr std::array<std::pair<std::string_view, ScriptOutcome>, 4> kScriptOutcomes{
    {{"success", ScriptOutcome::success},
     {"fail", ScriptOutcome::fail},
     {"timeout", ScriptOutcome::timeout},
     {"login_fails", ScriptOutcome::login_fails}}};

// What is wrong with a script is thrown as text within this file.

[[noreturn]] void wrong_script(std::string problem) { throw problem; }

std::string script_text(const Json& value, const std::string& key) {
  if (!value.is_string()) wrong_script(key + " must be a string");
  return value.get<std::string>();
}

/// Numbers may stand in quotes: the short form knows nothing else.
std::uint32_t script_number(const Json& value, const std::string& key, std::uint32_t least) {
  std::uint64_t number = UINT64_MAX;
  if (value.is_number_unsigned()) number = value.get<std::uint64_t>();
  if (value.is_string())
    if (const auto read = parse_number(value.get<std::string>());
        read && *read >= 0 && *read <= kMostScriptedRetries &&
        *read == static_cast<double>(static_cast<std::uint32_t>(*read)))
      number = static_cast<std::uint64_t>(*read);
  if (number < least || number > kMostScriptedRetries)
    wrong_script(
        fmt::format("{} must be a whole number from {} to {}", key, least, kMostScriptedRetries));
  return static_cast<std::uint32_t>(number);
}

Duration script_duration(const Json& value, const std::string& key) {
  const auto read =
      value.is_string() ? parse_duration(value.get<std::string>()) : Parsed<Duration>::wrong(0, "");
  if (!read || *read > kLongestScripted)
    wrong_script(key + " must be a time such as \"5s\", at most 365d");
  return *read;
}

std::string script_object(const Json& value, const std::string& key) {
  if (!value.is_object()) wrong_script(key + " must be an object");
  return dump(value);
}

ScriptOutcome script_outcome(const Json& value) {
  for (const auto& [word, outcome] : kScriptOutcomes)
    if (value == std::string(word)) return outcome;
  wrong_script("outcome must be one of success, fail, timeout, login_fails");
}

bool is_input_required(const Json& value) {
  if (value == "input_required") return true;
  if (value == "user_interaction") return false;
  wrong_script("asks must be user_interaction, input_required, or an object with such a kind");
}

std::string answer_schema(const Json& value) {
  std::string text = script_object(value, "asks.schema");
  try {
    JsonSchema{value};
  } catch (const std::invalid_argument& error) {
    wrong_script(std::string("asks.schema: ") + error.what());
  }
  return text;
}

RunScript::Question read_question(const Json& value) {
  RunScript::Question question;
  if (!value.is_object()) {
    question.input_required = is_input_required(value);
    return question;
  }
  for (auto it = value.begin(); it != value.end(); ++it) {
    const std::string& key = it.key();
    if (key == "kind")
      question.input_required = is_input_required(*it);
    else if (key == "step")
      question.step = script_number(*it, "asks.step", 1);
    else if (key == "message")
      question.message = script_text(*it, "asks.message");
    else if (key == "schema")
      question.expected = answer_schema(*it);
    else if (key == "timeout")
      question.timeout = script_duration(*it, "asks.timeout");
    else
      wrong_script(
          fmt::format("asks has no key `{}`: it has kind, step, message, schema and timeout", key));
  }
  if (question.timeout && question.timeout->ns == 0)
    wrong_script("asks.timeout must be longer than nothing");
  return question;
}

struct ScriptWord {
  std::string_view key;
  std::string RunScript::*member;
};
constexpr std::array<ScriptWord, 5> kScriptWords{{{"category", &RunScript::category},
                                                  {"sub_type", &RunScript::sub_type},
                                                  {"error_code", &RunScript::error_code},
                                                  {"message", &RunScript::message},
                                                  {"description", &RunScript::description}}};

void read_script_key(const std::string& key, const Json& value, RunScript& script) {
  for (const ScriptWord& word : kScriptWords)
    if (key == word.key) return void(script.*(word.member) = script_text(value, key));
  if (key == "outcome")
    script.outcome = script_outcome(value);
  else if (key == "takes")
    script.takes = script_duration(value, key);
  else if (key == "step")
    script.step = script_number(value, key, 1);
  else if (key == "retries")
    script.retries = script_number(value, key, 0);
  else if (key == "asks")
    script.asks = read_question(value);
  else if (key == "output")
    script.output = script_object(value, key);
  else
    wrong_script(
        fmt::format("a script has no key `{}`: it has outcome, takes, step, retries, "
                    "category, sub_type, error_code, message, description, asks and "
                    "output",
                    key));
}

/// What is said must be able to show.
void check_script(const RunScript& script) {
  const bool fails_at_step = script.outcome == ScriptOutcome::fail || script.retries > 0;
  const bool has_error = script.outcome != ScriptOutcome::success || script.retries > 0;
  if (script.step > 0 && !fails_at_step)
    wrong_script("step says where a run fails: it needs the outcome fail, or retries");
  for (const ScriptWord& word : kScriptWords)
    if (!has_error && !(script.*(word.member)).empty())
      wrong_script(
          fmt::format("{} is of an error: it needs an outcome that is none of success, "
                      "or retries",
                      word.key));
  if (!script.output.empty() && script.outcome != ScriptOutcome::success)
    wrong_script("output is what a run that succeeds puts out");
  if (!script.asks) return;
  if (script.outcome == ScriptOutcome::login_fails)
    wrong_script("a run whose login fails asks nothing");
  if (script.outcome == ScriptOutcome::fail && script.step > 0 &&
      (script.asks->step == 0 || script.asks->step > script.step))
    wrong_script("asks.step must come before the step at which the run fails");
}

RunScript script_of(const Json& json) {
  if (!json.is_object()) wrong_script("a script must be an object, or a text such as fail; step=3");
  RunScript script;
  for (auto it = json.begin(); it != json.end(); ++it) read_script_key(it.key(), *it, script);
  check_script(script);
  script.text = dump(json);
  return script;
}

/// `OUTCOME; KEY=VALUE; …`: all values are texts.
Json json_of_short_form(std::string_view text) {
  Json json = Json::object();
  for (bool is_first = true; !text.empty(); is_first = false) {
    const std::size_t end = text.find(';');
    const std::string_view part = trimmed(text.substr(0, end));
    text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
    const std::size_t equals = part.find('=');
    if (part.empty()) continue;
    if (equals == std::string_view::npos && !is_first)
      wrong_script(fmt::format("`{}` must be KEY=VALUE", part));
    const std::string key(equals == std::string_view::npos ? "outcome"
                                                           : trimmed(part.substr(0, equals)));
    if (json.contains(key)) wrong_script(fmt::format("{} is given twice", key));
    json[key] = equals == std::string_view::npos ? part : trimmed(part.substr(equals + 1));
  }
  return json;
}

std::string step_words(std::uint32_t step) {
  return step == 0 ? "the last step" : fmt::format("step {}", step);
}

}  // namespace

std::optional<RunScript> read_script(const Json& json, std::string& problem) {
  if (json.is_string())
    return read_script(std::string_view(json.get_ref<const std::string&>()), problem);
  try {
    return script_of(json);
  } catch (const std::string& why) {
    problem = why;
    return std::nullopt;
  }
}

std::optional<RunScript> read_script(std::string_view text, std::string& problem) {
  try {
    if (trimmed(text).empty()) wrong_script("it is empty");
    if (!trimmed(text).starts_with('{')) return script_of(json_of_short_form(text));
    const auto json = parse_json(text, &problem);
    return json ? std::optional(script_of(*json)) : std::nullopt;
  } catch (const std::string& why) {
    problem = why;
    return std::nullopt;
  }
}

std::string describe(const RunScript& script) {
  std::string text;
  if (script.retries > 0)
    text += fmt::format("{} {} at {}, then ", script.retries,
                        script.retries == 1 ? "attempt fails" : "attempts fail",
                        step_words(script.step));
  if (script.asks) text += fmt::format("asks at {}, then ", step_words(script.asks->step));
  switch (script.outcome) {
    case ScriptOutcome::success:
      text += "succeeds";
      break;
    case ScriptOutcome::fail:
      text += "fails at " + step_words(script.step);
      break;
    case ScriptOutcome::timeout:
      text += "times out";
      break;
    case ScriptOutcome::login_fails:
      text += "fails to log in";
      break;
  }
  if (script.takes) text += fmt::format(", takes {}", format_exact(*script.takes));
  return text;
}

}  // namespace sluice
