#include "experiments/store/store_manifest.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <system_error>

#include "base/check.hpp"
#include "base/failure.hpp"
#include "base/shard.hpp"
#include "base/text/json.hpp"
#include "base/text/json_text.hpp"
#include "experiments/store/replaced_file.hpp"
#include "scenarios/loader/yaml/sources.hpp"

namespace sluice {
namespace {

constexpr std::string_view kStoreFormat = "sluice.store";
constexpr std::uint32_t kStoreVersion = 1;
constexpr std::uint64_t kMostReplications = 0xFFFF'FFFF;
constexpr std::size_t kLongestManifest = 1 << 28;

std::string manifest_path(const std::string& folder) {
  return (std::filesystem::path(folder) / kManifestFile).string();
}

/// Of a member that is a whole number from `least`; none: it is not.
std::optional<std::uint32_t> whole_number(const Json& object, const char* key,
                                          std::uint32_t least) {
  const auto found = object.find(key);
  if (found == object.end() || !found->is_number_unsigned()) return std::nullopt;
  const auto number = found->get<std::uint64_t>();
  if (number < least || number > kMostReplications) return std::nullopt;
  return static_cast<std::uint32_t>(number);
}

std::optional<WantedPoints> wanted_points(const Json& json) {
  if (!json.is_object()) return std::nullopt;
  const auto setting = json.find("setting");
  if (setting == json.end() || !setting->is_string()) return std::nullopt;
  const std::optional<std::uint32_t> from = whole_number(json, "from", 0);
  const std::optional<std::uint32_t> count = whole_number(json, "count", 1);
  if (!from || !count || std::uint64_t{*from} + *count > kMostReplications) return std::nullopt;
  return WantedPoints{setting->get<std::string>(), *from, *count};
}

/// The mistake ends a sentence that begins with the file's name.
Parsed<StoreManifest> read_manifest_text(std::string_view text) {
  const auto wrong = [](std::string what) {
    return Parsed<StoreManifest>::wrong(0, std::move(what));
  };
  std::string problem;
  const std::optional<Json> json = parse_json(text, &problem);
  if (!json) return wrong("is " + problem);
  if (!json->is_object() || json->value("format", Json()) != kStoreFormat)
    return wrong("is no manifest of a store");
  if (json->value("version", Json()) != kStoreVersion)
    return wrong("has a version that this program does not read");
  StoreManifest manifest;
  const std::optional<std::uint32_t> shards = whole_number(*json, "shards", 1);
  if (!shards) return wrong("has no number of \"shards\"");
  manifest.shards = *shards;
  const auto wanted = json->find("wanted");
  if (wanted == json->end() || !wanted->is_array()) return wrong("has no list \"wanted\"");
  for (const Json& one : *wanted) {
    const std::optional<WantedPoints> points = wanted_points(one);
    if (!points)
      return wrong(
          fmt::format("wants {}, which is not \"setting\", \"from\" and \"count\"", dump(one)));
    manifest.wanted.push_back(*points);
  }
  return Parsed<StoreManifest>::of(std::move(manifest));
}

/// Calls `visit` for each wanted point, in order, with its position.
void for_each_wanted(const StoreManifest& manifest,
                     const std::function<void(const PointKey&, std::uint64_t position)>& visit) {
  std::uint64_t position = 0;
  PointKey key;
  for (const WantedPoints& points : manifest.wanted) {
    key.setting = points.setting;
    for (std::uint32_t i = 0; i < points.count; ++i) {
      key.replication = points.from + i;
      visit(key, position++);
    }
  }
}

std::string manifest_text(const StoreManifest& manifest) {
  Json json{{"format", kStoreFormat}, {"version", kStoreVersion}, {"shards", manifest.shards}};
  json["wanted"] = Json::array();
  for (const WantedPoints& points : manifest.wanted)
    json["wanted"].push_back(
        {{"setting", points.setting}, {"from", points.from}, {"count", points.count}});
  return json_text(json);
}

}  // namespace

std::uint64_t StoreManifest::points() const {
  std::uint64_t sum = 0;
  for (const WantedPoints& points : wanted) sum += points.count;
  return sum;
}

bool StoreManifest::continues(const StoreManifest& earlier) const {
  return shards == earlier.shards && wanted.size() >= earlier.wanted.size() &&
         std::equal(earlier.wanted.begin(), earlier.wanted.end(), wanted.begin());
}

MissingPoints missing_points(const StoreManifest& manifest,
                             const std::function<bool(const PointKey&)>& is_there) {
  SLUICE_REQUIRE(manifest.shards > 0, "somebody does the points");
  MissingPoints missing;
  std::vector<bool> of_shard(manifest.shards + std::size_t{1});
  for_each_wanted(manifest, [&](const PointKey& key, std::uint64_t position) {
    if (is_there(key)) return;
    ++missing.points;
    of_shard[shard_of(position, manifest.shards)] = true;
  });
  for (std::size_t shard = 1; shard < of_shard.size(); ++shard)
    if (of_shard[shard]) missing.shards.push_back(static_cast<std::uint32_t>(shard));
  return missing;
}

std::optional<StoreManifest> read_manifest(const std::string& folder) {
  const std::string name = manifest_path(folder);
  std::error_code error;
  if (!std::filesystem::exists(name, error) && !error) return std::nullopt;
  const FileText text = read_text_file(name, kLongestManifest);
  if (!text.text) throw bad_input(fmt::format("{} {}", name, text.problem));
  Parsed<StoreManifest> manifest = read_manifest_text(*text.text);
  if (!manifest) throw bad_input(fmt::format("{} {}", name, manifest.error.message));
  return std::move(manifest.value);
}

void write_manifest(const std::string& folder, const StoreManifest& manifest) {
  ReplacedFile file(manifest_path(folder));
  file.write(manifest_text(manifest));
  file.commit();
}

std::string array_text(const std::vector<std::uint32_t>& numbers) {
  std::string text;
  for (std::size_t i = 0; i < numbers.size();) {
    std::size_t last = i;
    while (last + 1 < numbers.size() && numbers[last + 1] == numbers[last] + 1) ++last;
    text += fmt::format("{}{}", text.empty() ? "" : ",", numbers[i]);
    if (last > i) text += fmt::format("-{}", numbers[last]);
    i = last + 1;
  }
  return text;
}

}  // namespace sluice
