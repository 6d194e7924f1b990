// sluice merge --store DIR SOURCE…: one store of what several processes found, and who has to go
// on.
#include <fmt/format.h>

#include <memory>
#include <string>
#include <vector>

#include "base/failure.hpp"
#include "base/text/units.hpp"
#include "cli/command.hpp"
#include "cli/output/output.hpp"
#include "cli/stop_signals.hpp"
#include "experiments/store/merge_stores.hpp"
#include "experiments/store/point_files.hpp"

namespace sluice {
namespace {

struct MergeArguments {
  std::string store;
  std::vector<std::string> sources;
  bool array = false;
  bool quiet = false;
};

constexpr const char* kMergeText =
    "Points of another scenario, build or kind of recording are refused, and two that differ. "
    "Nothing\nof the sources changes, and what was merged may be merged again.\n"
    "Where the store's manifest says what is wanted, and points are missing, the exit code is 5:\n"
    "  sbatch --array=$(sluice merge --store DIR --array) JOB\n";

std::string counted(std::uint64_t count, const std::string& what) {
  return fmt::format("{} {}{}", format_count(static_cast<double>(count)), what,
                     count == 1 ? "" : "s");
}

std::string text_of(const MergedStores& merged, const std::string& store) {
  std::string text = fmt::format(
      "{}/{}: {} of {}, {} of them new\n", store, kPointsFile, counted(merged.points, "point"),
      counted(merged.settings, "setting"), format_count(static_cast<double>(merged.added)));
  if (!merged.manifest) return text;
  if (merged.missing.points == 0)
    return text + fmt::format("complete: all {} that are wanted are there\n",
                              counted(merged.manifest->points(), "point"));
  text += fmt::format("missing: {} of {}", format_count(static_cast<double>(merged.missing.points)),
                      counted(merged.manifest->points(), "point"));
  if (merged.manifest->shards == 1) return text + "\n";
  return text + fmt::format(", of {} of {} shards: --array={}\n", merged.missing.shards.size(),
                            merged.manifest->shards, array_text(merged.missing.shards));
}

int merge(const MergeArguments& arguments) {
  const StopSignals signals;
  const MergedStores merged = merge_stores(arguments.store, arguments.sources, &signals.stop());
  if (!merged.complete) return 128 + signals.signal();
  if (arguments.array && !merged.manifest)
    throw bad_input(fmt::format("--array: {} has no {}, which says what is wanted", arguments.store,
                                kManifestFile));
  const std::string shards = array_text(merged.missing.shards);
  if (arguments.array)
    print(shards.empty() ? "" : shards + "\n");
  else if (!arguments.quiet)
    print(text_of(merged, arguments.store));
  return static_cast<int>(merged.missing.points == 0 ? ExitCode::ok : ExitCode::inconclusive);
}

}  // namespace

void add_merge(CLI::App& app, Action& action) {
  auto arguments = std::make_shared<MergeArguments>();
  CLI::App* command = app.add_subcommand(
      "merge", "Joins the points that several processes found, and says whose are missing");
  command->add_option("--store", arguments->store, "Folder that gets all points; made if need be")
      ->type_name("DIR")
      ->required();
  command
      ->add_option("SOURCE", arguments->sources,
                   "Stores (folders) or files of points; the store's own are always joined")
      ->type_name("");
  command->add_flag("--array", arguments->array,
                    "Prints only the shards that have points missing, 3,7-9,12");
  command->add_flag("-q,--quiet", arguments->quiet, "Prints nothing");
  command->footer(std::string(kMergeText) + "\n" + kExitCodesText);
  command->callback([arguments, &action] { action = [arguments] { return merge(*arguments); }; });
}

}  // namespace sluice
