// The share of all files that one of several processes takes.
#pragma once

#include <cstddef>
#include <string_view>

#include "base/text/units.hpp"
#include "reports/ci/test_run.hpp"

namespace sluice {

/// `2/8`: the second of eight; from 1.
Parsed<TestShard> parse_test_shard(std::string_view text);

/// Whether it takes the thing of this number, from 0, in an order that all shards have.
bool takes(const TestShard& shard, std::size_t number);

}  // namespace sluice
