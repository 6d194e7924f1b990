// The endpoints by name, for counting requests without a label per session id.
#pragma once

#include <cstddef>
#include <string_view>

namespace sluice {

/// How many routes there are; the last is for everything that is none of them.
std::size_t route_count();
/// "POST /run", "GET /run/{session_id}", …, "other". Static storage.
std::string_view route_name(std::size_t route);
/// O(segments × routes), no allocation; the query does not matter.
std::size_t route_of(std::string_view method, std::string_view target);

}  // namespace sluice
