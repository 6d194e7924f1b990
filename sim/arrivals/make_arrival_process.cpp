#include "sim/arrivals/make_arrival_process.hpp"

#include <utility>
#include <variant>

#include "sim/arrivals/added_runs.hpp"
#include "sim/arrivals/batch_process.hpp"
#include "sim/arrivals/interval_process.hpp"
#include "sim/arrivals/poisson_process.hpp"
#include "sim/arrivals/rate_cursor.hpp"
#include "sim/arrivals/trace_process.hpp"

namespace sluice {
namespace {

struct Maker {
  using Process = std::unique_ptr<ArrivalProcess>;
  std::uint64_t key;
  const FactorCurve& factors;
  Time from;
  Time horizon;

  template <class Cursor>
  Process inverted(Cursor cursor) const {
    return std::make_unique<InvertedPoisson<Cursor>>(std::move(cursor), key, from, horizon);
  }
  template <class Cursor>
  Process factored(Process own, const Cursor& cursor) const {
    if (factors.is_always_one()) return own;
    using Added = InvertedPoisson<AddedRate<Cursor>>;
    auto added = std::make_unique<Added>(AddedRate<Cursor>(cursor, factors, from),
                                         stream_key(key, "added"), from, horizon, kFirstAddedRun);
    return std::make_unique<FactoredPoisson>(std::move(own), std::move(added), key, factors,
                                             horizon);
  }

  Process operator()(const PoissonArrivals& a) const {
    const auto& points = a.rate.points;
    const CurveCursor cursor(a.rate, from);
    if (points.size() == 1 && points[0].per_second > 0)
      return factored(std::make_unique<HomogeneousPoisson>(points[0].per_second, key, from),
                      cursor);
    return factored(inverted(cursor), cursor);
  }
  Process operator()(const ConstantArrivals& a) const {
    return std::make_unique<IntervalProcess>(a.interval, 0, key, factors, from);
  }
  Process operator()(const JitteredArrivals& a) const {
    return std::make_unique<IntervalProcess>(a.interval, a.jitter, key, factors, from);
  }
  Process operator()(const BurstArrivals& a) const {
    const BurstCursor cursor(a, stream_key(key, "lengths"), from);
    return factored(inverted(cursor), cursor);
  }
  Process operator()(const BatchArrivals& a) const {
    return std::make_unique<BatchProcess>(a, key, factors, from, horizon);
  }
  Process operator()(const TraceArrivals& a) const {
    if (factors.is_always_one()) return std::make_unique<TraceProcess>(*a.rows, from);
    return std::make_unique<FactoredTrace>(*a.rows, key, factors, from, horizon);
  }
  Process operator()(const ClosedLoop&) const { return nullptr; }
};

}  // namespace

std::unique_ptr<ArrivalProcess> make_arrival_process(const Arrivals& arrivals, std::uint64_t key,
                                                     const FactorCurve& factors, Time from,
                                                     Time horizon) {
  return std::visit(Maker{key, factors, from, horizon}, arrivals);
}

}  // namespace sluice
