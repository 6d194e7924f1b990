#include "experiments/store/merge_stores.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <set>
#include <system_error>

#include "base/failure.hpp"
#include "experiments/store/point_files.hpp"
#include "experiments/store/point_index.hpp"
#include "experiments/store/point_log.hpp"
#include "experiments/store/point_record.hpp"
#include "experiments/store/replaced_file.hpp"

namespace sluice {
namespace {

struct StopFlag {
  const std::atomic<bool>* flag;
  bool is_set() const { return flag != nullptr && flag->load(std::memory_order_relaxed); }
};

bool is_folder(const std::string& name) {
  std::error_code error;
  return std::filesystem::is_directory(name, error);
}

std::string canonical(const std::string& name) {
  std::error_code error;
  const std::filesystem::path path = std::filesystem::canonical(name, error);
  return error ? name : path.string();
}

/// Of the store and the sources, each file once, in the order in which they were named.
std::vector<std::string> files_to_merge(const std::string& folder,
                                        const std::vector<std::string>& sources) {
  std::vector<std::string> files;
  std::set<std::string> seen;
  const auto take = [&](const std::string& file) {
    if (seen.insert(canonical(file)).second) files.push_back(file);
  };
  for (const std::string& file : points_files(folder)) take(file);
  for (const std::string& source : sources) {
    if (!is_folder(source)) {
      take(source);
      continue;
    }
    for (const std::string& file : points_files(source)) take(file);
  }
  return files;
}

struct LongestManifest {
  std::optional<StoreManifest> manifest;  // none: nobody has one
  bool of_a_source = false;               // and to become the folder's
};

LongestManifest longest_manifest(const std::string& folder,
                                 const std::vector<std::string>& sources) {
  std::optional<StoreManifest> longest = read_manifest(folder);
  std::string longest_of = folder;
  for (const std::string& source : sources) {
    if (!is_folder(source)) continue;
    std::optional<StoreManifest> manifest = read_manifest(source);
    if (!manifest) continue;
    if (longest && !manifest->continues(*longest)) {
      if (longest->continues(*manifest)) continue;
      throw bad_input(
          fmt::format("the manifests of {} and {} want different points", longest_of, source));
    }
    longest = std::move(manifest);
    longest_of = source;
  }
  return {std::move(longest), longest_of != folder};
}

/// False: told to stop, and nothing was changed.
bool write_merged(const std::string& name, const PointIndex& index, const StopFlag& stop) {
  ReplacedFile file(name);
  file.write(points_header(*index.identity()));
  index.for_each([&](const PointKey& key, const PointPlace& place) {
    if (stop.is_set()) return;
    const std::string line = index.line(place);
    // Who could not sync a record cuts it off again, and may have written another one there since.
    if (const Parsed<PointKey> found = read_point_key(line); !found || *found != key)
      throw index.changed(place);
    file.write(line);
    file.write("\n");
  });
  if (stop.is_set()) return false;
  file.commit();
  return true;
}

}  // namespace

MergedStores merge_stores(const std::string& folder, const std::vector<std::string>& sources,
                          const std::atomic<bool>* stop_flag) {
  const StopFlag stop{stop_flag};
  make_store_folder(folder);
  const std::string name = (std::filesystem::path(folder) / kPointsFile).string();
  const PointLog lock(name);
  PointIndex index;
  index.read_file(name);
  const std::size_t before = index.size();
  for (const std::string& file : files_to_merge(folder, sources))
    if (file != name && !stop.is_set()) index.read_file(file);
  MergedStores merged;
  merged.complete = !stop.is_set();
  if (!merged.complete) return merged;
  if (!index.identity())
    throw bad_input(fmt::format("there are no points in {}{}{}", folder,
                                sources.empty() ? "" : ", ", fmt::join(sources, ", ")));
  LongestManifest longest = longest_manifest(folder, sources);
  merged.manifest = std::move(longest.manifest);
  if (merged.manifest)
    merged.missing = missing_points(
        *merged.manifest, [&](const PointKey& key) { return index.find(key) != nullptr; });
  merged.complete = write_merged(name, index, stop);
  // The folder's own is not touched: a shard may have appended to it meanwhile.
  if (merged.complete && longest.of_a_source) write_manifest(folder, *merged.manifest);
  merged.points = index.size();
  merged.settings = index.settings();
  merged.added = index.size() - before;
  return merged;
}

}  // namespace sluice
