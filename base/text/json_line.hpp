// Writes one JSON object on one line, fast: for files with a record per run.
#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <iterator>
#include <string_view>

#include "base/time.hpp"

namespace sluice {

/// Fields appear in the order of the calls. Keys and raw values are written as they are. Reuse one
/// for all lines: clear() keeps the memory.
class JsonLine {
 public:
  void clear() {
    buffer_.clear();
    separate_ = false;
  }
  std::string_view text() const { return {buffer_.data(), buffer_.size()}; }

  /// A value that is JSON already: a quoted string, `true`, `null`.
  JsonLine& raw(std::string_view key, std::string_view value) {
    begin(key);
    return put(value);
  }
  /// A string without anything that needs escaping.
  JsonLine& word(std::string_view key, std::string_view value) {
    begin(key);
    fmt::format_to(std::back_inserter(buffer_), "\"{}\"", value);
    return *this;
  }
  JsonLine& number(std::string_view key, std::uint64_t value) {
    begin(key);
    fmt::format_to(std::back_inserter(buffer_), "{}", value);
    return *this;
  }
  /// A decimal number of seconds, exact to the nanosecond.
  JsonLine& seconds(std::string_view key, Time time) { return seconds(key, time - Time::zero()); }
  JsonLine& seconds(std::string_view key, Duration duration);

  JsonLine& open_object(std::string_view key = {}) { return open(key, '{'); }
  JsonLine& open_list(std::string_view key) { return open(key, '['); }
  JsonLine& close_object() { return close('}'); }
  JsonLine& close_list() { return close(']'); }
  /// An element of a list that is JSON already.
  JsonLine& element(std::string_view value) { return raw({}, value); }
  void end_line() { buffer_.push_back('\n'); }

 private:
  JsonLine& put(std::string_view text) {
    buffer_.append(text.data(), text.data() + text.size());
    return *this;
  }
  void begin(std::string_view key) {
    if (separate_) buffer_.push_back(',');
    separate_ = true;
    if (!key.empty()) fmt::format_to(std::back_inserter(buffer_), "\"{}\":", key);
  }
  JsonLine& open(std::string_view key, char bracket) {
    begin(key);
    buffer_.push_back(bracket);
    separate_ = false;
    return *this;
  }
  JsonLine& close(char bracket) {
    buffer_.push_back(bracket);
    separate_ = true;
    return *this;
  }

  fmt::memory_buffer buffer_;
  bool separate_ = false;
};

}  // namespace sluice
