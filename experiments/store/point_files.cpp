#include "experiments/store/point_files.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <system_error>

#include "base/failure.hpp"
#include "experiments/store/open_file.hpp"

namespace sluice {
namespace {

/// Takes the digits at the begin of `text`; false: there are none.
bool take_digits(std::string_view& text) {
  const std::size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
  text.remove_prefix(digits);
  return digits > 0;
}

}  // namespace

std::string shard_points_file(std::uint32_t i, std::uint32_t n) {
  return fmt::format("{}.{}-of-{}", kPointsFile, i, n);
}

bool is_points_file(std::string_view name) {
  if (!name.starts_with(kPointsFile)) return false;
  name.remove_prefix(kPointsFile.size());
  if (name.empty()) return true;
  constexpr std::string_view kOf = "-of-";
  if (!name.starts_with('.')) return false;
  name.remove_prefix(1);
  if (!take_digits(name) || !name.starts_with(kOf)) return false;
  name.remove_prefix(kOf.size());
  return take_digits(name) && name.empty();
}

std::vector<std::string> points_files(const std::string& folder) {
  std::vector<std::string> files;
  std::error_code error;
  for (std::filesystem::directory_iterator entry(folder, error), end; !error && entry != end;
       entry.increment(error))
    if (is_points_file(entry->path().filename().string())) files.push_back(entry->path().string());
  if (error) throw bad_input(fmt::format("cannot read the folder {}: {}", folder, error.message()));
  std::sort(files.begin(), files.end());
  return files;
}

void make_store_folder(const std::string& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error)
    throw UserError(ExitCode::output_failed,
                    fmt::format("cannot make the folder {}: {}", folder, error.message()));
  sync_folder(std::filesystem::path(folder).parent_path().string());
}

}  // namespace sluice
