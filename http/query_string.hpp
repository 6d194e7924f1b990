// The target of a request: its path in segments, and its query.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sluice {

/// `%41` decoded; a `+` stays one in paths and is a space in queries. Malformed escapes stay as
/// they are.
std::string percent_decode(std::string_view text, bool plus_is_space = false);
/// Everything but letters, digits and `-._~` escaped.
std::string percent_encode(std::string_view text);

/// The path of a target, without its query.
inline std::string_view path_of(std::string_view target) {
  return target.substr(0, target.find('?'));
}

/// The query of a target, decoded. Linear look-ups: queries are short.
class QueryString {
 public:
  QueryString() = default;
  explicit QueryString(std::string_view text);  ///< without the `?`

  bool has(std::string_view name) const { return get(name).has_value(); }
  /// The first value of `name`; none if it is not given. `a=` gives "".
  std::optional<std::string> get(std::string_view name) const;
  /// Of all parameters, in the order sent; as often as each was sent.
  std::vector<std::string> names() const;
  /// Values of an array: repeated keys, `name[]=`, `name[0]=` and comma lists.
  std::vector<std::string> all(std::string_view name) const;

 private:
  std::vector<std::pair<std::string, std::string>> values_;
};

struct RequestTarget {
  std::vector<std::string> segments;  ///< of the path, decoded: "/run/x" is {"run", "x"}
  QueryString query;
};

/// Path and query of `target`; one slash at the end of the path does not count.
RequestTarget split_target(std::string_view target);

}  // namespace sluice
