// `load`: how the scenario is sent to a live start-run API.
#pragma once

#include <string>

#include "scenarios/load_config.hpp"
#include "scenarios/loader/keys/key_table.hpp"
#include "scenarios/loader/sections/names.hpp"

namespace sluice {

struct LoadText {
  LoadConfig config;  ///< without workflows and credentials
  Entries<Name, LoadedWorkflow> workflows;
  Entries<Name, std::string> credentials;
};

Type<LoadText> load_type();

/// To be named here is not to be used.
LoadConfig build_load(const LoadText& text, const DeclaredNames& names, Problems& problems);

}  // namespace sluice
