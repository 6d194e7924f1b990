#include "http/message.hpp"

#include <algorithm>

namespace sluice {
namespace {

constexpr char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

}  // namespace

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

std::string_view HttpRequest::header(std::string_view name) const {
  const auto same = [](char a, char b) { return lower(a) == lower(b); };
  for (const auto& [sent, value] : headers)
    if (std::ranges::equal(sent, name, same)) return value;
  return {};
}

}  // namespace sluice
