// An open file of the system, for files that several processes look at.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/failure.hpp"

namespace sluice {

/// Closes it at the end. Empty: holds none.
class OpenFile {
 public:
  OpenFile() = default;
  explicit OpenFile(int descriptor) : descriptor_(descriptor) {}
  OpenFile(OpenFile&& other) noexcept;
  OpenFile& operator=(OpenFile&& other) noexcept;
  ~OpenFile();

  int descriptor() const { return descriptor_; }
  bool is_open() const { return descriptor_ >= 0; }

 private:
  int descriptor_ = -1;
};

/// For reading. Throws bad_input.
OpenFile open_to_read(const std::string& name);
/// So many bytes from `offset`, or fewer where the file ends. Throws bad_input.
std::string read_at(const OpenFile& file, const std::string& name, std::uint64_t offset,
                    std::size_t size);
/// Writes all of it there; 0, or the errno of what kept some of it from being written.
int write_at(const OpenFile& file, std::uint64_t offset, std::string_view data);
/// So that what was made or renamed in it is still there after a failure of power; empty: in the
/// working folder. Where a file system does not know that, nothing.
void sync_folder(const std::string& folder);

/// Ends with the exit code of outputs; the text says `cannot write NAME: WHY`.
UserError cannot_write(const std::string& name, int error);

}  // namespace sluice
