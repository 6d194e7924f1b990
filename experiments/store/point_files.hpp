// The files of a store: which there are, and what they are called.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sluice {

/// Of a process that does all points, and of what was merged.
inline constexpr std::string_view kPointsFile = "points";
/// Of shard `i` of `n`, from 1: "points.3-of-8".
std::string shard_points_file(std::uint32_t i, std::uint32_t n);
/// Whether a file in a store's folder has points, by its name.
bool is_points_file(std::string_view name);

/// Those in a folder, with the folder's name, in a fixed order. Throws bad_input.
std::vector<std::string> points_files(const std::string& folder);
/// Makes a store's folder, with those that it is in, if need be. Throws UserError with the exit
/// code of outputs.
void make_store_folder(const std::string& folder);

}  // namespace sluice
