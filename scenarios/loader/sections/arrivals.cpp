#include "scenarios/loader/sections/arrivals.hpp"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>

#include "scenarios/loader/keys/scalar_types.hpp"
#include "scenarios/loader/sections/distribution_types.hpp"
#include "scenarios/loader/trace/trace_report.hpp"

namespace sluice {
namespace {

constexpr Duration kDay{std::int64_t{86'400} * 1'000'000'000};

// ---- rates over time

struct CurveText {
  Entries<Time, double> at, linear, daily;
  Duration every{};
};

const Table<CurveText>& curve_table() {
  using C = CurveText;
  const auto points = [](const char* what) {
    return entries<Time, double>(what, time_type(), rate_type());
  };
  static const Table<C> table{
      "a rate over time",
      "Steps (`at`), straight lines (`linear`), or the steps of a day that repeats (`daily`).",
      {key("at", points("times and rates"), &C::at,
           "each rate holds until the next: `{0h: 5/min, 2h: 25/min}`"),
       key("linear", points("times and rates"), &C::linear,
           "straight lines between the points; the last rate lasts, or with `every` leads back to "
           "the first"),
       key("daily", points("times of day and rates"), &C::daily, "as `at`, again each 24 h"),
       key("every", positive_duration_type(), &C::every, "repeats with this period")},
      {{"at"}, {"linear"}, {"daily"}}};
  return table;
}

bool check_curve(Reader& reader, const TreeNode& node, const RateCurve& curve) {
  const char* which = node.find("at") ? "at" : node.find("linear") ? "linear" : "daily";
  const TreeNode* points = node.find(which);
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
  if (!text.daily.empty() && text.every > Duration::zero())
    return reader.error(node.find("every")->mark, "`daily` repeats each 24 h already");
  curve.linear = !text.linear.empty();
  curve.period = text.daily.empty() ? text.every : kDay;
  const auto& points = !text.at.empty() ? text.at : !text.linear.empty() ? text.linear : text.daily;
  for (const auto& [at, per_second] : points) curve.points.push_back({at, per_second});
  return check_curve(reader, node, curve);
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

const Table<PoissonArrivals>& poisson_table() {
  static const Table<PoissonArrivals> table{
      "Poisson arrivals",
      "Independent of each other, at a rate that may change over time.",
      {key("rate", curve_type(), &PoissonArrivals::rate, "constant or over time").required()}};
  return table;
}

Type<PoissonArrivals> poisson_type() {
  auto rate = converted<double, PoissonArrivals>(rate_type(), [](double per_second) {
    return PoissonArrivals{RateCurve{{{Time::zero(), per_second}}, {}, false}};
  });
  return by_shape<PoissonArrivals>("a rate such as `40/min`, or `{rate: …}`",
                                   {std::move(rate), std::nullopt, object(poisson_table)});
}

// ---- regular

struct RegularText {
  Duration every{};
  double rate = 0;
  double jitter = 0;
};

template <bool kJittered>
const Table<RegularText>& regular_table() {
  using R = RegularText;
  static const Table<R> table = [] {
    Table<R> regular{"regular arrivals",
                     "One run after each interval.",
                     {key("every", positive_duration_type(), &R::every, "the interval"),
                      key("rate", rate_type(), &R::rate, "the interval as a rate: `6/min`")},
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
Type<A> regular(const Table<RegularText>& (*table)(), Make make) {
  return {[table, make](Reader& reader, TreeNode& node, A& arrivals) {
            RegularText text;
            if (!table().read(reader, node, text)) return false;
            if (text.every == Duration::zero()) {
              if (text.rate <= 0) return reader.error(node.mark, "the rate must be more than 0");
              text.every = Duration::from_seconds(1 / text.rate);
            }
            arrivals = make(text);
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

const Table<BurstArrivals>& bursts_table() {
  using B = BurstArrivals;
  static const Table<B> table{
      "bursts",
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
           .required()}};
  return table;
}

const Table<BatchArrivals>& batch_table() {
  using B = BatchArrivals;
  static const Table<B> table{
      "a batch",
      "Many runs at given times.",
      {key("at", one_or_many<Time>("a time or a list of times", time_type()), &B::at, "when")
           .required(),
       key("size", distribution_type(Quantity::number), &B::size, "how many runs").required(),
       key("spread", duration_type(), &B::spread, "uniformly over this time; 0s: all at once")
           .or_default("0s"),
       key("every", positive_duration_type(), &B::period,
           "the times repeat with this period, such as `24h`")}};
  return table;
}

Type<BatchArrivals> batch_type() {
  Type<BatchArrivals> type = object(batch_table);
  type.read = [read = type.read](Reader& reader, TreeNode& node, BatchArrivals& batch) {
    if (!read(reader, node, batch)) return false;
    const Mark& mark = node.find("at")->mark;
    for (std::size_t i = 0; i < batch.at.size(); ++i) {
      if (i > 0 && batch.at[i] <= batch.at[i - 1])
        return reader.error(mark, "the times must ascend");
      if (batch.period > Duration::zero() && batch.at[i] >= Time::zero() + batch.period)
        return reader.error(mark, "a time lies outside the period `every`");
    }
    return true;
  };
  return type;
}

const Table<ClosedLoop>& closed_loop_table() {
  static const Table<ClosedLoop> table{
      "a closed loop",
      "Clients that think, submit, and wait for the end of the run.",
      {key("clients", count_type(1, 1'000'000), &ClosedLoop::clients, "how many").required(),
       key("think_time", distribution_type(Quantity::time), &ClosedLoop::think_time,
           "between the end of a run and the next")
           .or_default("0s")}};
  return table;
}

template <class A>
Key<ArrivalsText> kind(std::string name, Type<A> type, std::string description) {
  return key_with<ArrivalsText>(
      std::move(name), std::move(type),
      [](ArrivalsText& text, A arrivals) { text = std::move(arrivals); }, std::move(description));
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
      kind("trace", with_mark(object(trace_table)), "a recorded workload")};
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
      text);
}

bool never_arrive(const ArrivalsText& text) {
  const PoissonArrivals* poisson = std::get_if<PoissonArrivals>(&text);
  const BurstArrivals* bursts = std::get_if<BurstArrivals>(&text);
  return (poisson != nullptr && highest_rate(poisson->rate) <= 0) ||
         (bursts != nullptr && bursts->on_per_second <= 0 && bursts->off_per_second <= 0);
}

}  // namespace sluice
