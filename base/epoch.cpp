#include "base/epoch.hpp"

#include "base/floor_div.hpp"

namespace sluice {

std::string iso8601_micros(std::int64_t unix_ns) {
  std::string text = iso8601_of_unix_ns(unix_ns);
  const std::int64_t micros = floor_div(unix_ns, 1000);
  auto below = static_cast<unsigned>(micros - floor_div(micros, 1000) * 1000);
  std::string digits(3, '0');
  for (std::size_t i = digits.size(); i-- > 0; below /= 10)
    digits[i] = static_cast<char>('0' + below % 10);
  return text.insert(text.size() - 1, digits);
}

std::int64_t Epoch::unix_seconds(Time time) const {
  return floor_div(unix_ns(time), 1'000'000'000);
}

std::int64_t Epoch::unix_millis(Time time) const { return floor_div(unix_ns(time), 1'000'000); }

std::string Epoch::iso8601(Time time) const { return iso8601_micros(unix_ns(time)); }

std::optional<Time> Epoch::time_of(std::string_view iso8601) const {
  const std::optional<std::int64_t> unix_ns = parse_iso8601(iso8601);
  std::int64_t ns = 0;
  if (!unix_ns || __builtin_sub_overflow(*unix_ns, unix_ns_at_zero, &ns)) return std::nullopt;
  return Time{ns};
}

}  // namespace sluice
