#include "reports/summary/load.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text/units.hpp"
#include "reports/figures/figure_text.hpp"
#include "reports/figures/load_failures.hpp"

namespace sluice {
namespace {

constexpr std::size_t kMostNotes = 8;

std::string count_text(std::uint64_t count) { return format_count(static_cast<double>(count)); }

std::string time_text(Duration time) { return compact(time.seconds(), Unit::seconds); }

std::string share_text(std::uint64_t part, std::uint64_t whole) {
  return whole == 0 ? "–" : format_share(static_cast<double>(part) / static_cast<double>(whole));
}

/// Adds "12 late" if there are any.
void add_if_any(std::string& text, std::uint64_t count, std::string_view what) {
  if (count > 0) text += fmt::format("{}{} {}", text.empty() ? "" : " · ", count_text(count), what);
}

std::string requests_text(const LoadFacts& load) {
  std::string text = fmt::format("{} intended ({} /s) · {} sent ({} /s)", count_text(load.intended),
                                 format_number(load.intended_per_s), count_text(load.sent),
                                 format_number(load.sent_per_s));
  add_if_any(text, load.unsent, "never sent");
  add_if_any(text, load.unreached, "without a connection to the target");
  add_if_any(text, load.resent, "resent: the target had closed the kept connection");
  if (load.late > 0)
    text += fmt::format(" · {} late ({})", count_text(load.late), share_text(load.late, load.sent));
  return text;
}

/// Whether a failure is not one of an answer.
bool of_runs(std::string_view reason) { return reason == kNoStartEvent || reason == kNoEndEvent; }

std::string answers_text(const LoadFacts& load) {
  std::string text;
  for (const auto& [status, count] : load.statuses)
    text += fmt::format("{}{}: {}", text.empty() ? "" : " · ", status, count_text(count));
  for (const auto& [reason, count] : load.failures)
    if (!of_runs(reason))
      text += fmt::format("{}{}: {}", text.empty() ? "" : " · ", reason, count_text(count));
  return text.empty() ? "none" : text;
}

std::string runs_text(const LoadFacts& load) {
  std::string text = fmt::format("{} followed, {} ended", count_text(load.runs_followed),
                                 count_text(load.runs_ended));
  add_if_any(text, load.runs_lost, "lost: where they are is not known");
  add_if_any(text, load.runs_unfollowed, "unfollowed: their answers named no run");
  add_if_any(text, load.runs_submitting, "still being submitted at the end");
  for (const auto& [reason, count] : load.failures)
    if (of_runs(reason)) add_if_any(text, count, "with " + reason);
  add_if_any(text, load.duplicate_events, "events twice");
  add_if_any(text, load.reordered_events, "events out of order");
  add_if_any(text, load.bad_signatures, "webhooks with a wrong signature");
  return text;
}

std::string connections_text(const LoadFacts& load) {
  std::string text =
      fmt::format("{} opened, {} at once at most", count_text(load.connections_opened),
                  count_text(load.connections_most));
  add_if_any(text, load.streams_opened, "event streams");
  add_if_any(text, load.streams_silent, "of them fell silent");
  return text + fmt::format(" · {} of CPU time here", format_duration(load.cpu_seconds));
}

}  // namespace

std::vector<std::string> load_cautions(const LoadFacts& load) {
  std::vector<std::string> lines;
  if (load.validity != LoadFacts::Validity::valid)
    lines.push_back(
        fmt::format("Neither passed nor failed: {}{} What follows is about this load, "
                    "not about the one that the scenario asks for.",
                    load.why_invalid, load.why_invalid.ends_with('.') ? "" : "."));
  if (!load.ended_early.empty())
    lines.push_back(fmt::format("Ended early: {}{}", load.ended_early,
                                load.ended_early.ends_with('.') ? "" : "."));
  if (!load.target_lost.empty())
    lines.push_back(fmt::format("The target is lost: {}.", load.target_lost));
  return lines;
}

std::string load_setting(const LoadFacts& load) {
  const std::string scale = load.time_scale == 1
                                ? "in real time"
                                : format_number(load.time_scale) + " simulated seconds per second";
  return fmt::format("{}, {}, runs followed by {}", load.target, scale, load.follow);
}

std::vector<LoadLine> load_lines(const LoadFacts& load) {
  std::vector<LoadLine> lines{{"requests", requests_text(load)},
                              {"answers", answers_text(load)},
                              {"runs", runs_text(load)},
                              {"connections", connections_text(load)}};
  for (const std::string& note : load.notes) lines.push_back({"note", note});
  return lines;
}

std::vector<LoadLine> shown_load_lines(const LoadFacts& load) {
  std::vector<LoadLine> lines = load_lines(load);
  const std::size_t most = lines.size() - load.notes.size() + kMostNotes;
  if (lines.size() <= most) return lines;
  lines.resize(most);
  lines.push_back({"", fmt::format("… and {} more notes", load.notes.size() - kMostNotes)});
  return lines;
}

std::vector<LoadTime> load_times(const LoadFacts& load) {
  std::vector<LoadTime> all{{"answer, from its intended time", &load.latency},
                            {"answer, from the send", &load.latency_from_send},
                            {"send, from its intended time", &load.lateness}};
  std::erase_if(all, [](const LoadTime& time) { return time.times->count == 0; });
  return all;
}

std::vector<std::string> time_headings() {
  return {"count", "mean", "p50", "p90", "p95", "p99", "p99.9", "max"};
}

std::vector<std::string> time_cells(const TimeQuantiles& times) {
  std::vector<std::string> cells{compact_count(static_cast<double>(times.count)),
                                 time_text(times.mean)};
  for (const Duration at : times.at) cells.push_back(time_text(at));
  return cells;
}

}  // namespace sluice
