#include "reports/terminal/traces.hpp"

#include "base/text/display_text.hpp"
#include "reports/summary/traces.hpp"

namespace sluice {
namespace {

constexpr std::size_t kNameColumns = 13;

}  // namespace

void traces_section(const Report& report, TerminalScreen& screen) {
  if (report.traces.empty()) return;
  screen.heading("RECORDINGS", "what was read of each, and what became of its rows");
  for (const TraceImport& trace : report.traces) {
    std::string mark = padded("  " + trace.submitter, kNameColumns + 2, Align::left);
    for (const std::string& line : trace_lines(trace)) {
      screen.item({mark, Tone::faint}, {line});
      if (screen.brief()) break;  // the rest is about what became of rows
      mark = std::string(kNameColumns + 2, ' ');
    }
  }
  screen.end_section();
}

}  // namespace sluice
