#include "mock_api/scripts/requested_script.hpp"

#include <utility>

namespace sluice {

void RequestedScript::found(std::string by, std::optional<RunScript> script,
                            const std::string& problem) {
  if (script)
    script_.emplace(StruckScript{*std::move(script), std::move(by)});
  else
    problem_ = by + ": " + problem;
}

void RequestedScript::look_in_header(const HttpRequest& request) {
  const std::string_view text = request.header(kScriptHeader);
  if (text.empty()) return;
  std::string problem;
  auto script = read_script(text, problem);
  found(std::string(kScriptHeader), std::move(script), problem);
}

void RequestedScript::look_in_input(const InputVariable& variable) {
  std::string problem = "not valid JSON";
  const auto value = parse_json(variable.raw);
  auto script = value ? read_script(*value, problem) : std::nullopt;
  found("run_input_variables.sluice_script", std::move(script), problem);
}

void RequestedScript::look_in_context(std::string_view context) {
  const auto json = parse_json(context);
  if (!json || !json->is_object()) return;
  const auto value = json->find(std::string(kScriptInput));
  if (value == json->end()) return;
  std::string problem;
  auto script = read_script(*value, problem);
  found("additional_context.sluice_script", std::move(script), problem);
}

const StartRun& RequestedScript::without_input(const StartRun& body) {
  body_ = body;
  std::erase_if(body_.variables, [](const InputVariable& v) { return v.name == kScriptInput; });
  inputs_ = "{";
  for (const InputVariable& variable : body_.variables) {
    if (inputs_.size() > 1) inputs_ += ',';
    append_quoted_json(inputs_, variable.name);
    inputs_.append(":").append(variable.raw);
  }
  inputs_ += '}';
  body_.inputs = inputs_;
  return body_;
}

const StartRun& RequestedScript::take(const HttpRequest& request, const StartRun& body) {
  script_.reset();
  problem_.clear();
  const auto none_yet = [this] { return !script_ && problem_.empty(); };
  look_in_header(request);
  const InputVariable* input = body.find(kScriptInput);
  if (input != nullptr && none_yet()) look_in_input(*input);
  if (none_yet() && body.additional_context.find(kScriptInput) != std::string_view::npos)
    look_in_context(body.additional_context);
  return input != nullptr ? without_input(body) : body;
}

}  // namespace sluice
