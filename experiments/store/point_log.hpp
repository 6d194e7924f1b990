// The one file of a store that this process appends to.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "experiments/store/open_file.hpp"

namespace sluice {

/// Locked until it is destroyed, or its process ends in whatever way. One thread at a time.
class PointLog {
 public:
  /// Opens or makes the file, and locks it. Throws bad_input (another process has it), or UserError
  /// with the exit code of outputs.
  explicit PointLog(const std::string& name);
  /// A file that is empty is removed.
  ~PointLog();
  PointLog(const PointLog&) = delete;
  PointLog& operator=(const PointLog&) = delete;

  const std::string& name() const { return name_; }
  /// Of what was synced.
  std::uint64_t length() const { return length_; }

  /// To be called once, with the length of the whole records that were found: a record that was
  /// torn is cut off, a new file gets the header, and all that is there is synced. Throws UserError
  /// with the exit code of outputs.
  void begin(std::uint64_t whole, std::string_view header);

  /// Empty: all of it is on disk. Otherwise what went wrong, and the file ends where it ended
  /// before. Cost: a sync.
  [[nodiscard]] std::string append(std::string_view records);

 private:
  std::string undo(int error);

  std::string name_;
  OpenFile file_;
  std::uint64_t length_ = 0;
  std::string broken_;  // why nothing can be appended any more; empty: it can
};

}  // namespace sluice
