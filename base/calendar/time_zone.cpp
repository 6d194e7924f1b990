#include "base/calendar/time_zone.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <string_view>
#include <system_error>
#include <utility>

#include "base/calendar/tzif.hpp"
#include "base/check.hpp"
#include "base/floor_div.hpp"
#include "base/text/suggestion.hpp"

namespace sluice {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kZoneSecondNs = 1'000'000'000;

/// Where the system keeps its zones; empty: nowhere.
const fs::path& zone_folder() {
  static const fs::path folder = [] {
    std::error_code ignored;
    if (const char* given = std::getenv("TZDIR"); given != nullptr && *given != '\0')
      return fs::path(given);
    for (const char* known :
         {"/usr/share/zoneinfo", "/usr/lib/zoneinfo", "/usr/share/lib/zoneinfo", "/etc/zoneinfo"})
      if (fs::is_directory(known, ignored)) return fs::path(known);
    return fs::path();
  }();
  return folder;
}

/// Empty where there is no such file.
std::string read_file(const fs::path& path) {
  std::error_code ignored;
  if (!fs::is_regular_file(path, ignored)) return {};
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// Names begin with a capital letter, and lead nowhere else.
bool may_be_zone(std::string_view name) {
  return !name.empty() && name[0] >= 'A' && name[0] <= 'Z' && name.size() < 64 &&
         std::all_of(name.begin(), name.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  c == '_' || c == '-' || c == '+' || c == '/';
         });
}

std::vector<std::string> all_zones() {
  std::vector<std::string> names;
  std::error_code problem;
  fs::recursive_directory_iterator file(zone_folder(), problem);
  for (; !problem && file != fs::recursive_directory_iterator(); file.increment(problem)) {
    std::error_code ignored;
    std::string name = file->path().lexically_relative(zone_folder()).generic_string();
    if (may_be_zone(name) && file->is_regular_file(ignored)) names.push_back(std::move(name));
  }
  std::sort(names.begin(), names.end());
  return names;
}

std::string why_no_zone(const std::string& wrong) {
  static const std::vector<std::string> names = all_zones();
  if (names.empty())
    return "the time zone `" + wrong +
           "` cannot be looked up: the system's database (package tzdata) cannot be read";
  const std::vector<std::string_view> known(names.begin(), names.end());
  return "no time zone is called `" + wrong + "`" + suggestion(wrong, known) +
         "; names are those of the system's database, such as Europe/Berlin";
}

std::string find_version() {
  std::string version = read_file(zone_folder() / "+VERSION");
  if (version.empty()) {
    constexpr std::string_view kPrefix = "# version ";
    std::ifstream file(zone_folder() / "tzdata.zi");
    std::getline(file, version);
    version = version.starts_with(kPrefix) ? version.substr(kPrefix.size()) : std::string();
  }
  version = version.substr(0, version.find_first_of("\r\n"));
  return version.empty() || version.size() > 20 ? "unknown" : version;
}

}  // namespace

TimeZone::TimeZone(std::string name, std::vector<Period> periods)
    : name_(std::move(name)), periods_(std::move(periods)) {
  SLUICE_REQUIRE(!periods_.empty(), "a zone has always shown some time");
}

const std::shared_ptr<const TimeZone>& TimeZone::utc() {
  static const auto zone =
      std::make_shared<const TimeZone>("UTC", std::vector<Period>{{INT64_MIN, 0, "UTC"}});
  return zone;
}

std::shared_ptr<const TimeZone> TimeZone::find(const std::string& name, std::string& problem) {
  if (name == "UTC") return utc();
  const auto found = may_be_zone(name) ? parse_tzif(read_file(zone_folder() / name)) : std::nullopt;
  if (!found) {
    problem = why_no_zone(name);
    return nullptr;
  }
  std::vector<Period> periods;
  periods.reserve(found->size());
  for (const ClockPeriod& period : *found)
    periods.push_back({period.from_s, period.offset_s, period.name});
  return std::make_shared<const TimeZone>(name, std::move(periods));
}

std::size_t TimeZone::index_at(std::int64_t unix_s) const {
  const auto later = [](std::int64_t time, const Period& period) { return time < period.from_s; };
  const auto after = std::upper_bound(periods_.begin() + 1, periods_.end(), unix_s, later);
  return static_cast<std::size_t>(std::distance(periods_.begin(), after)) - 1;
}

LocalTime TimeZone::utc_of(std::int64_t local_ns) const {
  // Offsets are less than a day: the periods from a day before to a day after may show it.
  constexpr std::int64_t kDay = 86'400;
  const std::int64_t local_s = floor_div(local_ns, kZoneSecondNs);
  const auto utc = [&](std::size_t i) { return local_ns - periods_[i].offset_s * kZoneSecondNs; };
  const std::size_t first = index_at(local_s - kDay), last = index_at(local_s + kDay);
  std::optional<std::size_t> shown_by, shown_again_by;
  for (std::size_t i = first; i <= last; ++i) {
    const std::int64_t unix_s = local_s - periods_[i].offset_s;
    const bool begun = i == 0 || unix_s >= periods_[i].from_s;
    const bool over = i + 1 < periods_.size() && unix_s >= periods_[i + 1].from_s;
    if (!begun || over) continue;
    (shown_by ? shown_again_by : shown_by) = i;
  }
  if (shown_by) {
    const std::int64_t earlier = utc(*shown_by);
    const std::int64_t later = utc(shown_again_by.value_or(*shown_by));
    return {earlier, later, earlier, shown_again_by.has_value(), false};
  }
  // Skipped: between the last period that is over by then and the next one.
  std::size_t before = first;
  while (before < last && local_s - periods_[before + 1].offset_s >= periods_[before + 1].from_s)
    ++before;
  const std::size_t after = std::min(before + 1, periods_.size() - 1);
  return {utc(before), utc(before), periods_[after].from_s * kZoneSecondNs, false, true};
}

const std::string& time_zone_data_version() {
  static const std::string version = find_version();
  return version;
}

}  // namespace sluice
