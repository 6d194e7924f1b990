#include "load/follow/row_stamps.hpp"

#include <simdjson.h>

#include <string_view>

#include "base/iso8601.hpp"

namespace sluice {

RowStamps stamps_of(const simdjson::dom::element& run) {
  const auto stamp = [&run](const char* name) -> std::int64_t {
    std::string_view text;
    if (run[name].get(text) != simdjson::SUCCESS) return 0;
    return parse_iso8601(text).value_or(0);
  };
  return {stamp("created_at"), stamp("execution_start"), stamp("execution_end")};
}

}  // namespace sluice
