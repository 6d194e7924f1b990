#include "experiments/store/point_store.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <utility>

#include "base/check.hpp"
#include "base/failure.hpp"
#include "experiments/store/point_files.hpp"
#include "experiments/store/point_record.hpp"

namespace sluice {
namespace {

/// In the index the file that is appended to is the first one.
constexpr std::uint32_t kOwnFile = 0;

std::string own_file(const std::string& folder, const std::string& file_name) {
  SLUICE_REQUIRE(is_points_file(file_name), "a store finds its files by their names");
  make_store_folder(folder);
  return (std::filesystem::path(folder) / file_name).string();
}

}  // namespace

PointStore::PointStore(const std::string& folder, const StoreIdentity& identity,
                       const std::string& file_name)
    : log_(own_file(folder, file_name)), index_(identity) {
  const std::uint64_t whole = index_.read_file(log_.name());
  for (const std::string& name : points_files(folder))
    if (name != log_.name()) index_.read_file(name);
  log_.begin(whole, points_header(identity));
}

std::size_t PointStore::size() const {
  const std::lock_guard lock(mutex_);
  return index_.size();
}

std::optional<Point> PointStore::read(const PointKey& key) const {
  std::unique_lock lock(mutex_);
  const PointPlace* found = index_.find(key);
  if (found == nullptr) return std::nullopt;
  const PointPlace place = *found;
  lock.unlock();
  Parsed<Point> point = read_point_record(index_.line(place));
  if (!point || point->key != key) throw index_.changed(place);
  return std::move(point.value);
}

void PointStore::add(Point point) {
  const std::string record = point_record(point);
  Waiting own{&point.key, record, false, {}};
  std::unique_lock lock(mutex_);
  if (index_.find(point.key) != nullptr) return refuse_another(point.key, record);
  waiting_.push_back(&own);
  while (!own.over) {
    if (writing_)
      changed_.wait(lock);
    else
      write_waiting(lock);
  }
  if (!own.problem.empty()) throw UserError(ExitCode::output_failed, own.problem);
}

void PointStore::refuse_another(const PointKey& key, std::string_view record) const {
  const PointPlace& place = *index_.find(key);
  record.remove_suffix(1);
  if (index_.line(place) == record) return;
  throw bad_input(fmt::format("{} came out another time than in {}: one of them is wrong",
                              name(key), index_.file_name(place)));
}

/// Writes what waits, with one sync; meanwhile others may come to wait.
void PointStore::write_waiting(std::unique_lock<std::mutex>& lock) {
  const std::vector<Waiting*> batch = std::exchange(waiting_, {});
  std::string records;
  for (const Waiting* waiting : batch) records += waiting->record;
  writing_ = true;
  lock.unlock();
  std::uint64_t offset = log_.length();
  const std::string problem = log_.append(records);
  lock.lock();
  for (Waiting* waiting : batch) {
    const auto length = static_cast<std::uint32_t>(waiting->record.size());
    const std::string_view record = waiting->record.substr(0, length - 1);
    if (problem.empty())
      index_.add(*waiting->key, {offset, length - 1, point_record_sum(record), kOwnFile});
    offset += length;
    waiting->problem = problem;
    waiting->over = true;
  }
  writing_ = false;
  changed_.notify_all();
}

}  // namespace sluice
