// Files that are written whole or not at all, and standard output, with every error found.
#pragma once

#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <ostream>
#include <streambuf>
#include <string>
#include <string_view>

#include "base/failure.hpp"
#include "base/temporary_files.hpp"

namespace sluice {

/// Output could not be written; the text names the file and the reason.
inline UserError output_failed(const std::string& text) { return {ExitCode::output_failed, text}; }

/// The name that stands for standard output.
inline constexpr std::string_view kStandardOutput = "-";

/// Writes to a file descriptor through a buffer and remembers the first error. Does not own the
/// descriptor.
class DescriptorBuffer final : public std::streambuf {
 public:
  explicit DescriptorBuffer(int descriptor);
  /// errno of the first write that failed; 0: none.
  int error() const { return error_; }

 protected:
  int_type overflow(int_type character) override;
  int sync() override;

 private:
  int descriptor_;
  int error_ = 0;
  std::array<char, 1 << 16> buffer_;
};

/// An output of the name that the user gave: `-` is standard output; what is not a regular file (a
/// pipe, /dev/null) is written directly; a file appears under its name, replacing an older one,
/// only when commit() has succeeded.
class OutputFile {
 public:
  /// Throws output_failed() when the file cannot be made.
  explicit OutputFile(const std::string& name);
  /// Removes what was not committed.
  ~OutputFile();
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;

  std::ostream& stream() { return *stream_; }
  /// Everything is on its way to the disk, or output_failed() is thrown. A standard output that its
  /// reader closed, or a terminal that went away, is no error.
  void commit();

 private:
  void open_temporary();
  bool has_hung_up() const;
  [[noreturn]] void fail(int error) const;

  std::string name_;
  std::string target_;       // the file behind a symbolic link
  TemporaryName temporary_;  // none: written directly
  int descriptor_ = -1;
  bool close_ = false;
  std::unique_ptr<DescriptorBuffer> buffer_;
  std::unique_ptr<std::ostream> stream_;
};

/// Opened before the work starts, so that what cannot be written is found at once; none without a
/// name. Throws output_failed().
void open_if_named(std::optional<OutputFile>& file, const std::string& name);
/// Writes and commits what `text` makes, if the file is open. Throws output_failed().
void write_if_open(std::optional<OutputFile>& file, const std::function<std::string()>& text);

/// Makes a folder that files can be written into, with those that it is in. Throws output_failed().
void make_output_folder(const std::string& name);
/// Writes one whole output. Throws output_failed().
void write_output(const std::string& name, std::string_view text);
/// To standard output. Throws output_failed().
void print(std::string_view text);
/// To standard error; errors there are nobody's to know.
void print_error(std::string_view text);

}  // namespace sluice
