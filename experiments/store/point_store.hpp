// The finished points of an experiment, on disk before they count. docs/store.md says what holds.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "experiments/store/point.hpp"
#include "experiments/store/point_index.hpp"
#include "experiments/store/point_log.hpp"
#include "experiments/store/store_identity.hpp"

namespace sluice {

/// A folder with the points of one scenario, build and kind of recording. Memory: some 90 bytes a
/// point. Any thread; of two that add one point at once both may write it, the same bytes.
class PointStore {
 public:
  /// Opens or makes the folder, reads all its files, and locks the one that it appends to: `points`
  /// or `points.I-of-N` (experiments/store/point_files.hpp). Throws bad_input (another scenario,
  /// build or kind of recording; a damaged file, with its line; locked by another process) or
  /// UserError with the exit code of outputs.
  PointStore(const std::string& folder, const StoreIdentity& identity,
             const std::string& file_name);

  std::size_t size() const;
  /// None: not there. Throws bad_input where the file is not any more what it was. Cost: a read,
  /// and that of read_point_record().
  std::optional<Point> read(const PointKey& key) const;

  /// On disk (synced) when it returns; several waiting threads share one sync. A point that is
  /// there with the same bytes stays; with other bytes, bad_input. Throws UserError with the exit
  /// code of outputs where the disk does not take it (full, …): the file ends at its last whole
  /// record then, the point does not count, and later ones are tried again.
  void add(Point point);

 private:
  /// A record that a thread waits for. `problem`: why it is not on disk.
  struct Waiting {
    const PointKey* key;
    std::string_view record;
    bool over = false;
    std::string problem;
  };
  void refuse_another(const PointKey& key, std::string_view record) const;
  void write_waiting(std::unique_lock<std::mutex>& lock);

  mutable std::mutex mutex_;  // of all below, but for log_: whoever set writing_ has it
  std::condition_variable changed_;
  PointLog log_;
  PointIndex index_;
  std::vector<Waiting*> waiting_;
  bool writing_ = false;
};

}  // namespace sluice
