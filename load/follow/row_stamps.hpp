// What a run's row in a list, or its description, says of its times.
#pragma once

#include <cstdint>

namespace simdjson::dom {
class element;
}

namespace sluice {

/// Nanoseconds since 1970; 0: it has not happened, or is not told.
struct RowStamps {
  std::int64_t created = 0, started = 0, ended = 0;
};

/// Of `created_at`, `execution_start` and `execution_end`, as ISO 8601.
RowStamps stamps_of(const simdjson::dom::element& run);

}  // namespace sluice
