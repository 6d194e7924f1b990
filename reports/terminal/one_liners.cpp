#include "reports/terminal/one_liners.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "base/text/units.hpp"
#include "reports/figures/figure_text.hpp"
#include "reports/summary/phrases.hpp"
#include "reports/summary/rows.hpp"
#include "reports/summary/too_long_text.hpp"

namespace sluice {
namespace {

constexpr std::size_t kOneLineColumns = 13;

void add(std::string& text, const std::string& more) { text += (text.empty() ? "" : " · ") + more; }

}  // namespace

void one_line(TerminalScreen& screen, const char* subject, const std::string& text) {
  if (!text.empty())
    screen.item({fmt::format("{:<{}}", subject, kOneLineColumns), Tone::strong}, {text});
}

void throughput_line(const Report& report, TerminalScreen& screen) {
  std::string text;
  for (const auto& [metric, what] :
       {std::pair(Metric::submitted_rate, "submitted"),
        std::pair(Metric::succeeded_rate, "succeeded"), std::pair(Metric::failed_rate, "failed"),
        std::pair(Metric::stopped_rate, "stopped"), std::pair(Metric::requeued_rate, "requeued")}) {
    const Figure* const figure = report.figures.find(metric);
    const bool always = metric == Metric::submitted_rate || metric == Metric::succeeded_rate;
    if (figure == nullptr || (!always && figure->value == 0)) continue;
    constexpr double kLeast = 0.01;
    const bool rare = figure->value > 0 && figure->value < kLeast;
    add(text, fmt::format("{} {}", rare ? "< 0.01" : compact(figure, Unit::count), what));
  }
  if (text.empty()) return;
  text += " a minute";
  if (const std::string too_long = too_long_text(report); !too_long.empty()) add(text, too_long);
  one_line(screen, "THROUGHPUT", text);
}

void workers_line(const Report& report, TerminalScreen& screen) {
  std::vector<FigureEntry> busiest = worker_figures(report);
  if (report.names.groups.size() > 1)
    std::erase_if(busiest, [](const FigureEntry& e) { return !e.key.subject.group.valid(); });
  if (busiest.empty()) return;
  const Subject& subject = busiest.front().key.subject;
  const auto share = [&](Metric metric) { return report.figures.find(metric, subject); };
  std::string text;
  if (busiest.size() > 1 && subject.group.valid())
    text = short_name(report.names.groups.at(subject.group.index())) + ": ";
  text += fmt::format("{} · {} running", compact(share(Metric::workers_mean), Unit::count),
                      format_share(busiest.front().figure.value));
  for (const auto& [metric, what] :
       {std::pair(Metric::workers_holding, "held"), std::pair(Metric::workers_starting, "starting"),
        std::pair(Metric::idle_backlogged, "idle: eligible"),
        std::pair(Metric::idle_blocked, "idle: blocked"),
        std::pair(Metric::idle_empty, "idle: none waits")})
    if (const Figure* const figure = share(metric); value_or_zero(figure) > 0)
      add(text, fmt::format("{} {}", format_share(figure->value), what));
  if (busiest.size() > 1) text += fmt::format(" · … and {} more", busiest.size() - 1);
  one_line(screen, "WORKERS", text);
}

void credentials_line(const Report& report, TerminalScreen& screen) {
  const std::vector<PoolId> pools = worst_pools(report);
  const std::vector<CredentialId> credentials = worst_credentials(report);
  if (pools.empty() && credentials.empty()) return;
  std::string text;
  const auto held = [&](const std::string& name, const std::string& limit, const std::string& used,
                        const Figure* runs, const Figure* time) {
    add(text, fmt::format("{}: {} of {} in use", short_name(name), used, limit));
    if (value_or_zero(runs) > 0)
      text += fmt::format(", held up {} {}, {} in sum", compact(runs, Unit::count),
                          runs->value == 1 ? "run" : "runs", compact(time, Unit::seconds));
  };
  const auto find = [&](Metric metric, const Subject& subject) {
    return report.figures.find(metric, subject);
  };
  for (std::size_t i = 0; i < std::min<std::size_t>(pools.size(), 2); ++i) {
    const Subject subject = Subject::of(pools[i]);
    const std::vector<std::string> cells = pool_cells(report, pools[i]);
    held(report.names.pools.at(pools[i].index()).name, cells[0], cells[1],
         find(Metric::pool_runs_held, subject), find(Metric::pool_held_time, subject));
  }
  if (pools.empty()) {
    const CredentialId worst = credentials.front();
    const Subject subject = Subject::of(worst);
    held(report.names.credentials.at(worst.index()), limit_text(report, worst),
         compact(find(Metric::credential_in_use_mean, subject), Unit::count),
         find(Metric::credential_runs_held, subject), find(Metric::credential_held_time, subject));
  }
  const std::size_t shown = pools.empty() ? 1 : std::min<std::size_t>(pools.size(), 2);
  const std::size_t all = pools.empty() ? credentials.size() : pools.size();
  if (all > shown) text += fmt::format(" · … and {} more", all - shown);
  one_line(screen, "CREDENTIALS", text);
}

}  // namespace sluice
