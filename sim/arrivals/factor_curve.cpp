#include "sim/arrivals/factor_curve.hpp"

#include <algorithm>
#include <variant>

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

}  // namespace

FactorCurve::FactorCurve(const std::vector<Incident>& incidents, SubmitterId submitter) {
  std::vector<const Incident*> factors;
  std::vector<Time> changes{Time::zero()};
  for (const Incident& incident : incidents) {
    if (!concerns(incident, submitter)) continue;
    factors.push_back(&incident);
    changes.push_back(incident.at);
    if (end_of(incident) != Time::never()) changes.push_back(end_of(incident));
  }
  std::sort(changes.begin(), changes.end());
  for (const Time change : changes) {
    double factor = 1;
    for (const Incident* incident : factors)
      if (incident->at <= change && change < end_of(*incident))
        factor *= std::get<ArrivalFactor>(incident->change).factor;
    if (!pieces_.empty() && pieces_.back().factor == factor) continue;
    if (!pieces_.empty()) pieces_.back().end = change;
    pieces_.push_back({change, Time::never(), factor});
  }
}

const FactorPiece& FactorCurve::at(Time time) const {
  if (pieces_.size() == 1) return pieces_.front();
  const auto later = [](Time t, const FactorPiece& piece) { return t < piece.start; };
  return *std::prev(std::upper_bound(pieces_.begin() + 1, pieces_.end(), time, later));
}

Time FactorCurve::first_above_zero(Time time) const {
  const FactorPiece& piece = at(time);
  return piece.factor > 0 ? time : piece.end;
}

}  // namespace sluice
