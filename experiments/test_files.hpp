// Which files are tests: those given, and of folders all scenario files in them.
//
// A folder is gone through with all that it holds, but for what begins with a dot; its scenario
// files are the *.yaml. A file that another one of them includes, and that says with all that it
// includes itself no `duration` or no `submitters`, is a part of that one and no test. Recordings
// are no YAML. Whether a file has submitters at all is known only once it is loaded (run_tests).
#pragma once

#include <string>
#include <vector>

namespace sluice {

struct TestFiles {
  struct Part {
    std::string file;
    std::string of;  ///< the first in order of path that includes it
  };
  std::vector<std::string> tests;  ///< in order of path, each once
  std::vector<Part> parts;         ///< likewise
};

/// The same whatever the order of `paths`. Throws bad_input for a path that cannot be read, and
/// where there is no scenario file at all. Cost: linear in the size of the files.
TestFiles find_test_files(const std::vector<std::string>& paths);

}  // namespace sluice
