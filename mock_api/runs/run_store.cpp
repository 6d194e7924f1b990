#include "mock_api/runs/run_store.hpp"

#include <algorithm>
#include <functional>
#include <utility>

#include "base/check.hpp"
#include "base/epoch.hpp"

namespace sluice {
namespace {

constexpr Duration kMicrosecond{1000};

template <class T>
bool among(const std::vector<T>& wanted, const T& value) {
  return wanted.empty() || std::find(wanted.begin(), wanted.end(), value) != wanted.end();
}

bool uses_any(const ServedRun& run, const std::vector<CredentialId>& wanted) {
  if (wanted.empty()) return true;
  const auto is_wanted = [&](CredentialId id) { return id.valid() && among(wanted, id); };
  if (!run.ever_started()) return std::any_of(run.asked.begin(), run.asked.end(), is_wanted);
  return std::any_of(run.held.begin(), run.held.begin() + run.alias_count, is_wanted);
}

}  // namespace

bool RunFilter::matches(const ServedRun& run) const {
  if (workspace.valid() && run.workspace != workspace) return false;
  return among(families, run.family) && among(statuses, run.status) && uses_any(run, credentials);
}

ServedRun& RunStore::create(Time now, std::string session_id) {
  // Pages of a listing are cut by creation stamp, so no two runs may share one.
  last_created_ = std::max(Time{whole_micros(now.ns)}, last_created_ + kMicrosecond);
  rows_.push_back({next_number_++, last_created_, std::make_unique<ServedRun>()});
  Row& row = rows_.back();
  ServedRun& run = *row.run;
  run.number = row.number;
  run.session_id = std::move(session_id);
  run.created = row.created;
  run.story.reserve(6);
  const bool is_new = by_session_.emplace(Session{run.session_id}, &run).second;
  SLUICE_CHECK(is_new, "no two runs have one session id", now, run.number);
  return run;
}

void RunStore::withdraw(ServedRun& run) {
  SLUICE_REQUIRE(!rows_.empty() && rows_.back().run.get() == &run, "it is the run created last");
  by_session_.erase(Session{run.session_id});
  rows_.pop_back();
  --next_number_;
}

void RunStore::finished(ServedRun& run) {
  SLUICE_REQUIRE(run.is_terminal(), "the run is over");
  finished_.push_back({run.number, run.execution_end.value_or(Time::never())});
  while (finished_.size() > std::max<std::size_t>(1, finished_kept_)) forget_first_finished();
}

void RunStore::forget_old(Time now) {
  while (!finished_.empty() && now - finished_.front().end > kept_for_) forget_first_finished();
}

void RunStore::clear() {
  by_session_.clear();
  rows_.clear();
  finished_.clear();
  forgotten_ = 0;
}

std::vector<RunStore::Row>::const_iterator RunStore::row_of(std::uint64_t number) const {
  const auto row =
      std::lower_bound(rows_.begin(), rows_.end(), number,
                       [](const Row& candidate, std::uint64_t n) { return candidate.number < n; });
  return row != rows_.end() && row->number == number ? row : rows_.end();
}

void RunStore::forget_first_finished() {
  Row& row = rows_[static_cast<std::size_t>(row_of(finished_.front().number) - rows_.begin())];
  finished_.pop_front();
  by_session_.erase(Session{row.run->session_id});
  row.run.reset();
  ++forgotten_;
  if (forgotten_ > 64 && forgotten_ * 2 > rows_.size()) drop_forgotten_rows();
}

void RunStore::drop_forgotten_rows() {
  std::erase_if(rows_, [](const Row& row) { return row.run == nullptr; });
  forgotten_ = 0;
}

ServedRun* RunStore::find(std::string_view session_id) {
  return const_cast<ServedRun*>(std::as_const(*this).find(session_id));
}

const ServedRun* RunStore::find(std::string_view session_id) const {
  const auto found = by_session_.find(Session{session_id});
  return found == by_session_.end() ? nullptr : found->second;
}

const ServedRun* RunStore::numbered(std::uint64_t number) const {
  const auto row = row_of(number);
  return row == rows_.end() ? nullptr : row->run.get();
}

std::vector<const ServedRun*> RunStore::list(const RunFilter& filter, std::size_t limit) const {
  std::vector<const ServedRun*> runs;
  const auto is_within = [&](const Row& row) {
    return row.created <= filter.until && row.created < filter.before;
  };
  auto row = std::partition_point(rows_.begin(), rows_.end(), is_within);
  while (row != rows_.begin() && runs.size() < limit) {
    --row;
    if (row->created < filter.from) break;
    if (row->run != nullptr && filter.matches(*row->run)) runs.push_back(row->run.get());
  }
  return runs;
}

}  // namespace sluice
