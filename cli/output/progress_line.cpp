#include "cli/output/progress_line.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <condition_variable>
#include <mutex>
#include <utility>

#include "base/text/display_text.hpp"
#include "base/text/units.hpp"
#include "cli/output/output.hpp"
#include "cli/output/terminal.hpp"

namespace sluice {
namespace {

using namespace std::chrono_literals;
constexpr auto kRefresh = 250ms;
constexpr const char* kEraseLine = "\r\x1b[2K";

}  // namespace

std::string progress_text(const ExperimentProgress& progress, double wall_seconds) {
  const double done = progress.fraction();
  const auto runs = static_cast<double>(progress.runs());
  std::string text = fmt::format(
      "simulated {} of {} · {} runs · {}", format_duration(progress.simulated().seconds()),
      format_duration(progress.total().seconds()), format_count(runs), format_share(done));
  if (wall_seconds > 0.5 && done > 0) {
    text += fmt::format(" · {} runs/s · {} left", format_count(runs / wall_seconds),
                        format_duration(wall_seconds * (1 - done) / done));
  }
  return text;
}

std::string progress_text(const TrialProgress& progress, double wall_seconds) {
  const auto done = static_cast<double>(progress.replications.load(std::memory_order_relaxed));
  const auto wanted = static_cast<double>(progress.wanted.load(std::memory_order_relaxed));
  const auto runs = static_cast<double>(progress.runs.load(std::memory_order_relaxed));
  std::string text = fmt::format("{} of {} replications of this round and before · {} runs",
                                 format_count(done), format_count(wanted), format_count(runs));
  if (wall_seconds > 0.5 && done > 0)
    text += fmt::format(" · {} runs/s · {} left of this round", format_count(runs / wall_seconds),
                        format_duration(wall_seconds * (wanted - done) / done));
  return text;
}

ProgressLine::ProgressLine(const ExperimentProgress& progress, bool wanted)
    : ProgressLine([&progress](double wall) { return progress_text(progress, wall); }, wanted) {}

ProgressLine::ProgressLine(const TrialProgress& progress, bool wanted)
    : ProgressLine([&progress](double wall) { return progress_text(progress, wall); }, wanted) {}

ProgressLine::ProgressLine(Text text, bool wanted)
    : text_(std::move(text)), begin_(std::chrono::steady_clock::now()) {
  if (!wanted || ::isatty(STDERR_FILENO) == 0) return;
  thread_ = std::jthread([this](const std::stop_token& token) {
    std::mutex mutex;
    std::condition_variable_any wake;
    std::unique_lock lock(mutex);
    while (!wake.wait_for(lock, token, kRefresh, [&] { return token.stop_requested(); })) show();
    print_error(kEraseLine);
  });
}

ProgressLine::~ProgressLine() = default;  // stops and joins the thread

void ProgressLine::show() {
  const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - begin_;
  const auto width = static_cast<std::size_t>(terminal_width(STDERR_FILENO) - 1);
  print_error(kEraseLine + clipped(text_(wall.count()), width));
}

}  // namespace sluice
