// `credentials`: vault entries that runs hold while they are running.
#pragma once

#include <optional>
#include <vector>

#include "pipeline/config.hpp"
#include "scenarios/loader/keys/key_table.hpp"
#include "scenarios/loader/sections/names.hpp"

namespace sluice {

struct CredentialText {
  Mark mark;
  CredentialConfig config;  ///< without its name
  std::optional<bool> keeps_session;
  std::vector<Mark> outage_marks;
  Count count = 0;
};

Type<CredentialText> credential_type();

/// The credentials with their names, by CredentialId.
std::vector<CredentialConfig> declare_credentials(const Entries<Name, CredentialText>& texts,
                                                  NameTable& credentials);

}  // namespace sluice
