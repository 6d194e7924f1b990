// Whose points a file holds: its first line.
#pragma once

#include <string>
#include <string_view>

#include "base/text/units.hpp"

namespace sluice {

/// Points of another identity are refused.
struct StoreIdentity {
  std::string scenario;  ///< its name
  std::string hash;      ///< of the effective scenario
  std::string build;     ///< of the program that simulated
  std::string recorded;  ///< text that says what was recorded of each replication
  bool operator==(const StoreIdentity&) const = default;
};

/// The header of a file of points, with its line break: the same bytes for the same identity.
std::string points_header(const StoreIdentity& identity);
/// `line` without its line break. The mistake says what is wrong with it: "is no file of points".
Parsed<StoreIdentity> read_points_header(std::string_view line);
/// Whether `text`, all that a file has, is a header of which the end was not written.
bool is_torn_header(std::string_view text);

/// What is different, for messages: "the scenario monday (1f…) and not tuesday (2e…)". Empty:
/// nothing.
std::string difference(const StoreIdentity& found, const StoreIdentity& wanted);

}  // namespace sluice
