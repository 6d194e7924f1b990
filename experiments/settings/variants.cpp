#include "experiments/settings/variants.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "base/failure.hpp"
#include "base/text/suggestion.hpp"
#include "scenarios/loader/yaml/expression.hpp"

namespace sluice {

Variants::Variants(std::string file, LoaderOptions options)
    : file_(std::move(file)), options_(std::move(options)), base_(load_scenario(file_, options_)) {}

bool Variants::is_param(const std::string& name) const {
  return std::ranges::any_of(base_.params, [&](const auto& param) { return param.first == name; });
}

void Variants::check(std::span<const Choice> choices) const {
  for (std::size_t i = 0; i < choices.size(); ++i) {
    const std::string& name = choices[i].name;
    for (std::size_t j = 0; j < i; ++j)
      if (choices[j].name == name) throw bad_input(fmt::format("{} is varied twice", name));
    if (is_param(name) || name.find('.') != std::string::npos) continue;
    std::vector<std::string_view> known;
    for (const auto& param : base_.params) known.push_back(param.first);
    // A key of the top level is a path of one step.
    if (load_scenario(file_, options_of({"", {{name, choices[i].values[0]}}})).scenario) continue;
    throw bad_input(
        fmt::format("{}: {} has no param of this name{}; a path into the scenario has dots, as in "
                    "resource_groups.main.workers={}",
                    name, file_, suggestion(name, known), choices[i].values[0]));
  }
}

Variants Variants::with(const std::string& path, const std::string& value) const {
  Setting setting;
  setting.values.emplace_back(path, value);
  load(setting);  // says what is wrong with it
  LoaderOptions options = options_;
  options.sets.emplace_back(path, value);
  return {file_, std::move(options)};
}

LoaderOptions Variants::options_of(const Setting& setting) const {
  LoaderOptions options = options_;
  for (const auto& value : setting.values)
    (is_param(value.first) ? options.params : options.sets).push_back(value);
  return options;
}

Scenario Variants::load(const Setting& setting) const {
  LoadedScenario loaded = load_scenario(file_, options_of(setting));
  if (loaded.scenario && !loaded.scenario->submitters.empty()) return *std::move(loaded.scenario);
  const std::string why = loaded.errors.empty()
                              ? file_ + " has no submitters, so nobody starts a run"
                              : loaded.errors.front().to_string();
  throw bad_input(fmt::format("with {}: {}", setting.text(), why));
}

bool Variants::may_be_base(const Setting& setting) const {
  return std::ranges::all_of(setting.values, [&](const auto& given) {
    // Lists and maps have no text to compare, and paths are not among the params.
    return std::ranges::none_of(base_.params, [&](const auto& param) {
      return param.first == given.first && !param.second.empty() && param.second != given.second;
    });
  });
}

double Variants::cost(std::string_view expression, const Setting& setting) const {
  const auto text_of = [&](const std::string& name) -> std::optional<std::string> {
    for (const auto& [given, value] : setting.values)
      if (given == name) return value;
    for (const auto& [given, value] : base_.params)
      if (given == name) return value;
    std::vector<std::string_view> known;
    for (const auto& param : base_.params) known.push_back(param.first);
    throw bad_input(fmt::format("--cost {}: `{}` is no param of {}{}", expression, name, file_,
                                suggestion(name, known)));
  };
  const Parsed<std::string> result = evaluate(expression, text_of);
  if (!result) throw bad_input(fmt::format("--cost {}: {}", expression, result.error.message));
  const Parsed<double> cost = parse_number(*result);
  if (!cost)
    throw bad_input(fmt::format("--cost {}: comes to {} with {}, which is no number of at least 0",
                                expression, *result, setting.text()));
  return *cost;
}

}  // namespace sluice
