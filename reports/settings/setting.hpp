// A setting: which values a variant of a scenario has.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace sluice {

struct Setting {
  std::string label;  ///< of a named alternative; else empty
  /// Names of params or paths, and values as YAML; in the order in which they were given.
  std::vector<std::pair<std::string, std::string>> values;

  /// "accounts=8,workers=26", by name: the same of the same setting, however it was asked for.
  std::string key() const;
  /// The value of a param or path; null: it has none.
  const std::string* value(const std::string& name) const;
  /// "workers 26, accounts 8", or its label: for people. "as it is" without either.
  std::string text() const;
  bool operator==(const Setting&) const = default;
};

}  // namespace sluice
