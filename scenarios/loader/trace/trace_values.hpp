// The distinct values of a column of a recording, and where each stands first.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace sluice {

/// A value of a column, and where it stands first.
struct TraceValue {
  std::string text;
  int line = 0;
  int column = 0, length = 1;  ///< column 0: not exactly known
  std::string source_line;     ///< empty: not kept
};

/// Longer lines are cut in messages.
inline constexpr std::size_t kShownOfLine = 200;

/// Where in its line a field stands, from 1, if it stands there as it is (without quotes in it).
inline std::optional<int> column_in(std::string_view line, std::string_view field) {
  const std::less<> before;  // of pointers into different texts, too
  if (field.data() == nullptr || before(field.data(), line.data()) ||
      !before(field.data(), line.data() + line.size()))
    return std::nullopt;
  return static_cast<int>(field.data() - line.data()) + 1;
}

/// The distinct values of a column, numbered in the order of their appearance.
class TraceValues {
 public:
  static constexpr std::uint32_t kNone = UINT32_MAX;

  /// Of an empty value kNone.
  std::uint32_t number_of(std::string_view value, std::string_view line, int line_number) {
    if (value.empty()) return kNone;
    const auto [found, fresh] = numbers_.try_emplace(std::string(value), list_.size());
    if (fresh) add(value, line, line_number);
    return found->second;
  }
  std::vector<TraceValue> take() { return std::move(list_); }

 private:
  static constexpr std::size_t kLinesKept = 1'000;

  void add(std::string_view value, std::string_view line, int line_number) {
    TraceValue added{std::string(value), line_number};
    if (const std::optional<int> column = column_in(line, value)) {
      added.column = *column;
      added.length = static_cast<int>(value.size());
    }
    if (list_.size() < kLinesKept) added.source_line = std::string(line.substr(0, kShownOfLine));
    list_.push_back(std::move(added));
  }

  std::unordered_map<std::string, std::uint32_t> numbers_;
  std::vector<TraceValue> list_;
};

}  // namespace sluice
