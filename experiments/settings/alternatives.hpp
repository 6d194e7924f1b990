// Named alternatives: a YAML file of names, each with some settings.
//
//   more workers: {workers: 40}
//   fair turns:   {policy: fair_share, resource_groups.main.when_credential_busy: skip}
#pragma once

#include <string>
#include <vector>

#include "reports/settings/setting.hpp"

namespace sluice {

/// In the file's order. Throws bad_input with the place of the first mistake.
std::vector<Setting> read_alternatives(const std::string& file);

}  // namespace sluice
