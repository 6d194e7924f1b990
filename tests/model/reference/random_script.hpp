// Random small pipelines with every feature on, and random things that happen to them, for
// RapidCheck.
//
// Times are small whole seconds, so that ties are the rule and not the exception.
#pragma once

#include <rapidcheck.h>

#include <iosfwd>

#include "tests/model/reference/script.hpp"

namespace sluice::reference {

/// One step before it is known what the pipeline looks like: numbers that are taken modulo what
/// there is.
struct RandomStep {
  int at = 0;
  int what = 0;
  int a = 0, b = 0, c = 0;
};

/// Whether to include what the reference does not model: random outages, webhooks.
enum class Features : bool { of_the_reference, all };

rc::Gen<PipelineConfig> any_config(Features features = Features::of_the_reference);
rc::Gen<Script> any_script(Features features = Features::of_the_reference);

/// The script as a person reads it in the report of a failure.
void showValue(const Script& script, std::ostream& out);

}  // namespace sluice::reference
