// Outputs that would destroy each other or what they are made from, found before any work is done.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace sluice {

/// A file that an option asks for; an empty name: not asked for.
struct NamedOutput {
  std::string_view option;
  std::string name;
};

/// The options whose output goes to standard output, where then no report for people goes.
std::vector<std::string_view> on_standard_output(const std::vector<NamedOutput>& outputs);

/// Throws bad_input where two of them are one file or both standard output, or one is among the
/// files that are read. Pipes and devices may be named as often as one likes.
void check_outputs(const std::vector<NamedOutput>& outputs, const std::vector<std::string>& inputs);

}  // namespace sluice
