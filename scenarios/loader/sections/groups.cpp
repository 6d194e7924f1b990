#include "scenarios/loader/sections/groups.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>

#include "scenarios/loader/keys/clock_steps.hpp"
#include "scenarios/loader/keys/clock_types.hpp"
#include "scenarios/loader/keys/scalar_types.hpp"
#include "scenarios/loader/sections/dispatch.hpp"
#include "scenarios/loader/sections/distribution_types.hpp"

namespace sluice {
namespace {

/// A schedule over time, before its order is checked.
struct ScheduleText {
  Entries<Time, std::uint32_t> at, daily, weekly;
  Duration every{};
};

const Table<ScheduleText>& schedule_table() {
  using S = ScheduleText;
  static const Table<S> table{
      "a schedule of workers",
      "How many workers there are from which time on.",
      {key("at",
           entries<Time, std::uint32_t>("times and numbers of workers, in ascending order",
                                        time_type(), count_type(0, 1'000'000)),
           &S::at, "times and numbers of workers: `{0h: 40, 8h: 60}`"),
       key("daily",
           day_steps_type<std::uint32_t>("times of day and numbers of workers",
                                         count_type(0, 1'000'000)),
           &S::daily, "by the clocks, alike on each day: `{00:00: 40, 08:00: 60}`"),
       key("weekly", week_steps_type<std::uint32_t>("numbers of workers", count_type(0, 1'000'000)),
           &S::weekly, "by day of the week: `{mon-fri: {00:00: 40, 08:00: 60}, sat-sun: 20}`"),
       key("every", positive_duration_type(), &S::every,
           "`at` repeats with this period, such as `24h`")},
      {{"at"}, {"daily"}, {"weekly"}}};
  return table;
}

/// Of steps by the clocks: where there are dates, as times since the start. A server may go on for
/// longer than the scenario: a year is laid out at least.
bool lay_out(Reader& reader, const TreeNode& node, ScheduleText& schedule) {
  constexpr Duration kYear = kDay * 366;
  constexpr std::size_t kMostSteps = 2'000'000;
  const Entries<Time, std::uint32_t>& steps =
      schedule.daily.empty() ? schedule.weekly : schedule.daily;
  const Duration period = schedule.daily.empty() ? kWeek : kDay;
  if (!reader.calendar.has_dates()) {
    schedule.at = steps;
    schedule.every = period;
    return true;
  }
  const Duration length = std::max(reader.duration, kYear);
  if (static_cast<std::size_t>(length.ns / period.ns + 1) > kMostSteps / steps.size())
    return reader.error(node.mark, "more than 2 000 000 steps over the duration of the scenario");
  schedule.at = laid_out<std::uint32_t>(steps, period, reader.calendar, Time::zero() + length);
  return true;
}

bool check_order(Reader& reader, const TreeNode& node, const ScheduleText& schedule) {
  const auto& at = schedule.at;
  const TreeNode* map = node.find("at");
  for (std::size_t i = 0; i < at.size(); ++i) {
    const Mark& mark = map->entries[i].key.mark;
    if (i > 0 && at[i].first <= at[i - 1].first)
      return reader.error(mark, "the times of a schedule must ascend");
    if (schedule.every > Duration::zero() && at[i].first >= Time::zero() + schedule.every)
      return reader.error(mark, "lies outside the period `every`");
  }
  return true;
}

Type<ScheduleText> schedule_type() {
  Type<ScheduleText> type = object(schedule_table);
  type.read = [read = type.read](Reader& reader, TreeNode& node, ScheduleText& schedule) {
    if (!read(reader, node, schedule)) return false;
    if (!schedule.at.empty()) return check_order(reader, node, schedule);
    if (schedule.every > Duration::zero())
      return reader.error(node.find("every")->mark, "days and weeks repeat by themselves");
    return lay_out(reader, node, schedule);
  };
  return type;
}

const Table<AutoscalingConfig>& autoscaling_table() {
  using A = AutoscalingConfig;
  static const Table<A> table{
      "autoscaling",
      "Workers = running + eligible waiting runs / target_backlog, within min and max.",
      {key("min", count_type(0, 1'000'000), &A::min, "fewest workers").required(),
       key("max", count_type(1, 1'000'000), &A::max, "most workers").required(),
       key("target_backlog", number_type(), &A::target_backlog,
           "waiting eligible runs that one more worker is worth")
           .or_default("1"),
       key("every", positive_duration_type(), &A::every, "how often it looks").or_default("30s"),
       key("scale_up_delay", duration_type(), &A::scale_up_delay,
           "follows upwards only after wanting it this long")
           .or_default("0s"),
       key("scale_down_delay", duration_type(), &A::scale_down_delay,
           "follows downwards only after wanting it this long")
           .or_default("5m")}};
  return table;
}

Type<AutoscalingConfig> autoscaling_type() {
  Type<AutoscalingConfig> type = object(autoscaling_table);
  type.read = [read = type.read](Reader& reader, TreeNode& node, AutoscalingConfig& config) {
    if (!read(reader, node, config)) return false;
    if (config.min > config.max)
      return reader.error(node.find("min")->mark, "min (" + std::to_string(config.min) +
                                                      ") is more than max (" +
                                                      std::to_string(config.max) + ")");
    return config.target_backlog > 0 ||
           reader.error(node.find("target_backlog")->mark, "target_backlog must be more than 0");
  };
  return type;
}

const Table<WorkerFailureConfig>& failures_table() {
  using F = WorkerFailureConfig;
  static const Table<F> table{
      "worker failures",
      "Each worker fails after an exponential time; its run is requeued.",
      {key("mtbf", positive_duration_type(), &F::mtbf, "mean time between failures of one worker")
           .required(),
       key("mttr", distribution_type(Quantity::time), &F::repair,
           "time to repair; then it is back at once, without start-up")
           .required()}};
  return table;
}

const Table<WorkerPoolConfig>& workers_table() {
  using W = WorkerPoolConfig;
  static const Table<W> table{
      "workers",
      "The pool of workers of a resource group.",
      {key("count", count_type(0, 1'000'000), &W::count, "workers from the start").required(),
       key_with<W>(
           "schedule", schedule_type(),
           [](W& workers, const ScheduleText& schedule) {
             for (const auto& [at, count] : schedule.at) workers.schedule.push_back({at, count});
             workers.schedule_period = schedule.every;
           },
           "how many workers there are from which time on"),
       key("start_up", distribution_type(Quantity::time), &W::start_up,
           "time before a new worker takes runs")
           .or_default("0s"),
       key("cool_down", distribution_type(Quantity::time), &W::cool_down,
           "time after each run before the worker is free")
           .or_default("0s"),
       key("autoscaling", autoscaling_type(), &W::autoscaling,
           "follows the backlog; not beside `schedule`"),
       key("failures", object(failures_table), &W::failures,
           "workers that fail and are repaired")}};
  return table;
}

/// Reported, and read on: the pool is good for what else is checked.
bool check_one_hand(Reader& reader, const TreeNode& node, const WorkerPoolConfig& workers) {
  if (workers.schedule.empty() || !workers.autoscaling) return true;
  for (const auto& entry : node.entries)
    if (entry.key.text == "autoscaling")
      reader.error(entry.key.mark,
                   "`schedule` and `autoscaling` both say how many workers there are: leave one "
                   "out");
  return true;
}

Type<WorkerPoolConfig> workers_map_type() {
  Type<WorkerPoolConfig> type = object(workers_table);
  type.read = [read = type.read](Reader& reader, TreeNode& node, WorkerPoolConfig& workers) {
    return read(reader, node, workers) && check_one_hand(reader, node, workers);
  };
  return type;
}

Type<WorkerPoolConfig> workers_type() {
  auto count =
      converted<std::uint32_t, WorkerPoolConfig>(count_type(0, 1'000'000), [](std::uint32_t n) {
        WorkerPoolConfig workers;
        workers.count = n;
        return workers;
      });
  return by_shape<WorkerPoolConfig>(
      "a number of workers, or a map such as `{count: 40, start_up: 3s}`",
      {std::move(count), std::nullopt, workers_map_type()});
}

Type<WhenCredentialBusy> when_busy_type() {
  using B = WhenCredentialBusy;
  return word_type<B>(
      "a rule for busy credentials",
      {{"skip", B::skip, "the run is parked and holds nobody up"},
       {"block_workspace", B::block_workspace, "head of line within its workspace's queue"},
       {"block_level", B::block_level, "nothing of a lower level is dispatched either"},
       {"hold_worker", B::hold_worker, "the run takes a worker and waits inside it"}});
}

const Table<GroupText>& group_table() {
  using G = GroupText;
  static const Table<G> table{
      "a resource group",
      "A pool of workers and the rule by which it takes runs.",
      {key_with<G>(
           "workers", workers_type(),
           [](G& group, WorkerPoolConfig workers) { group.config.workers = std::move(workers); },
           "a number, or count, schedule, start_up, cool_down, autoscaling, failures")
           .required(),
       key_with<G>(
           "dispatch", dispatch_type(),
           [](G& group, DispatchText dispatch) {
             group.config.dispatch = std::move(dispatch.config);
             group.share_weights = std::move(dispatch.share_weights);
           },
           "who is next")
           .or_default("strict_priority"),
       key_with<G>(
           "when_credential_busy", when_busy_type(),
           [](G& group, WhenCredentialBusy when) { group.config.when_credential_busy = when; },
           "what a run that cannot take its credentials does to those behind it")
           .or_default("skip")}};
  return table;
}

/// An autoscaler takes back what is not from min to max.
void warn_of_count(const GroupText& group, Problems& problems) {
  const WorkerPoolConfig& workers = group.config.workers;
  const auto& scaling = workers.autoscaling;
  if (group.unread.any() || !scaling) return;
  if (workers.count >= scaling->min && workers.count <= scaling->max) return;
  problems.warning(group.mark, "the count " + std::to_string(workers.count) +
                                   " is not from min to max of the autoscaling (" +
                                   std::to_string(scaling->min) + " to " +
                                   std::to_string(scaling->max) +
                                   "): it holds until the autoscaler acts");
}

}  // namespace

Type<GroupText> group_type() { return with_mark(object(group_table)); }

std::vector<ResourceGroupConfig> declare_groups(const Entries<Name, GroupText>& texts,
                                                NameTable& groups, Problems& problems) {
  std::vector<ResourceGroupConfig> configs;
  for (const auto& [name, text] : texts) {
    warn_of_count(text, problems);
    groups.declare(name, 0, [&, &config = text.config](const std::string& full) {
      configs.push_back(config);
      configs.back().name = full;
    });
  }
  return configs;
}

}  // namespace sluice
