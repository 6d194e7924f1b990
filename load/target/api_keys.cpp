#include "load/target/api_keys.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cstdint>
#include <fstream>
#include <map>

#include "base/failure.hpp"
#include "base/text/display_text.hpp"
#include "base/text/suggestion.hpp"
#include "base/text/units.hpp"
#include "load/generator/lane_shares.hpp"
#include "mock_api/contract/tenant_keys.hpp"

namespace sluice {
namespace {

constexpr const char* kVariable = "SLUICE_CC_KEY";

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r";
  const std::size_t begin = text.find_first_not_of(kSpace);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kSpace) - begin + 1);
}

bool fits_a_header(std::string_view key) {
  return !key.empty() && std::all_of(key.begin(), key.end(), [](char c) {
    return static_cast<unsigned char>(c) > ' ' && static_cast<unsigned char>(c) < 0x7f;
  });
}

struct ShownName {
  std::string text;     ///< every sign that shows nothing, or the same as another, by its number
  std::string visible;  ///< without such signs
};

/// `<U+FEFF>acme` and `acme`.
ShownName shown(std::string_view name) {
  constexpr char32_t kNoBreakSpace = 0xA0;
  ShownName result;
  for (std::size_t at = 0; at < name.size();) {
    const CodePoint point = first_code_point(name.substr(at));
    const std::string_view sign = name.substr(at, point.bytes);
    at += point.bytes;
    if (printable(sign) == sign && display_columns(sign) > 0 && point.value != kNoBreakSpace) {
      result.text += sign;
      result.visible += sign;
    } else {
      result.text += fmt::format("<U+{:04X}>", static_cast<std::uint32_t>(point.value));
    }
  }
  return result;
}

/// Editors put it in front, where it means nothing.
void skip_byte_order_mark(std::ifstream& file, const std::string& name) {
  constexpr std::string_view kUtf8 = "\xef\xbb\xbf";
  std::string mark(kUtf8.size(), '\0');
  file.read(mark.data(), static_cast<std::streamsize>(mark.size()));
  if (mark.starts_with("\xff\xfe") || mark.starts_with("\xfe\xff"))
    throw bad_input("the key file " + name + " is UTF-16: save it as UTF-8");
  if (mark == kUtf8) return;
  file.clear();
  file.seekg(0);
}

/// What a key file says: by name, and "" for all others.
using KeysByName = std::map<std::string, std::string, std::less<>>;

KeysByName read_key_file(const std::string& name, const Scenario& scenario) {
  std::ifstream file(name);
  if (!file) throw bad_input("cannot read the key file " + name);
  skip_byte_order_mark(file, name);
  std::vector<std::string_view> known;
  for (const WorkspaceConfig& workspace : scenario.pipeline.workspaces)
    known.push_back(workspace.name);
  KeysByName keys;
  std::string line;
  for (int number = 1; std::getline(file, line); ++number) {
    const std::string_view text = trimmed(std::string_view(line).substr(0, line.find('#')));
    if (text.empty()) continue;
    const std::size_t colon = text.find(':');
    const bool named = colon != std::string_view::npos;
    const std::string_view workspace = named ? trimmed(text.substr(0, colon)) : "";
    const std::string_view key = named ? trimmed(text.substr(colon + 1)) : text;
    if (named && std::find(known.begin(), known.end(), workspace) == known.end()) {
      const ShownName given = shown(workspace);
      throw bad_input(fmt::format("{}:{}: no workspace is called '{}'{}", name, number, given.text,
                                  did_you_mean(given.visible, known)));
    }
    if (!fits_a_header(key))
      throw bad_input(
          fmt::format("{}:{}: a key has one or more printable characters and no "
                      "spaces",
                      name, number));
    if (!keys.emplace(workspace, key).second)
      throw bad_input(fmt::format("{}:{}: a second key for {}", name, number,
                                  named ? workspace : "all workspaces"));
  }
  if (file.bad()) throw bad_input("cannot read the key file " + name);
  return keys;
}

std::string variable_of(std::string_view workspace) {
  std::string name = std::string(kVariable) + '_';
  for (const char c : workspace) {
    const auto byte = static_cast<unsigned char>(c);
    name += std::isalnum(byte) != 0 ? static_cast<char>(std::toupper(byte)) : '_';
  }
  return name;
}

std::string read_variable(const std::string& name, std::string (*get)(const char*)) {
  std::string key = get(name.c_str());
  if (!key.empty() && !fits_a_header(key))
    throw bad_input(name + " is no API key: it has spaces or unprintable characters");
  return key;
}

}  // namespace

std::vector<std::string> api_keys(const Scenario& scenario, const std::string& key_file,
                                  std::string (*get)(const char*), bool served) {
  KeysByName named;
  if (!key_file.empty()) named = read_key_file(key_file, scenario);
  const auto for_all = named.find("");
  const std::string common = read_variable(kVariable, get);
  const std::vector<bool> used = used_workspaces(scenario);

  std::vector<std::string> keys;
  for (std::size_t i = 0; i < scenario.pipeline.workspaces.size(); ++i) {
    const std::string& workspace = scenario.pipeline.workspaces[i].name;
    const auto own = named.find(workspace);
    std::string key = own != named.end()       ? own->second
                      : for_all != named.end() ? for_all->second
                                               : read_variable(variable_of(workspace), get);
    if (key.empty()) key = common;
    if (key.empty() && served)
      key = api_key_of(workspace, i < scenario.serve.workspaces.size()
                                      ? scenario.serve.workspaces[i].api_key
                                      : std::string());
    if (key.empty() && used[i])
      throw bad_input(fmt::format("no API key for workspace {}: give --key-file, {} or {}",
                                  workspace, kVariable, variable_of(workspace)));
    keys.push_back(std::move(key));
  }
  return keys;
}

}  // namespace sluice
