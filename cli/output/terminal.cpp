#include "cli/output/terminal.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <string_view>

namespace sluice {
namespace {

constexpr int kWidest = 100;
constexpr int kNarrowest = 40;

std::string_view terminal_variable(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr ? value : "";
}

/// The locale for characters, by the order in which POSIX looks.
bool utf8_locale() {
  for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    const std::string_view value = terminal_variable(name);
    if (value.empty()) continue;
    return value.find("UTF-8") != value.npos || value.find("utf8") != value.npos;
  }
  return true;
}

}  // namespace

int terminal_width(int descriptor) {
  struct winsize size {};
  if (::ioctl(descriptor, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return kWidest;
  return std::max<int>(size.ws_col, kNarrowest);
}

namespace {

TerminalStyle style_of(int descriptor, const std::string& colour) {
  const bool terminal = ::isatty(descriptor) != 0;
  const bool plain = !terminal_variable("NO_COLOR").empty() || terminal_variable("TERM") == "dumb";
  TerminalStyle style;
  style.colour = colour == "always" || (colour == "auto" && terminal && !plain);
  style.width = terminal ? std::min(terminal_width(descriptor), kWidest) : kWidest;
  style.unicode = !terminal || utf8_locale();
  return style;
}

}  // namespace

TerminalStyle standard_output_style(const std::string& colour) {
  return style_of(STDOUT_FILENO, colour);
}

TerminalStyle standard_error_style(const std::string& colour) {
  return style_of(STDERR_FILENO, colour);
}

}  // namespace sluice
