#include "reports/markdown/traces.hpp"

#include "reports/markdown/escape.hpp"
#include "reports/summary/traces.hpp"

namespace sluice {

std::string traces_markdown(const Report& report) {
  std::string text;
  for (const TraceImport& trace : report.traces) {
    std::string mark = "- " + markdown_code(trace.submitter) + ": ";
    for (const std::string& line : trace_lines(trace)) {
      text += mark + markdown_text(line) + "\n";
      mark = "  - ";
    }
  }
  return text.empty() ? text : text + "\n";
}

}  // namespace sluice
