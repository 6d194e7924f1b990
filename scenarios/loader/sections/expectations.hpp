// `expect` and `reaches`: what must hold at the end, and what must have happened.
#pragma once

#include <string>
#include <vector>

#include "scenarios/loader/keys/key_table.hpp"
#include "scenarios/loader/sections/names.hpp"
#include "scenarios/scenario.hpp"

namespace sluice {

struct ExpectationText {
  Name sentence;
  std::string because;
};

Type<ExpectationText> expectation_type();

/// Those that can be read, in order. `pipeline` is complete.
std::vector<Expectation> build_expectations(const std::vector<ExpectationText>& texts,
                                            const DeclaredNames& names,
                                            const PipelineConfig& pipeline, Problems& problems);
std::vector<ReachExpectation> build_reaches(const std::vector<Name>& sentences, Problems& problems);

}  // namespace sluice
