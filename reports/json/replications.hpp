// What each replication came to, as JSON and back.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>

#include "reports/report.hpp"

namespace sluice {

/// `seeds` and `lines`, each with `metric`, its labels and a value for each seed; null: nothing was
/// measured.
nlohmann::ordered_json replications_json(const Report& report);

void add_replications_schema(nlohmann::ordered_json& schema);

/// A seed as it is written: 16 hexadecimal digits, for few readers keep whole numbers of 64 bits.
std::optional<std::uint64_t> seed_of(std::string_view digits);

}  // namespace sluice
