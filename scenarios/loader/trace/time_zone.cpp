#include "scenarios/loader/trace/time_zone.hpp"

#include <date/tz.h>

#include <chrono>
#include <exception>
#include <string_view>
#include <utility>
#include <vector>

#include "base/text/suggestion.hpp"

namespace sluice {
namespace {

using LocalSeconds = date::local_seconds;

constexpr std::int64_t kSecondNs = 1'000'000'000;

std::string why_no_zone(const std::string& wrong) {
  std::vector<std::string_view> names;
  try {
    for (const date::time_zone& zone : date::get_tzdb().zones) names.emplace_back(zone.name());
  } catch (const std::exception&) {
    names.clear();
  }
  if (names.empty())
    return "the time zone `" + wrong +
           "` cannot be looked up: the system's database (package tzdata) cannot be read";
  return "no time zone is called `" + wrong + "`" + suggestion(wrong, names) +
         "; names are those of the system's database, such as Europe/Berlin";
}

}  // namespace

struct TimeZone::Zone {
  const date::time_zone* zone = nullptr;
  // Local times in [from, until) are all `offset` ahead of UTC.
  LocalSeconds from{}, until{};
  std::chrono::seconds offset{};
};

TimeZone::TimeZone(std::unique_ptr<Zone> zone) : zone_(std::move(zone)) {}
TimeZone::~TimeZone() = default;

std::unique_ptr<TimeZone> TimeZone::find(const std::string& name, std::string& problem) {
  try {
    auto zone = std::make_unique<Zone>();
    zone->zone = date::locate_zone(name);
    zone->zone->get_info(LocalSeconds{});  // reads its file
    return std::unique_ptr<TimeZone>(new TimeZone(std::move(zone)));
  } catch (const std::exception&) {
    problem = why_no_zone(name);
    return nullptr;
  }
}

LocalTime TimeZone::utc_of(std::int64_t local_ns) {
  const std::int64_t whole = local_ns / kSecondNs - (local_ns % kSecondNs < 0 ? 1 : 0);
  const LocalSeconds local{std::chrono::seconds{whole}};
  const auto utc = [&](std::chrono::seconds offset) {
    return local_ns - offset.count() * kSecondNs;
  };
  if (zone_->from <= local && local < zone_->until)
    return {utc(zone_->offset), utc(zone_->offset), false, false};
  const date::local_info info = zone_->zone->get_info(local);
  if (info.result == date::local_info::unique) {
    // A day from each change no local time is skipped or comes twice.
    const auto begin = info.first.begin.time_since_epoch() + info.first.offset + date::days{1};
    const auto end = info.first.end.time_since_epoch() + info.first.offset - date::days{1};
    zone_->from = LocalSeconds{begin};
    zone_->until = LocalSeconds{end};
    zone_->offset = info.first.offset;
    return {utc(info.first.offset), utc(info.first.offset), false, false};
  }
  const bool ambiguous = info.result == date::local_info::ambiguous;
  return {utc(info.first.offset), utc(ambiguous ? info.second.offset : info.first.offset),
          ambiguous, !ambiguous};
}

}  // namespace sluice
