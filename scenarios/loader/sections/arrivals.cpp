#include "scenarios/loader/sections/arrivals.hpp"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>

#include "base/calendar/calendar.hpp"
#include "scenarios/loader/keys/clock_steps.hpp"
#include "scenarios/loader/keys/clock_types.hpp"
#include "scenarios/loader/keys/scalar_types.hpp"
#include "scenarios/loader/sections/distribution_types.hpp"
#include "scenarios/loader/trace/trace_report.hpp"

namespace sluice {
namespace {

// ---- on which days

/// Arrivals of one kind, and the days on which there are any.
template <class A>
struct OnDays {
  A arrivals;
  Weekdays days = kEveryDay;
};

template <class T>
Key<T> days_key(Weekdays T::*member) {
  return key("days", days_type(), member,
             "only on these, by the clocks: `mon-fri`; a holiday is a sunday; not given: each day");
}

/// The keys of `table`, and `days`.
template <class A>
Table<OnDays<A>> on_days(const Table<A>& table) {
  Table<OnDays<A>> with{table.what, table.description, {}, table.exactly_one};
  for (const Key<A>& key : table.keys)
    with.keys.push_back({key.info,
                         [read = key.read](Reader& reader, TreeNode& node, OnDays<A>& on_days) {
                           return read(reader, node, on_days.arrivals);
                         },
                         key.schema});
  with.keys.push_back(days_key<OnDays<A>>(&OnDays<A>::days));
  return with;
}

// ---- rates over time

struct CurveText {
  Entries<Time, double> at, linear, daily, weekly;
  Duration every{};
};

const Table<CurveText>& curve_table() {
  using C = CurveText;
  const auto points = [](const char* what) {
    return entries<Time, double>(what, time_type(), rate_type());
  };
  static const Table<C> table{
      "a rate over time",
      "Steps (`at`), straight lines (`linear`), or the steps of each day (`daily`) or week "
      "(`weekly`) by the clocks.",
      {key("at", points("times and rates"), &C::at,
           "each rate holds until the next: `{0h: 5/min, 2h: 25/min}`"),
       key("linear", points("times and rates"), &C::linear,
           "straight lines between the points; the last rate lasts, or with `every` leads back to "
           "the first"),
       key("daily", day_steps_type<double>("times of day and rates", rate_type()), &C::daily,
           "as `at`, again each day: `{00:00: 5/min, 09:00: 25/min}`"),
       key("weekly", week_steps_type<double>("rates", rate_type()), &C::weekly,
           "by day of the week: `{mon-fri: {00:00: 5/min, 09:00: 25/min}, sat-sun: 1/min}`"),
       key("every", positive_duration_type(), &C::every, "repeats with this period")},
      {{"at"}, {"linear"}, {"daily"}, {"weekly"}}};
  return table;
}

bool check_curve(Reader& reader, const TreeNode& node, const RateCurve& curve) {
  const TreeNode* points = node.find(curve.linear ? "linear" : "at");
  for (std::size_t i = 0; i < curve.points.size(); ++i) {
    const Mark& mark = points->entries[i].key.mark;
    if (i == 0 && curve.points[i].at != Time::zero())
      return reader.error(mark, "the first time must be 0h: what is the rate before it?");
    if (i > 0 && curve.points[i].at <= curve.points[i - 1].at)
      return reader.error(mark, "the times must ascend");
    // A straight line may end where the period does.
    const Time end = Time::zero() + curve.period + Duration{curve.linear ? 1 : 0};
    if (curve.period > Duration::zero() && curve.points[i].at >= end)
      return reader.error(mark, "lies outside the period");
  }
  return true;
}

bool read_curve(Reader& reader, TreeNode& node, RateCurve& curve) {
  CurveText text;
  if (!curve_table().read(reader, node, text)) return false;
  const auto take = [&](const Entries<Time, double>& points, Duration period) {
    for (const auto& [at, per_second] : points) curve.points.push_back({at, per_second});
    curve.period = period;
  };
  curve.linear = !text.linear.empty();
  if (text.daily.empty() && text.weekly.empty()) {
    take(curve.linear ? text.linear : text.at, text.every);
    return check_curve(reader, node, curve);
  }
  if (text.every > Duration::zero())
    return reader.error(node.find("every")->mark, text.daily.empty()
                                                      ? "`weekly` repeats each week already"
                                                      : "`daily` repeats each 24 h already");
  take(text.daily.empty() ? text.weekly : text.daily, text.daily.empty() ? kWeek : kDay);
  if (reader.calendar.has_dates())
    curve.calendar = std::make_shared<const Calendar>(reader.calendar);
  return true;
}

Type<RateCurve> curve_type() {
  auto constant = converted<double, RateCurve>(rate_type(), [](double per_second) {
    return RateCurve{{{Time::zero(), per_second}}, {}, false};
  });
  Type<RateCurve> map{read_curve, [](Schema& schema) { return curve_table().schema(schema); }};
  return named<RateCurve>(
      "rate_curve",
      by_shape<RateCurve>("a rate such as `40/min`, or `{at: {0h: 5/min, 2h: 25/min}}`",
                          {std::move(constant), std::nullopt, std::move(map)}));
}

const Table<OnDays<PoissonArrivals>>& poisson_table() {
  static const Table<OnDays<PoissonArrivals>> table = on_days<PoissonArrivals>(
      {"Poisson arrivals",
       "Independent of each other, at a rate that may change over time.",
       {key("rate", curve_type(), &PoissonArrivals::rate, "constant or over time").required()}});
  return table;
}

Type<OnDays<PoissonArrivals>> poisson_type() {
  using Poisson = OnDays<PoissonArrivals>;
  auto rate = converted<double, Poisson>(rate_type(), [](double per_second) {
    return Poisson{{RateCurve{{{Time::zero(), per_second}}, {}, false}}};
  });
  return by_shape<Poisson>("a rate such as `40/min`, or `{rate: …}`",
                           {std::move(rate), std::nullopt, object(poisson_table)});
}

// ---- regular

struct RegularText {
  Duration every{};
  double rate = 0;
  double jitter = 0;
  Weekdays days = kEveryDay;
};

template <bool kJittered>
const Table<RegularText>& regular_table() {
  using R = RegularText;
  static const Table<R> table = [] {
    Table<R> regular{"regular arrivals",
                     "One run after each interval.",
                     {key("every", positive_duration_type(), &R::every, "the interval"),
                      key("rate", rate_type(), &R::rate, "the interval as a rate: `6/min`"),
                      days_key<R>(&R::days)},
                     {{"every"}, {"rate"}}};
    if (kJittered)
      regular.keys.push_back(key("jitter", share_type(), &R::jitter,
                                 "each run is moved by up to this share of the interval")
                                 .required());
    return regular;
  }();
  return table;
}

/// Checks the interval and makes arrivals of it.
template <class A, class Make>
Type<OnDays<A>> regular(const Table<RegularText>& (*table)(), Make make) {
  return {[table, make](Reader& reader, TreeNode& node, OnDays<A>& arrivals) {
            RegularText text;
            if (!table().read(reader, node, text)) return false;
            if (text.every == Duration::zero()) {
              if (text.rate <= 0) return reader.error(node.mark, "the rate must be more than 0");
              text.every = Duration::from_seconds(1 / text.rate);
            }
            arrivals = {make(text), text.days};
            return true;
          },
          [table](Schema& schema) { return table().schema(schema); }};
}

// ---- bursts, batches, closed loop, traces

struct BurstPhase {
  double rate = 0;
  Duration length{};
};
const Table<BurstPhase>& burst_phase_table() {
  static const Table<BurstPhase> table{
      "a phase of bursts",
      "Poisson arrivals for an exponential time.",
      {key("rate", rate_type(), &BurstPhase::rate, "in this phase").required(),
       key("for", positive_duration_type(), &BurstPhase::length, "mean length of the phase")
           .required()}};
  return table;
}

const Table<OnDays<BurstArrivals>>& bursts_table() {
  using B = BurstArrivals;
  static const Table<OnDays<B>> table =
      on_days<B>({"bursts",
                  "A Markov-modulated Poisson process of two phases; begins in `off`.",
                  {key_with<B>(
                       "on", object(burst_phase_table),
                       [](B& b, BurstPhase p) { b.on_per_second = p.rate, b.mean_on = p.length; },
                       "`{rate: 100/min, for: 5m}`")
                       .required(),
                   key_with<B>(
                       "off", object(burst_phase_table),
                       [](B& b, BurstPhase p) { b.off_per_second = p.rate, b.mean_off = p.length; },
                       "`{rate: 0, for: 1h}`")
                       .required()}});
  return table;
}

/// Either a time, or a day, week or month by the clocks.
struct BatchPeriod {
  Duration length{};
  std::optional<Recurrence> by_clock;
};

Type<BatchPeriod> batch_period_type() {
  auto word = word_type<Recurrence>(
      "a period", {{"day", Recurrence::day, "each day"},
                   {"week", Recurrence::week, "on the day of the week of the start, or of `from`"},
                   {"month", Recurrence::month,
                    "on the day of the month of the start, or of `from`; or its last"}});
  auto time = positive_duration_type();
  return {[word, time](Reader& reader, TreeNode& node, BatchPeriod& period) {
            const bool begins_with_letter = node.is_scalar() && !node.text.empty() &&
                                            node.text[0] >= 'a' && node.text[0] <= 'z';
            if (!begins_with_letter) return time.read(reader, node, period.length);
            Recurrence by_clock{};
            if (!word.read(reader, node, by_clock)) return false;
            period.by_clock = by_clock;
            return true;
          },
          [word, time](Schema& schema) {
            return any_of({word.schema(schema), time.schema(schema)});
          }};
}

struct BatchText {
  std::vector<ClockOrTime> at;
  Distribution size;
  Duration spread{};
  BatchPeriod every;
  Weekdays days = kEveryDay;
};

const Table<BatchText>& batch_table() {
  using B = BatchText;
  static const Table<B> table{
      "a batch",
      "Many runs at given times.",
      {key("at", one_or_many<ClockOrTime>("a time or a list of times", clock_or_time_type()),
           &B::at, "when: `2h` after the start, or each day at `02:00` by the clocks")
           .required(),
       key("size", distribution_type(Quantity::number), &B::size, "how many runs").required(),
       key("spread", duration_type(), &B::spread, "uniformly over this time; 0s: all at once")
           .or_default("0s"),
       key("every", batch_period_type(), &B::every,
           "the times repeat with this period, such as `24h`; times of day: `day` (without "
           "`every`), "
           "`week`, `month`"),
       days_key<B>(&B::days)}};
  return table;
}

bool make_times_of_day(Reader& reader, const TreeNode& node, const BatchText& text,
                       BatchArrivals& batch) {
  if (text.every.length > Duration::zero())
    return reader.error(node.find("every")->mark,
                        "a time of day comes again by the clocks: `every: day`, `week` or `month`");
  batch.every = text.every.by_clock.value_or(Recurrence::day);
  if (batch.every == Recurrence::month && text.days != kEveryDay)
    return reader.error(node.find("days")->mark, "`every: month` already says on which day");
  if (reader.calendar.has_dates()) {
    batch.calendar = std::make_shared<const Calendar>(reader.calendar);
    return true;
  }
  batch.period = batch.every == Recurrence::week ? kWeek : kDay;
  return batch.every != Recurrence::month || reader.dates_unknown ||
         reader.error(node.find("every")->mark,
                      "months need a `start` of the scenario, which says in which one it begins");
}

bool make_times(Reader& reader, const TreeNode& node, const BatchText& text, BatchArrivals& batch) {
  batch.period = text.every.length;
  if (text.every.by_clock == Recurrence::month)
    return reader.error(node.find("every")->mark,
                        "`month` goes with times of day: `at: \"02:00\"`");
  if (text.every.by_clock) batch.period = text.every.by_clock == Recurrence::day ? kDay : kWeek;
  return true;
}

Type<OnDays<BatchArrivals>> batch_type() {
  auto read = [](Reader& reader, TreeNode& node, OnDays<BatchArrivals>& on_days) {
    BatchText text;
    if (!batch_table().read(reader, node, text)) return false;
    BatchArrivals& batch = on_days.arrivals;
    on_days.days = text.days;
    batch.size = std::move(text.size);
    batch.spread = text.spread;
    for (const ClockOrTime& time : text.at) batch.at.push_back(time.at);
    const Mark& mark = node.find("at")->mark;
    const bool of_day = text.at[0].of_day;
    for (const ClockOrTime& time : text.at)
      if (time.of_day != of_day)
        return reader.error(mark, "times of day do not go together with times since the start");
    if (!(of_day ? make_times_of_day : make_times)(reader, node, text, batch)) return false;
    for (std::size_t i = 0; i < batch.at.size(); ++i) {
      if (i > 0 && batch.at[i] <= batch.at[i - 1])
        return reader.error(mark, "the times must ascend");
      if (batch.period > Duration::zero() && batch.at[i] >= Time::zero() + batch.period)
        return reader.error(mark, "a time lies outside the period `every`");
    }
    return true;
  };
  return {std::move(read), [](Schema& schema) { return batch_table().schema(schema); }};
}

const Table<OnDays<ClosedLoop>>& closed_loop_table() {
  static const Table<OnDays<ClosedLoop>> table = on_days<ClosedLoop>(
      {"a closed loop",
       "Clients that think, submit, and wait for the end of the run.",
       {key("clients", count_type(1, 1'000'000), &ClosedLoop::clients, "how many").required(),
        key("think_time", distribution_type(Quantity::time), &ClosedLoop::think_time,
            "between the end of a run and the next")
            .or_default("0s")}});
  return table;
}

template <class A>
Key<ArrivalsText> kind(std::string name, Type<OnDays<A>> type, std::string description) {
  return key_with<ArrivalsText>(
      std::move(name), std::move(type),
      [](ArrivalsText& text, OnDays<A> on_days) {
        text.kind = std::move(on_days.arrivals);
        text.days = on_days.days;
      },
      std::move(description));
}

std::vector<Key<ArrivalsText>> kinds() {
  return {
      kind("poisson", poisson_type(), "independent arrivals at a rate, which may change over time"),
      kind(
          "constant",
          regular<ConstantArrivals>(regular_table<false>,
                                    [](const RegularText& r) { return ConstantArrivals{r.every}; }),
          "one after each interval"),
      kind("jittered",
           regular<JitteredArrivals>(regular_table<true>,
                                     [](const RegularText& r) {
                                       return JitteredArrivals{r.every, r.jitter};
                                     }),
           "about one in each interval"),
      kind("bursts", object(bursts_table), "busy and quiet phases"),
      kind("batch", batch_type(), "many at given times"),
      kind("closed_loop", object(closed_loop_table), "clients that wait for their runs"),
      key_with<ArrivalsText>(
          "trace", with_mark(object(trace_table)),
          [](ArrivalsText& text, TraceText trace) { text.kind = std::move(trace); },
          "a recorded workload")};
}

// ---- the rows of a recording

/// Which thing a value of a recording means; none after reporting it there.
std::optional<std::uint32_t> value_to_id(const TraceValue& value,
                                         const Entries<std::string, Name>& mapping,
                                         NameTable& things, const std::string& file,
                                         Problems& problems) {
  const auto mapped = std::find_if(mapping.begin(), mapping.end(),
                                   [&](const auto& entry) { return entry.first == value.text; });
  if (mapped != mapping.end()) return things.resolve_one(mapped->second);
  const std::vector<std::uint32_t> ids = things.index().find(value.text);
  if (mapping.empty() && ids.size() == 1) {
    things.use(ids[0]);
    return ids[0];
  }
  std::string message =
      !mapping.empty() ? "the trace holds the value `" + value.text +
                             "`, and it is not said which " + things.kind() + " that is"
      : ids.empty() ? things.not_called(value.text)
                    : "`" + value.text + "` means " + std::to_string(ids.size()) + " of the kind " +
                          things.kind() + ", and a row can only have one";
  problems.error_in_file(
      {file, value.line, value.column, value.length, std::move(message), value.source_line, false});
  return std::nullopt;
}

/// By index of `values`; none after reporting some of those that mean nothing.
template <class Id>
std::optional<std::vector<Id>> values_to_ids(const std::vector<TraceValue>& values,
                                             const Entries<std::string, Name>& mapping,
                                             NameTable& things, const std::string& file,
                                             Problems& problems) {
  std::vector<Id> ids;
  std::size_t errors = 0;
  for (const TraceValue& value : values) {
    const auto id = value_to_id(value, mapping, things, file, problems);
    if (!id && ++errors >= kMaxTraceErrors) break;
    ids.push_back(Id{id.value_or(0)});
  }
  return errors == 0 ? std::optional(std::move(ids)) : std::nullopt;
}

std::vector<TraceRow> as_trace_rows(const std::vector<RawRow>& raw,
                                    const std::vector<WorkspaceId>& workspaces,
                                    const std::vector<CredentialId>& credentials) {
  std::vector<TraceRow> rows;
  rows.reserve(raw.size());
  for (const RawRow& row : raw) {
    TraceRow made;
    made.at = row.at;
    made.service_time = row.service;
    if (row.workspace != RawRow::kNone) made.workspace = workspaces[row.workspace];
    if (row.credential != RawRow::kNone) made.credential = credentials[row.credential];
    made.level = row.level;
    made.failed = row.failed;
    made.has_status = row.has_status;
    rows.push_back(made);
  }
  return rows;
}

/// What was read of it goes to the scenario. Without a known duration nobody can say what of it is
/// replayed; that has been reported.
bool add_import(const TraceText& text, const RawTrace& raw, SubmitterContext& context,
                const SubmitterConfig& config) {
  const Duration duration = context.scenario.duration;
  if (duration == Duration::zero()) return true;
  const Time end = Time::zero() + duration + Duration{1};  // what comes at the end counts
  auto import =
      report_import(context.reader, text,
                    {duration, config.from, std::min(config.until, end), config.max_runs}, raw);
  if (!import) return false;
  import->submitter = config.name;
  context.scenario.traces.push_back(std::move(*import));
  return true;
}

bool build_trace(const TraceText& text, const RawTrace& raw, SubmitterContext& context,
                 SubmitterConfig& config) {
  std::vector<TraceValue> names = raw.workspaces;
  if (text.auto_workspaces)
    for (TraceValue& name : names) name.text = workspace_name_of(text, name.text);
  const std::string& file = text.file().text;
  Problems& problems = context.reader.problems;
  const auto workspaces =
      values_to_ids<WorkspaceId>(names, text.workspaces, context.names.workspaces, file, problems);
  const auto credentials = values_to_ids<CredentialId>(raw.credentials, text.credentials,
                                                       context.names.credentials, file, problems);
  if (!workspaces || !credentials) return false;
  for (const auto& [weight, use] : config.workflows)
    if (!credentials->empty() && use.credentials.empty() &&
        !context.workflows[use.workflow.index()].unread.has("needs"))
      return problems.error(text.mark, "the trace names credentials, and the workflow `" +
                                           context.names.workflows.name(use.workflow.index()) +
                                           "` needs none");
  if (!add_import(text, raw, context, config)) return false;
  config.arrivals =
      TraceArrivals{text.file().text, std::make_shared<const std::vector<TraceRow>>(
                                          as_trace_rows(raw.rows, *workspaces, *credentials))};
  return true;
}

double highest_rate(const RateCurve& curve) {
  double highest = 0;
  for (const RateCurve::Point& point : curve.points) highest = std::max(highest, point.per_second);
  return highest;
}

}  // namespace

Type<ArrivalsText> arrivals_type() {
  return named<ArrivalsText>("arrivals", one_key_of<ArrivalsText>("arrivals", kinds()));
}

bool build_arrivals(const ArrivalsText& text, const std::optional<RawTrace>& recording,
                    SubmitterContext& context, SubmitterConfig& config) {
  config.days = text.days;
  return std::visit(
      [&](const auto& arrivals) {
        using A = std::decay_t<decltype(arrivals)>;
        if constexpr (std::is_same_v<A, TraceText>) {
          return recording && build_trace(arrivals, *recording, context, config);
        } else if constexpr (!std::is_same_v<A, std::monostate>) {
          config.arrivals = arrivals;
          return true;
        } else {
          return false;  // reported already
        }
      },
      text.kind);
}

bool never_arrive(const ArrivalsText& text) {
  const PoissonArrivals* poisson = std::get_if<PoissonArrivals>(&text.kind);
  const BurstArrivals* bursts = std::get_if<BurstArrivals>(&text.kind);
  return (poisson != nullptr && highest_rate(poisson->rate) <= 0) ||
         (bursts != nullptr && bursts->on_per_second <= 0 && bursts->off_per_second <= 0);
}

}  // namespace sluice
