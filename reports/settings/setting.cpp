#include "reports/settings/setting.hpp"

#include <algorithm>

namespace sluice {

std::string Setting::key() const {
  auto sorted = values;
  std::ranges::sort(sorted);
  std::string key;
  for (const auto& [name, value] : sorted)
    key.append(key.empty() ? "" : ",").append(name).append("=").append(value);
  return key;
}

const std::string* Setting::value(const std::string& name) const {
  const auto found = std::ranges::find(values, name, [](const auto& pair) { return pair.first; });
  return found == values.end() ? nullptr : &found->second;
}

std::string Setting::text() const {
  if (!label.empty()) return label;
  if (values.empty()) return "as it is";
  std::string text;
  for (const auto& [name, value] : values)
    text.append(text.empty() ? "" : ", ").append(name).append(" ").append(value);
  return text;
}

}  // namespace sluice
