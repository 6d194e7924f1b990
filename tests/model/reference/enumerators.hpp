// All enumerators of an enumeration, asked of the compiler: a list that nobody can forget to
// extend. Random scripts draw from it, and what they met is counted by it.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>
#include <utility>

namespace sluice::reference {

/// Enumerators count from 0 without a gap, and are fewer than this.
inline constexpr std::size_t kMostEnumerators = 64;

/// The compiler writes a value without a name as a cast: `(sluice::E)7`.
template <auto Value>
constexpr bool is_enumerator() {
  const std::string_view text = __PRETTY_FUNCTION__;
  return text.find("= (") == std::string_view::npos;
}

template <class E>
constexpr std::size_t enumerator_count() {
  return []<std::size_t... I>(std::index_sequence<I...>) {
    return (std::size_t{0} + ... + (is_enumerator<static_cast<E>(I)>() ? 1 : 0));
  }
  (std::make_index_sequence<kMostEnumerators>());
}

/// In their order.
template <class E>
constexpr std::array<E, enumerator_count<E>()> all_enumerators() {
  std::array<E, enumerator_count<E>()> all{};
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = static_cast<E>(i);
  return all;
}

}  // namespace sluice::reference
