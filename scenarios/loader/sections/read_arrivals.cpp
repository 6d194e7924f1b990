// The keys of `arrivals`: when a submitter submits.
#include <algorithm>
#include <utility>

#include "scenarios/loader/keys/scalar_types.hpp"
#include "scenarios/loader/sections/distribution_types.hpp"
#include "scenarios/loader/sections/document.hpp"

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

}  // namespace

Type<ArrivalsText> arrivals_type() {
  return named<ArrivalsText>("arrivals", one_key_of<ArrivalsText>("arrivals", kinds()));
}

}  // namespace sluice
