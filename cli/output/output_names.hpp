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

/// What is wrong with them: two that are one file, or one that is among the files that are read.
/// Empty: nothing. Standard output, pipes and devices may be named as often as one likes.
std::string mistake_in(const std::vector<NamedOutput>& outputs,
                       const std::vector<std::string>& inputs);

}  // namespace sluice
