#include "cli/failure.hpp"

#include <fmt/format.h>

#include "cli/output/output.hpp"

namespace sluice {

int fail(ExitCode code, std::string_view what) {
  print_error(fmt::format("sluice: {}\n", what));
  return static_cast<int>(code);
}

}  // namespace sluice
