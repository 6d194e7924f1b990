#include "cli/commands/load_view.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include "base/text/display_text.hpp"
#include "base/text/units.hpp"
#include "cli/output/output.hpp"
#include "cli/output/terminal.hpp"

namespace sluice {
namespace {

constexpr std::chrono::seconds kPlainEvery{5};

std::string count(std::uint64_t n) { return format_count(static_cast<double>(n)); }

std::string seconds(std::chrono::nanoseconds length) {
  return format_duration(std::chrono::duration<double>(length).count());
}

std::string_view phase_name(LoadProgress::Phase phase) {
  return phase == LoadProgress::Phase::sending ? "sending" : "draining";
}

std::string rate(double per_s) { return format_number(per_s) + "/s"; }

std::string quantile(const TimeQuantiles& times, std::size_t which) {
  return times.count == 0 ? "-" : format_duration(times.at[which].seconds());
}

std::string answers_text(const LoadCounts& counts) {
  std::string text;
  for (const auto& [status, n] : counts.statuses)
    text += fmt::format("{}{} × {}", text.empty() ? "" : " · ", status, count(n));
  if (counts.unanswered > 0) text += fmt::format(" · none × {}", count(counts.unanswered));
  return text.empty() ? "none yet" : text;
}

std::string runs_text(const ObservedCounts& runs) {
  std::string text;
  for (const PriorityLevel level : kAllLevels) {
    const ObservedLevel& at = runs.levels[index(level)];
    text += fmt::format("{} {} waiting, {} running · ", name(level), count(at.waiting),
                        count(at.running));
  }
  return text + count(runs.ended) + " ended";
}

std::string position_text(const LoadProgress& progress) {
  return fmt::format("{} · {} of {} · {} left", phase_name(progress.phase),
                     format_duration(progress.simulated.seconds()),
                     format_duration(progress.total.seconds()), seconds(progress.left));
}

}  // namespace

std::vector<std::string> load_view_lines(const LoadProgress& progress) {
  const TimeQuantiles& latency = progress.latency;
  return {
      position_text(progress),
      fmt::format("requests  {} intended · {} sent · {} unanswered · {} connections · {} streams",
                  rate(progress.intended_per_s), rate(progress.sent_per_s),
                  count(progress.unanswered), count(progress.connections), count(progress.streams)),
      fmt::format("latency   p50 {} · p99 {} · max {}      sent late by p99 {}",
                  quantile(latency, 0), quantile(latency, 3), quantile(latency, 5),
                  quantile(progress.lateness, 3)),
      "answers   " + answers_text(progress.counts),
      "runs      " + runs_text(progress.runs),
  };
}

std::string load_view_line(const LoadProgress& progress) {
  return fmt::format("{} · {} sent · {} unanswered · p99 {} · {} · {}", position_text(progress),
                     rate(progress.sent_per_s), count(progress.unanswered),
                     quantile(progress.latency, 3), answers_text(progress.counts),
                     runs_text(progress.runs));
}

LoadView::LoadView(bool wanted) : wanted_(wanted), terminal_(::isatty(STDERR_FILENO) != 0) {}

LoadView::~LoadView() { take_away(); }

void LoadView::take_away() {
  if (lines_ == 0) return;
  print_error(fmt::format("\x1b[{}A\r\x1b[J", lines_));
  lines_ = 0;
}

void LoadView::show(const LoadProgress& progress) {
  if (!wanted_) return;
  const auto now = std::chrono::steady_clock::now();
  if (!terminal_) {
    if (now - last_ < kPlainEvery) return;
    last_ = now;
    print_error(load_view_line(progress) + '\n');
    return;
  }
  const auto width = static_cast<std::size_t>(terminal_width(STDERR_FILENO) - 1);
  std::string text;
  if (lines_ > 0) text = fmt::format("\x1b[{}A\r", lines_);
  const std::vector<std::string> lines = load_view_lines(progress);
  for (const std::string& line : lines) text += "\x1b[2K" + clipped(line, width) + '\n';
  lines_ = lines.size();
  print_error(text);
}

}  // namespace sluice
