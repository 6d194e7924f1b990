#include "sim/arrivals/factor_curve.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <variant>

#include "base/calendar/calendar.hpp"
#include "base/random/portable_math.hpp"

namespace sluice {
namespace {

Time end_of(const Incident& incident) {
  return incident.length ? incident.at + *incident.length : Time::never();
}

bool concerns(const Incident& incident, SubmitterId submitter) {
  const auto* change = std::get_if<ArrivalFactor>(&incident.change);
  return change != nullptr && std::find(change->submitters.begin(), change->submitters.end(),
                                        submitter) != change->submitters.end();
}

/// Ends the last piece where another factor begins.
void append(std::vector<FactorPiece>& pieces, Time start, double factor) {
  if (!pieces.empty() && pieces.back().factor == factor) return;
  if (!pieces.empty()) pieces.back().end = start;
  pieces.push_back({start, Time::never(), factor});
}

std::vector<FactorPiece> growth_pieces(const Growth& growth, Duration until) {
  constexpr std::int64_t kMostSteps = 50'000;
  std::vector<FactorPiece> pieces(1);
  if (growth.share == 0) return pieces;
  const std::int64_t step =
      std::max({std::min(kNsPerDay, growth.per.ns / 10), until.ns / kMostSteps, std::int64_t{1}});
  for (Time at = Time::zero() + Duration{step}; at < Time::zero() + until;
       at = at + Duration{step}) {
    const double times = static_cast<double>(at.ns) / static_cast<double>(growth.per.ns);
    append(pieces, at, portable::pow(1 + growth.share, times));
  }
  return pieces;
}

std::vector<FactorPiece> pieces_from(Time from) {
  if (from <= Time::zero()) return std::vector<FactorPiece>(1);
  return {{Time::zero(), from, 0}, {from, Time::never(), 1}};
}

std::vector<FactorPiece> day_pieces(Weekdays days, const Calendar& calendar, Duration until) {
  if (days == kEveryDay) return std::vector<FactorPiece>(1);
  std::vector<FactorPiece> pieces;
  const Time end = Time::zero() + until;
  std::int64_t day = calendar.local_day(Time::zero());
  for (Time at = Time::zero(); at <= end; at = calendar.time_of(++day, Duration::zero()))
    append(pieces, at, (days >> calendar.weekday(day) & 1) != 0 ? 1 : 0);
  return pieces;
}

/// Of two lists that cover all time.
std::vector<FactorPiece> product(const std::vector<FactorPiece>& a,
                                 const std::vector<FactorPiece>& b) {
  std::vector<FactorPiece> pieces;
  for (std::size_t i = 0, j = 0; i < a.size() && j < b.size();) {
    append(pieces, std::max(a[i].start, b[j].start), a[i].factor * b[j].factor);
    const Time end = std::min(a[i].end, b[j].end);
    const bool a_ends = a[i].end == end, b_ends = b[j].end == end;
    i += a_ends ? 1 : 0;
    j += b_ends ? 1 : 0;
  }
  return pieces;
}

const FactorPiece& piece_at(const std::vector<FactorPiece>& pieces, Time time) {
  if (pieces.size() == 1) return pieces.front();
  const auto later = [](Time t, const FactorPiece& piece) { return t < piece.start; };
  return *std::prev(std::upper_bound(pieces.begin() + 1, pieces.end(), time, later));
}

/// `own`: what no incident brings.
std::vector<FactorPiece> with_incidents(const std::vector<Incident>& incidents,
                                        SubmitterId submitter, std::vector<FactorPiece> own) {
  std::vector<FactorPiece> pieces;
  std::vector<const Incident*> factors;
  std::vector<Time> changes;
  for (const FactorPiece& piece : own) changes.push_back(piece.start);
  for (const Incident& incident : incidents) {
    if (!concerns(incident, submitter)) continue;
    factors.push_back(&incident);
    changes.push_back(incident.at);
    if (end_of(incident) != Time::never()) changes.push_back(end_of(incident));
  }
  std::sort(changes.begin(), changes.end());
  auto piece = own.begin();
  for (const Time change : changes) {
    while (piece + 1 != own.end() && (piece + 1)->start <= change) ++piece;
    double factor = piece->factor;
    for (const Incident* incident : factors)
      if (incident->at <= change && change < end_of(*incident))
        factor *= std::get<ArrivalFactor>(incident->change).factor;
    append(pieces, change, factor);
  }
  return pieces;
}

}  // namespace

FactorCurve::FactorCurve(const std::vector<Incident>& incidents, SubmitterId submitter)
    : pieces_(with_incidents(incidents, submitter, std::vector<FactorPiece>(1))) {}

FactorCurve::FactorCurve(const Scenario& scenario, SubmitterId submitter)
    : open_from_(scenario.arrivals_from) {
  const SubmitterConfig& config = scenario.submitters[submitter.index()];
  const std::vector<FactorPiece> own =
      product(growth_pieces(config.growth, scenario.duration),
              day_pieces(config.days, scenario.calendar, scenario.duration));
  pieces_ = with_incidents(scenario.incidents, submitter, product(pieces_from(open_from_), own));
  if (open_from_ > Time::zero())
    pieces_if_open_ = with_incidents(scenario.incidents, submitter, own);
}

const FactorPiece& FactorCurve::at(Time time) const { return piece_at(pieces_, time); }

const FactorPiece& FactorCurve::at_if_open(Time time) const {
  return piece_at(pieces_if_open_.empty() ? pieces_ : pieces_if_open_, time);
}

Time FactorCurve::first_above_zero(Time time) const {
  const FactorPiece& piece = at(time);
  return piece.factor > 0 ? time : piece.end;
}

}  // namespace sluice
