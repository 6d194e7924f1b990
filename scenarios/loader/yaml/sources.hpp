// Where the values of a scenario come from: the texts of its files and command-line values, places
// in them, and the problems found there.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/loader/yaml/diagnostic.hpp"

namespace sluice {

/// What a value went through before it came to its place.
struct Via {
  enum class Kind : std::uint8_t { default_value, param, set, broken };
  Kind kind = Kind::default_value;
  std::string text;  ///< "default", "param workers (-p)", "--set"
};

/// The place of a value. Cheap to copy; points into the Sources it belongs to.
struct Mark {
  std::uint32_t source = 0;
  int line = 0;              ///< from 1; 0: the source as a whole
  int column = 0;            ///< from 1, in bytes
  int length = 1;            ///< in bytes
  const Via* via = nullptr;  ///< none: written there
};

/// All texts of one load. Not thread-safe.
class Sources {
 public:
  struct Source {
    std::string name;  ///< as the user named it
    std::string text;
    std::string folder;  ///< relative file names start there; empty: the current one
    std::vector<std::size_t> line_starts;
  };

  std::uint32_t add(std::string name, std::string text, std::string folder = {});
  const Source& operator[](std::uint32_t index) const { return sources_[index]; }
  /// Line `line` (from 1) without its end; empty if there is none.
  std::string_view line(std::uint32_t source, int line) const;
  const Via* add_via(Via::Kind kind, std::string text);
  const Via* default_via() { return &default_; }
  /// Of a value that was reported already: further problems with it are not worth a message.
  static const Via* broken();

 private:
  std::deque<Source> sources_;
  std::deque<Via> vias_;
  Via default_{Via::Kind::default_value, "default"};
};

/// A file of at most `max_bytes`, as it is.
struct FileText {
  std::optional<std::string> text;
  std::string problem;  ///< why there is no text
};
FileText read_text_file(const std::string& path, std::size_t max_bytes);

/// Collects problems, at most kMaxDiagnostics of each kind. Not thread-safe.
class Problems {
 public:
  explicit Problems(const Sources& sources) : sources_(sources) {}

  /// Returns false, for those that report and give up.
  bool error(const Mark& mark, std::string message) {
    add(mark, std::move(message), false);
    return false;
  }
  void warning(const Mark& mark, std::string message) { add(mark, std::move(message), true); }
  /// An error `offset` bytes into the scalar at `mark`.
  void error_inside(const Mark& mark, std::string_view scalar, std::size_t offset,
                    std::string message);
  /// In a file that is not one of the sources (a trace).
  void error_in_file(Diagnostic diagnostic);
  void warning_in_file(Diagnostic diagnostic);
  const Sources& sources() const { return sources_; }
  std::size_t errors() const { return error_count_; }
  bool any() const { return error_count_ > 0; }

  /// In the order of source and place; duplicates (aliases are read several times) dropped.
  std::vector<Diagnostic> take_errors() { return sorted(errors_); }
  std::vector<Diagnostic> take_warnings() { return sorted(warnings_); }

 private:
  struct Located {
    std::uint32_t source;
    Diagnostic diagnostic;
  };
  void add(const Mark& mark, std::string message, bool warning);
  static std::vector<Diagnostic> sorted(std::vector<Located>& found);

  const Sources& sources_;
  std::vector<Located> errors_, warnings_;
  std::size_t error_count_ = 0;
};

}  // namespace sluice
