// UUIDs that are the same in each run of the same scenario.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace sluice {

/// Looks like a random UUID (version 4): a function of the two numbers only. `key` is a stream key,
/// see base/random/random.hpp.
std::string uuid_of(std::uint64_t key, std::uint64_t number);

/// A UUID that belongs to a name of some kind ("workflow", "claims"); RFC 9562's version 8.
std::string uuid_of_name(std::string_view kind, std::string_view name);

/// 36 characters in the form 8-4-4-4-12 of hex digits.
bool is_uuid(std::string_view text);

}  // namespace sluice
