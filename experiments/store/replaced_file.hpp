// A file that is there whole or not at all, also after a failure of power.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/temporary_files.hpp"
#include "experiments/store/open_file.hpp"

namespace sluice {

/// Written beside its place, as NAME.<number>.tmp; commit() puts it there, and what was not
/// committed is removed. One thread.
class ReplacedFile {
 public:
  /// All three throw UserError with the exit code of outputs.
  explicit ReplacedFile(const std::string& name);
  void write(std::string_view text);
  void commit();

 private:
  void flush();

  std::string name_;
  TemporaryName temporary_;
  OpenFile file_;
  std::string buffer_;
  std::uint64_t length_ = 0;  // on its way to the disk
};

}  // namespace sluice
