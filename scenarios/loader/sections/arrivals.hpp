// `arrivals` of a submitter: when it submits, at rates or as a recording says.
#pragma once

#include <optional>
#include <variant>
#include <vector>

#include "scenarios/loader/keys/key_table.hpp"
#include "scenarios/loader/sections/names.hpp"
#include "scenarios/loader/sections/workflows.hpp"
#include "scenarios/loader/trace/trace.hpp"
#include "scenarios/scenario.hpp"

namespace sluice {

struct ArrivalsText {
  /// Only a recording is not yet what it becomes: its rows name things.
  std::variant<std::monostate, PoissonArrivals, ConstantArrivals, JitteredArrivals, BurstArrivals,
               BatchArrivals, ClosedLoop, TraceText>
      kind;
  Weekdays days = kEveryDay;
};

Type<ArrivalsText> arrivals_type();

/// What submitters and their recordings are made with.
struct SubmitterContext {
  Reader& reader;
  DeclaredNames& names;
  const std::vector<DeclaredWorkflow>& workflows;
  Scenario& scenario;  ///< its pipeline is complete; submitters and recordings are added
};

/// Fills in `config.arrivals`; with a recording the names in its rows are used then, and what was
/// read of it is added to the scenario. `config` has all else of the submitter. False after
/// reporting what is wrong. Cost: linear in the rows.
bool build_arrivals(const ArrivalsText& text, const std::optional<RawTrace>& recording,
                    SubmitterContext& context, SubmitterConfig& config);

/// Of rates that are 0 for ever.
bool never_arrive(const ArrivalsText& text);

}  // namespace sluice
