#include "cli/output/origin.hpp"

#include <fstream>
#include <sstream>

namespace sluice {

std::string shell_word(std::string_view word) {
  constexpr std::string_view kPlain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+=:,./@%";
  if (!word.empty() && word.find_first_not_of(kPlain) == std::string_view::npos)
    return std::string(word);
  std::string quoted = "'";
  for (const char c : word) {
    if (c == '\'')
      quoted += "'\\''";
    else
      quoted += c;
  }
  return quoted + "'";
}

HtmlOptions origin_of(std::string_view command, const std::string& file,
                      const ScenarioArguments& scenario, const std::vector<std::string>& options) {
  HtmlOptions origin;
  origin.command = "sluice " + std::string(command) + " " + shell_word(file);
  for (const std::string& option : options) origin.command += " " + shell_word(option);
  for (const std::string& param : scenario.params) origin.command += " -p " + shell_word(param);
  for (const std::string& set : scenario.sets) origin.command += " --set " + shell_word(set);
  origin.command += " --html report.html";
  std::ifstream stream(file, std::ios::binary);
  std::ostringstream text;
  if (stream) text << stream.rdbuf();
  origin.scenario_text = text.str();
  return origin;
}

}  // namespace sluice
