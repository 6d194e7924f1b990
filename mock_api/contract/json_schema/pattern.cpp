#include "mock_api/contract/json_schema/pattern.hpp"

#include <algorithm>
#include <boost/regex.hpp>
#include <stdexcept>

namespace sluice {
namespace {

static_assert(sizeof(wchar_t) == 4, "a wide character holds a code point");

bool is_continuation(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

std::wstring widen(std::string_view utf8) {
  std::wstring wide;
  wide.reserve(utf8.size());
  for (const char c : utf8) {
    const auto byte = static_cast<unsigned char>(c);
    if (is_continuation(c) && !wide.empty())
      wide.back() = static_cast<wchar_t>((wide.back() << 6) | (byte & 0x3F));
    else
      wide += static_cast<wchar_t>(byte < 0x80   ? byte
                                   : byte < 0xE0 ? byte & 0x1F
                                   : byte < 0xF0 ? byte & 0x0F
                                                 : byte & 0x07);
  }
  return wide;
}

}  // namespace

struct Pattern::Compiled {
  boost::wregex regex;
};

Pattern::Pattern(const std::string& text) {
  try {
    compiled_ = std::make_shared<Compiled>(
        Compiled{boost::wregex(widen(text), boost::regex::ECMAScript | boost::regex::no_mod_m)});
  } catch (const std::exception&) {
    throw std::invalid_argument("`" + text + "` is not a regular expression");
  }
}

bool Pattern::matches(std::string_view utf8) const {
  try {
    return boost::regex_search(widen(utf8), compiled_->regex);
  } catch (const std::exception&) {
    return false;
  }
}

std::size_t code_points(std::string_view utf8) {
  return static_cast<std::size_t>(
      std::count_if(utf8.begin(), utf8.end(), [](char c) { return !is_continuation(c); }));
}

}  // namespace sluice
