#include "cli/rounds_arguments.hpp"

#include <fmt/format.h>

namespace sluice {

void RoundsArguments::add_to(CLI::App& command, const std::string& of, const std::string& usual) {
  command
      .add_option("--replications", replications,
                  fmt::format("So many of each {}, instead of as many as decide", of))
      ->type_name("N")
      ->check(CLI::Range(1u, 100'000u));
  command
      .add_option("--most", most,
                  fmt::format("At most so many replications of a {}; if not given {}", of, usual))
      ->type_name("N")
      ->check(CLI::Range(1u, 100'000u));
  command.add_option("--threads", threads, "Threads; one per core if not given")
      ->type_name("N")
      ->check(CLI::Range(1u, 1024u));
}

Looks RoundsArguments::looks(std::uint32_t usual_most) const {
  return replications ? Looks::at(*replications) : Looks::up_to(most.value_or(usual_most));
}

}  // namespace sluice
