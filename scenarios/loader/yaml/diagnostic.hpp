// A located message about a scenario file, a trace, or a command-line value.
#pragma once

#include <cstddef>
#include <string>

namespace sluice {

/// More errors than this are not collected.
inline constexpr std::size_t kMaxDiagnostics = 50;

/// A plain value. Lines and columns count from 1; columns count characters, not bytes.
struct Diagnostic {
  std::string file;  ///< as the user named it; `-p` or `--set` for values of the command line
  int line = 0;      ///< 0: about the file as a whole
  int column = 0;    ///< 0: about the line as a whole
  int length = 1;    ///< characters to underline
  std::string message;
  std::string source_line;  ///< empty: not shown
  bool warning = false;

  /// `file:line:column: error: message`, then the source line with the place underlined. No newline
  /// at the end.
  std::string to_string() const;
};

}  // namespace sluice
