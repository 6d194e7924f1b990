// The columns of the tables for people: which figures, under which heading.
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "reports/figures/figure.hpp"
#include "reports/figures/figure_text.hpp"

namespace sluice {

struct FigureColumn {
  Metric metric;
  std::string_view over;  ///< upper line of the heading
  std::string_view heading;
};

inline constexpr std::array<FigureColumn, 11> kStarvationColumns{{
    {Metric::wait_count, "", "runs"},
    {Metric::wait_p50, "wait", "p50"},
    {Metric::wait_p95, "wait", "p95"},
    {Metric::wait_p99, "wait", "p99"},
    {Metric::wait_max, "wait", "max"},
    {Metric::wait_censored, "still", "waiting"},
    {Metric::starvation_count, "starved", "times"},
    {Metric::starvation_total, "starved", "total"},
    {Metric::starvation_longest, "starved", "longest"},
    {Metric::starvation_index, "starv.", "index"},
    {Metric::queue_age_max, "oldest", "in queue"},
}};

inline constexpr std::array<FigureColumn, 7> kWorkspaceColumns{{
    {Metric::wait_count, "", "runs"},
    {Metric::wait_p50, "", "wait p50"},
    {Metric::wait_p95, "", "wait p95"},
    {Metric::wait_max, "", "wait max"},
    {Metric::starvation_count, "", "starved"},
    {Metric::starvation_total, "", "in total"},
    {Metric::starvation_longest, "", "longest"},
}};

inline constexpr std::array<FigureColumn, 9> kThroughputColumns{{
    {Metric::submitted_rate, "", "submitted"},
    {Metric::accepted_rate, "", "accepted"},
    {Metric::dispatched_rate, "", "dispatched"},
    {Metric::succeeded_rate, "", "succeeded"},
    {Metric::failed_rate, "", "failed"},
    {Metric::stopped_rate, "", "stopped"},
    {Metric::requeued_rate, "", "requeued"},
    {Metric::goodput_share, "", "good"},
    {Metric::service_mean, "", "run time"},
}};

inline constexpr std::array<FigureColumn, 7> kWorkerColumns{{
    {Metric::workers_mean, "", "workers"},
    {Metric::utilisation, "", "running"},
    {Metric::workers_holding, "", "held"},
    {Metric::workers_starting, "", "starting"},
    {Metric::idle_backlogged, "", "idle: eligible"},
    {Metric::idle_blocked, "", "idle: blocked"},
    {Metric::idle_empty, "", "idle: none waits"},
}};

inline constexpr std::array<FigureColumn, 6> kCredentialColumns{{
    {Metric::credential_in_use_mean, "", "in use"},
    {Metric::credential_at_limit, "", "at limit"},
    {Metric::credential_runs_held, "", "runs held"},
    {Metric::credential_held_time, "", "held for"},
    {Metric::login_count, "", "logins"},
    {Metric::login_failed_count, "", "failed"},
}};

/// In columns a rate goes without its unit: the heading of its table says it.
inline Unit column_unit(Metric metric) {
  const Unit unit = info(metric).unit;
  return unit == Unit::per_minute ? Unit::count : unit;
}
inline std::string column_text(const Figure* figure, Metric metric) {
  return compact(figure, column_unit(metric));
}

}  // namespace sluice
