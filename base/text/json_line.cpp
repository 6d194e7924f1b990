#include "base/text/json_line.hpp"

namespace sluice {

JsonLine& JsonLine::seconds(std::string_view key, Duration duration) {
  begin(key);
  const auto out = std::back_inserter(buffer_);
  const bool negative = duration.ns < 0;
  const std::uint64_t ns = negative ? 0 - static_cast<std::uint64_t>(duration.ns)
                                    : static_cast<std::uint64_t>(duration.ns);
  fmt::format_to(out, "{}{}", negative ? "-" : "", ns / 1'000'000'000);
  std::uint64_t part = ns % 1'000'000'000;
  if (part == 0) return *this;
  int digits = 9;
  for (; part % 10 == 0; part /= 10) --digits;
  fmt::format_to(out, ".{:0{}}", part, digits);
  return *this;
}

}  // namespace sluice
