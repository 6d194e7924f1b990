#include "experiments/test_shard.hpp"

#include <charconv>
#include <optional>

namespace sluice {
namespace {

std::optional<std::uint32_t> whole(std::string_view text) {
  std::uint32_t value = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, problem] = std::from_chars(text.data(), end, value);
  if (problem != std::errc{} || stop != end) return std::nullopt;
  return value;
}

}  // namespace

Parsed<TestShard> parse_test_shard(std::string_view text) {
  const std::size_t slash = text.find('/');
  if (slash == text.npos)
    return Parsed<TestShard>::wrong(0, "is no shard such as 2/8, the second of eight");
  const auto index = whole(text.substr(0, slash));
  const auto count = whole(text.substr(slash + 1));
  if (!index || !count)
    return Parsed<TestShard>::wrong(0, "is no shard such as 2/8, the second of eight");
  if (*count == 0 || *index == 0 || *index > *count)
    return Parsed<TestShard>::wrong(0, "shards count from 1, up to how many there are");
  return Parsed<TestShard>::of({*index, *count});
}

bool takes(const TestShard& shard, std::size_t number) {
  return number % shard.count == shard.index - 1;
}

}  // namespace sluice
