#include "experiments/store/point_index.hpp"

#include <fmt/format.h>

#include <utility>

#include "base/check.hpp"
#include "base/failure.hpp"
#include "experiments/store/point_record.hpp"

namespace sluice {
namespace {

constexpr std::size_t kBlock = 1 << 16;
constexpr std::size_t kLongestRecord = 1 << 28;
/// Of a thousand shards not all files can be open at once.
constexpr std::size_t kMostHeldFiles = 64;

/// Calls `visit(line, offset, number)` for each whole line, and returns where the last one ends.
/// `rest`: what comes after it.
std::uint64_t for_each_line(
    const OpenFile& file, const std::string& name, std::string& rest,
    const std::function<void(std::string_view, std::uint64_t, std::uint64_t)>& visit) {
  std::uint64_t end = 0;
  std::uint64_t number = 0;
  while (true) {
    const std::size_t old = rest.size();
    rest += read_at(file, name, end + old, kBlock);
    if (rest.size() == old) return end;
    std::size_t begin = 0;
    for (std::size_t stop = rest.find('\n', old); stop != std::string::npos;
         stop = rest.find('\n', begin)) {
      visit(std::string_view(rest).substr(begin, stop - begin), end + begin, ++number);
      begin = stop + 1;
    }
    rest.erase(0, begin);
    end += begin;
    if (rest.size() > kLongestRecord)
      throw bad_input(fmt::format("{}:{}: is damaged: the line does not end", name, number + 1));
  }
}

}  // namespace

PointIndex::PointIndex(std::optional<StoreIdentity> identity) : identity_(std::move(identity)) {}

std::uint64_t PointIndex::read_file(const std::string& name) {
  files_.push_back({name, open_to_read(name)});
  const OpenFile& file = files_.back().held;
  std::string rest;
  const std::uint64_t end = for_each_line(
      file, name, rest, [&](std::string_view line, std::uint64_t offset, std::uint64_t number) {
        if (number == 1)
          read_header(name, line);
        else
          read_record(line, offset, number);
      });
  if (end == 0 && !is_torn_header(rest))
    throw bad_input(fmt::format("{}:1: is no file of points", name));
  if (files_.size() > kMostHeldFiles) files_.back().held = OpenFile();
  return end;
}

void PointIndex::read_header(const std::string& name, std::string_view line) {
  const Parsed<StoreIdentity> identity = read_points_header(line);
  if (!identity) throw bad_input(fmt::format("{}:1: {}", name, identity.error.message));
  if (!identity_) {
    identity_ = *identity;
    identity_from_ = name;
  }
  if (*identity == *identity_) return;
  throw bad_input(fmt::format("{} has points of {}{}{}", name, difference(*identity, *identity_),
                              identity_from_.empty() ? "" : ", unlike ", identity_from_));
}

void PointIndex::read_record(std::string_view line, std::uint64_t offset, std::uint64_t number) {
  const File& file = files_.back();
  const Parsed<PointKey> key = read_point_key(line);
  if (!key) throw bad_input(fmt::format("{}:{}: {}", file.name, number, key.error.message));
  if (const PointPlace* known = find(*key); known != nullptr) {
    if (known->length == line.size() && known->sum == point_record_sum(line)) return;
    throw bad_input(fmt::format("{}:{}: {} is another one than in {}: one of them is wrong",
                                file.name, number, sluice::name(*key), file_name(*known)));
  }
  add(*key, {offset, static_cast<std::uint32_t>(line.size()), point_record_sum(line),
             static_cast<std::uint32_t>(files_.size() - 1)});
}

void PointIndex::add(const PointKey& key, const PointPlace& place) {
  SLUICE_REQUIRE(place.file < files_.size(), "its file was read");
  size_ += places_[key.setting].try_emplace(key.replication, place).second ? 1 : 0;
}

const PointPlace* PointIndex::find(const PointKey& key) const {
  const auto setting = places_.find(key.setting);
  if (setting == places_.end()) return nullptr;
  const auto place = setting->second.find(key.replication);
  return place == setting->second.end() ? nullptr : &place->second;
}

void PointIndex::for_each(
    const std::function<void(const PointKey&, const PointPlace&)>& visit) const {
  PointKey key;
  for (const auto& [setting, places] : places_) {
    key.setting = setting;
    for (const auto& [replication, place] : places) {
      key.replication = replication;
      visit(key, place);
    }
  }
}

std::string PointIndex::line(const PointPlace& place) const {
  const File& file = files_[place.file];
  std::string line = file.held.is_open()
                         ? read_at(file.held, file.name, place.offset, place.length)
                         : read_at(open_to_read(file.name), file.name, place.offset, place.length);
  if (line.size() < place.length)
    throw bad_input(fmt::format("{} is shorter than it was: a record is gone", file.name));
  return line;
}

UserError PointIndex::changed(const PointPlace& place) const {
  return bad_input(fmt::format("{} changed while it was read: try again", file_name(place)));
}

}  // namespace sluice
