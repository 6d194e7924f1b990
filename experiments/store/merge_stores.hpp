// Joins what several processes found.
#pragma once

#include <atomic>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "experiments/store/store_manifest.hpp"

namespace sluice {

struct MergedStores {
  std::size_t points = 0;    ///< that are in the store now
  std::size_t settings = 0;  ///< of which they are
  std::size_t added = 0;     ///< that its file `points` did not have before
  std::optional<StoreManifest> manifest;
  MissingPoints missing;  ///< of those that the manifest wants; none without one
  bool complete = true;   ///< false: told to stop; the store is what it was before
};

/// Puts all points of the store's own files and of the sources, folders of stores or files of
/// points, into the store's file `points`: in the order of their keys, so the same points are the
/// same bytes whatever they came from, and however often it is done. Only that file and the
/// manifest change. The store's manifest becomes the longest of all, each of which must continue
/// the others.
///
/// Throws bad_input where files are damaged, of another scenario, build or kind of recording than
/// the first, differ in a point, or where another process writes to the store's file `points`;
/// UserError with the exit code of outputs. The store is then what it was before. Memory: that of a
/// PointIndex.
/// `stop`: ends it early; may be null.
MergedStores merge_stores(const std::string& folder, const std::vector<std::string>& sources,
                          const std::atomic<bool>* stop = nullptr);

}  // namespace sluice
