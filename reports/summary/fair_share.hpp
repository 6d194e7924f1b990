// Share starvation (S7, S8) in words: who gets how little of a fair share of the workers.
#pragma once

#include <string>

#include "reports/report.hpp"

namespace sluice {

/// "short-runs gets 2.9 % of the workers where 50 % would be fair, for up to 1h50m; long-runs holds
/// 97 %."; empty: nobody was below φ of a fair share for longer than θ.
std::string fair_share_sentence(const Report& report);

}  // namespace sluice
