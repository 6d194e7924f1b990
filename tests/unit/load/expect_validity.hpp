// What a load is worth, where a slow build may make it late as well.
#pragma once

#include <gtest/gtest.h>

#include "reports/figures/load_facts.hpp"
#include "tests/unit/base/effort.hpp"

namespace sluice::test {

/// Under a sanitizer it may be late too, which is said before anything else.
inline void expect_validity(const LoadFacts& facts, LoadFacts::Validity expected) {
  if (kSanitized && facts.validity == LoadFacts::Validity::late) return;
  EXPECT_EQ(facts.validity, expected) << facts.why_invalid;
}

}  // namespace sluice::test
