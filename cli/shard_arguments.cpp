#include "cli/shard_arguments.hpp"

#include <cstdlib>

namespace sluice {

void ShardArguments::add_to(CLI::App& command) {
  command
      .add_option(
          "--shard", request.shard,
          "Does only part I of N, counted from 1; auto: as the scheduler's environment says")
      ->type_name("I/N|auto");
  command
      .add_option("--shards", request.shards,
                  "Into how many parts; which one, the scheduler's environment says")
      ->type_name("N");
}

std::optional<Shard> ShardArguments::shard() const {
  return find_shard(request, [](const char* name) { return std::getenv(name); });
}

}  // namespace sluice
