#include "base/text/uuid.hpp"

#include <cstddef>

#include "base/random/random.hpp"

namespace sluice {
namespace {

constexpr bool is_dash_place(std::size_t i) { return i == 8 || i == 13 || i == 18 || i == 23; }

std::string format(std::uint64_t high, std::uint64_t low, std::uint64_t version) {
  constexpr std::string_view kHex = "0123456789abcdef";
  high = (high & ~std::uint64_t{0xF000}) | version << 12;
  low = (low & 0x3FFFFFFFFFFFFFFF) | 0x8000000000000000;
  std::string text(36, '-');
  int nibble = 31;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (is_dash_place(i)) continue;
    const std::uint64_t half = nibble >= 16 ? high : low;
    text[i] = kHex[(half >> (4 * (nibble % 16))) & 15];
    --nibble;
  }
  return text;
}

}  // namespace

std::string uuid_of(std::uint64_t key, std::uint64_t number) {
  Stream stream(stream_key(key, number));
  const std::uint64_t high = stream.bits();
  return format(high, stream.bits(), 4);
}

std::string uuid_of_name(std::string_view kind, std::string_view name) {
  Stream stream(stream_key(stream_key(0, kind), name));
  const std::uint64_t high = stream.bits();
  return format(high, stream.bits(), 8);
}

bool is_uuid(std::string_view text) {
  if (text.size() != 36) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const bool hex = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    if (is_dash_place(i) ? c != '-' : !hex) return false;
  }
  return true;
}

}  // namespace sluice
