// What a store is to hold in the end: written by the command that owns it, read by `sluice merge`,
// which says what is missing.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "experiments/store/point.hpp"

namespace sluice {

/// Replications `from` … `from + count - 1` of one setting.
struct WantedPoints {
  std::string setting;  ///< as in PointKey
  std::uint32_t from = 0;
  std::uint32_t count = 0;
  bool operator==(const WantedPoints&) const = default;
};

/// What a later round wants is appended: a point's place in the list says which shard does it
/// (shard_of), for ever.
struct StoreManifest {
  std::uint32_t shards = 1;  ///< > 0
  std::vector<WantedPoints> wanted;
  bool operator==(const StoreManifest&) const = default;

  std::uint64_t points() const;
  /// Whether it wants what `earlier` wanted, in its order, and perhaps more.
  bool continues(const StoreManifest& earlier) const;
};

/// What is not there of what is wanted.
struct MissingPoints {
  std::uint64_t points = 0;
  std::vector<std::uint32_t> shards;  ///< whose they are, from 1, in order
};
MissingPoints missing_points(const StoreManifest& manifest,
                             const std::function<bool(const PointKey&)>& is_there);

inline constexpr std::string_view kManifestFile = "manifest.json";
/// None: the folder has none. Throws bad_input.
std::optional<StoreManifest> read_manifest(const std::string& folder);
/// Replaces the one that is there, whole or not at all. Several shards may write the same. Throws
/// UserError with the exit code of outputs.
void write_manifest(const std::string& folder, const StoreManifest& manifest);

/// "3,7-9,12": numbers as `sbatch --array` takes them. REQUIRES them in order, each once. Empty:
/// there are none.
std::string array_text(const std::vector<std::uint32_t>& numbers);

}  // namespace sluice
