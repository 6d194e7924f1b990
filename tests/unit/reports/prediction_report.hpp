// A prediction made by hand for the tests of the renderers.
#pragma once

#include "reports/report.hpp"

namespace sluice::test {

/// The Monday report as if it had been measured: LOW starved longer than the model allows, which
/// `block_level` would explain; one figure is not decided.
Prediction monday_prediction();

/// All figures as predicted, no explanations.
Prediction agreeing_prediction();

}  // namespace sluice::test
