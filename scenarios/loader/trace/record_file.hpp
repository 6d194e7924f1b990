// Recorded files, plain or gzip: lines, fields, numbers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/loader/keys/key_table.hpp"

namespace sluice {

inline constexpr std::size_t kMaxRecordBytes = std::size_t{1} << 30;  ///< unpacked
inline constexpr std::size_t kMaxRecords = 20'000'000;

/// Reads a file line by line, unpacking it if need be. A few hundred MB/s. Not thread-safe.
class RecordFile {
 public:
  explicit RecordFile(const std::string& path);
  ~RecordFile();
  RecordFile(const RecordFile&) = delete;
  RecordFile& operator=(const RecordFile&) = delete;

  /// The next line without its end; the view lasts until the next call. False at the end or when
  /// `problem` is set.
  bool next(std::string_view& line);
  int line_number() const { return line_; }                ///< of the last line, from 1
  std::uint64_t hash() const { return hash_; }             ///< of the lines read so far
  const std::string& problem() const { return problem_; }  ///< "cannot be opened"; empty: none

 private:
  bool fill();

  struct Stream;
  std::unique_ptr<Stream> stream_;
  std::string buffer_;
  std::size_t begin_ = 0, total_ = 0;
  int line_ = 0;
  std::uint64_t hash_ = 0xCBF29CE484222325;
  std::string problem_;
};

/// Splits at `separator`; fields in double quotes may hold it, and `""` for one quote. A space as
/// separator means any number of spaces and tabs. Returns false if a quote is not closed.
class FieldSplitter {
 public:
  explicit FieldSplitter(char separator) : separator_(separator) {}
  bool split(std::string_view line);
  const std::vector<std::string_view>& fields() const { return fields_; }

 private:
  bool split_quoted(std::string_view line);
  void split_spaced(std::string_view line);

  char separator_;
  std::vector<std::string_view> fields_;
  std::string unquoted_;
};

/// The whole of `text` (spaces around it aside) as a number.
std::optional<double> to_number(std::string_view text);

/// A file named in a scenario, relative to the file that names it; the name becomes one that can be
/// opened, and in the tree one relative to the main file.
Type<Name> file_type();

/// The values of a file: the first field of each line; `#` starts a comment; `with_units` allows
/// `90s`.
bool read_values(Reader& reader, const Name& file, bool with_units, std::vector<double>& values);

}  // namespace sluice
