// One line each of throughput, workers and credentials: what a screen has room for.
#pragma once

#include <string>

#include "reports/report.hpp"
#include "reports/terminal/screen.hpp"

namespace sluice {

/// Each writes nothing when it has nothing to say.
void throughput_line(const Report& report, TerminalScreen& screen);
void workers_line(const Report& report, TerminalScreen& screen);
void credentials_line(const Report& report, TerminalScreen& screen);
void one_line(TerminalScreen& screen, const char* subject, const std::string& text);

}  // namespace sluice
