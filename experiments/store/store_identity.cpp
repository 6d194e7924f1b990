#include "experiments/store/store_identity.hpp"

#include <fmt/format.h>

#include <array>
#include <utility>

#include "base/text/json.hpp"

namespace sluice {
namespace {

constexpr std::string_view kPointsFormat = "sluice.points";
constexpr std::string_view kHeaderBegin = R"({"format":"sluice.points","version":)";
constexpr int kPointsVersion = 1;

constexpr std::array<std::pair<std::string_view, std::string StoreIdentity::*>, 4> kIdentityKeys{
    {{"scenario", &StoreIdentity::scenario},
     {"hash", &StoreIdentity::hash},
     {"build", &StoreIdentity::build},
     {"recorded", &StoreIdentity::recorded}}};

}  // namespace

std::string points_header(const StoreIdentity& identity) {
  std::string line = fmt::format("{}{}", kHeaderBegin, kPointsVersion);
  for (const auto& [key, member] : kIdentityKeys) {
    line += fmt::format(",\"{}\":", key);
    append_quoted_json(line, identity.*member);
  }
  return line + "}\n";
}

Parsed<StoreIdentity> read_points_header(std::string_view line) {
  const auto wrong = [](std::string what) {
    return Parsed<StoreIdentity>::wrong(0, std::move(what));
  };
  const std::optional<Json> json = parse_json(line);
  if (!json || !json->is_object() || json->value("format", Json()) != kPointsFormat)
    return wrong("is no file of points");
  if (json->value("version", Json()) != kPointsVersion)
    return wrong(fmt::format("has the version {} of the format {}; this program reads {}",
                             dump(json->value("version", Json())), kPointsFormat, kPointsVersion));
  StoreIdentity identity;
  for (const auto& [key, member] : kIdentityKeys) {
    const auto found = json->find(key);
    if (found == json->end() || !found->is_string())
      return wrong(fmt::format("is damaged: its first line has no text \"{}\"", key));
    identity.*member = found->get<std::string>();
  }
  return Parsed<StoreIdentity>::of(std::move(identity));
}

bool is_torn_header(std::string_view text) {
  return kHeaderBegin.starts_with(text) ||
         (text.starts_with(kHeaderBegin) && text.find('\n') == std::string_view::npos);
}

std::string difference(const StoreIdentity& found, const StoreIdentity& wanted) {
  if (found.hash != wanted.hash || found.scenario != wanted.scenario)
    return fmt::format("the scenario {} ({}) and not {} ({})", found.scenario, found.hash,
                       wanted.scenario, wanted.hash);
  if (found.build != wanted.build)
    return fmt::format("the build {} and not {}", found.build, wanted.build);
  if (found.recorded != wanted.recorded)
    return fmt::format("a command that recorded {} and not {}", found.recorded, wanted.recorded);
  return {};
}

}  // namespace sluice
