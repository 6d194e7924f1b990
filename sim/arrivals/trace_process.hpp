// Arrivals of a recording.
#pragma once

#include <cstdint>
#include <vector>

#include "base/random/random.hpp"
#include "scenarios/scenario.hpp"
#include "sim/arrivals/arrival_process.hpp"
#include "sim/arrivals/factor_curve.hpp"

namespace sluice {

/// Index of the first of a trace's rows at or after `from`.
std::size_t first_trace_row(const std::vector<TraceRow>& rows, Time from);

/// The recorded times from `from` on.
class TraceProcess final : public ArrivalProcess {
 public:
  TraceProcess(const std::vector<TraceRow>& rows, Time from)
      : rows_(&rows), row_(first_trace_row(rows, from)) {}

  Arrival next() override {
    if (row_ == rows_->size()) return {};
    const Arrival arrival{(*rows_)[row_].at, row_};
    ++row_;
    return arrival;
  }

 private:
  const std::vector<TraceRow>* rows_;
  std::size_t row_;
};

/// The same with rows left out and copied by a factor. What becomes of a row is a function of the
/// key, the row and the factor. Memory: the copies of one row. Keeps references.
class FactoredTrace final : public ArrivalProcess {
 public:
  FactoredTrace(const std::vector<TraceRow>& rows, std::uint64_t key, const FactorCurve& factors,
                Time from, Time horizon);

  Arrival next() override;

 private:
  void open(std::size_t row);

  const std::vector<TraceRow>& rows_;
  const FactorCurve& factors_;
  StreamKeys keys_;  // of the rows
  Time horizon_;
  std::size_t row_;                // the next one to be opened
  std::vector<Arrival> arrivals_;  // of the row before it
  std::size_t next_ = 0;           // of them
};

}  // namespace sluice
