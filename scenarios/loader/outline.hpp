// What a scenario file is made of, without reading what it means.
#pragma once

#include <string>
#include <vector>

namespace sluice {

struct FileOutline {
  std::vector<std::string> includes;  ///< paths of the files that it includes itself
  bool has_duration = false;          ///< it says so itself
  bool has_submitters = false;
};

/// Of a file that cannot be read, or is no YAML map, an empty one: whoever loads it hears why.
/// Cost: linear in its size.
FileOutline outline_of(const std::string& path);

}  // namespace sluice
