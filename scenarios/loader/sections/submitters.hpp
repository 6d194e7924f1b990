// `submitters`: who starts runs; where, of what, at which level, with which credentials, and when.
#pragma once

#include <array>
#include <optional>
#include <vector>

#include "scenarios/loader/keys/key_table.hpp"
#include "scenarios/loader/sections/arrivals.hpp"
#include "scenarios/loader/sections/names.hpp"
#include "scenarios/loader/sections/workflows.hpp"
#include "scenarios/loader/trace/trace.hpp"
#include "scenarios/scenario.hpp"

namespace sluice {

/// How a submitter fills one alias. Plain: one name means fixed, or drawn if it names several; a
/// list means a pool.
struct ChoiceText {
  Mark mark;
  std::optional<CredentialChoice::Kind> kind;
  std::vector<Name> members;
};

struct WeightedName {
  Name name;
  std::optional<double> weight;
};

struct SubmitterText {
  Mark mark;
  Unread unread;
  std::vector<WeightedName> workspaces;  ///< empty: the only one
  std::vector<WeightedName> workflows;   ///< empty: the only one
  Entries<Name, ChoiceText> credentials;
  SubmitterConfig config;  ///< without workspaces, workflows, arrivals
  ArrivalsText arrivals;
  std::optional<Growth> growth;  ///< none: that of the scenario
  Count count = 0;
};

Type<SubmitterText> submitter_type();

/// By entry of the section; none: it replays none, or it could not be read, which was reported.
using Recordings = std::vector<std::optional<RawTrace>>;
/// Reads the recordings that are replayed. Where one that names its own workspaces cannot be read,
/// `workspaces` are incomplete from then on. Cost: that of read_trace, for each.
Recordings read_recordings(Reader& reader, const Entries<Name, SubmitterText>& texts,
                           NameTable& workspaces);

/// Declares the submitters and adds those without a mistake to the scenario. Warns of those that
/// never submit. Cost: linear in the rows of recordings and in the credentials of all choices, of
/// which there may be ten million; see find_unmet_need for pools.
void build_submitters(const Entries<Name, SubmitterText>& texts, Recordings recordings,
                      SubmitterContext& context);

/// By resource group: at which levels runs are submitted there.
using LevelsByGroup = std::vector<std::array<bool, kLevels>>;
/// Of a finished scenario, or one of whose workspaces a group may not be known. Cost: linear in the
/// submitters' workspaces and rows.
LevelsByGroup submitted_levels(const Scenario& scenario);

}  // namespace sluice
