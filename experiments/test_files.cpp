#include "experiments/test_files.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>
#include <system_error>

#include "base/failure.hpp"
#include "scenarios/loader/outline.hpp"

namespace sluice {
namespace {

namespace fs = std::filesystem;

UserError unreadable(const fs::path& path, const std::error_code& error) {
  return bad_input(fmt::format("cannot read {}: {}", path.string(), error.message()));
}

bool is_hidden(const fs::path& path) { return path.filename().string().starts_with('.'); }

/// By path as it is shown; links to folders are not followed, so that there is an end.
void add_folder(const fs::path& folder, std::vector<std::string>& files) {
  std::error_code error;
  fs::recursive_directory_iterator at(folder, error), end;
  if (error) throw unreadable(folder, error);
  while (at != end) {
    const fs::path& path = at->path();
    if (is_hidden(path))
      at.disable_recursion_pending();
    else if (path.extension() == ".yaml" && at->is_regular_file(error))
      files.push_back(path.lexically_normal().string());
    at.increment(error);
    if (error) throw unreadable(folder, error);
  }
}

std::vector<std::string> all_files(const std::vector<std::string>& paths) {
  std::vector<std::string> files;
  for (const std::string& path : paths) {
    std::error_code error;
    const fs::file_status status = fs::status(path, error);
    if (!fs::exists(status))
      throw unreadable(path,
                       error ? error : std::make_error_code(std::errc::no_such_file_or_directory));
    if (fs::is_directory(status))
      add_folder(path, files);
    else
      files.push_back(fs::path(path).lexically_normal().string());
  }
  return files;
}

/// One file behind several names is one.
std::string identity(const std::string& file) {
  std::error_code ignored;
  const fs::path real = fs::weakly_canonical(file, ignored);
  return ignored ? file : real.string();
}

class Outlines {
 public:
  const FileOutline& of(const std::string& file) {
    const auto [at, is_new] = known_.try_emplace(identity(file));
    std::error_code ignored;
    // What comes through a pipe can be read but once, by who loads it.
    if (is_new && fs::is_regular_file(file, ignored)) at->second = outline_of(file);
    return at->second;
  }

  /// With all that it includes.
  bool says(const std::string& file, bool FileOutline::*what) {
    std::set<std::string> seen;
    return says(file, what, seen);
  }

 private:
  bool says(const std::string& file, bool FileOutline::*what, std::set<std::string>& seen) {
    if (!seen.insert(identity(file)).second) return false;
    const FileOutline& outline = of(file);
    return outline.*what || std::ranges::any_of(outline.includes, [&](const std::string& other) {
             return says(other, what, seen);
           });
  }

  std::map<std::string, FileOutline> known_;  // by identity
};

}  // namespace

TestFiles find_test_files(const std::vector<std::string>& paths) {
  std::map<std::string, std::string> names;  // by identity; of several the first in their order
  std::vector<std::string> files = all_files(paths);
  std::ranges::sort(files);
  for (const std::string& file : files) names.try_emplace(identity(file), file);
  std::erase_if(files, [&](const std::string& file) { return names.at(identity(file)) != file; });
  files.erase(std::unique(files.begin(), files.end()), files.end());

  Outlines outlines;
  std::map<std::string, std::string> included_by;  // by identity
  for (const std::string& file : files)
    for (const std::string& included : outlines.of(file).includes)
      included_by.try_emplace(identity(included), file);
  TestFiles found;
  for (const std::string& file : files) {
    const auto by = included_by.find(identity(file));
    const bool whole = outlines.says(file, &FileOutline::has_duration) &&
                       outlines.says(file, &FileOutline::has_submitters);
    if (whole || by == included_by.end() || by->second == file)
      found.tests.push_back(file);
    else
      found.parts.push_back({file, by->second});
  }
  if (found.tests.empty())
    throw bad_input(fmt::format("no scenario file (*.yaml) in {}", fmt::join(paths, ", ")));
  return found;
}

}  // namespace sluice
