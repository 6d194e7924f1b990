#include "mock_api/served_pipeline/run_identity.hpp"

#include <charconv>
#include <variant>

#include "base/random/random.hpp"
#include "sim/arrivals/added_runs.hpp"

namespace sluice {
namespace {

/// Runs that wait for another attempt; clients may never come back.
constexpr std::size_t kMostWaiting = 1 << 20;

}  // namespace

RunIdentities::RunIdentities(const Scenario& scenario, std::uint64_t seed)
    : scenario_(scenario), anonymous_key_(stream_key(seed, "served")) {
  for (const SubmitterConfig& submitter : scenario.submitters) {
    draws_.emplace_back(submitter, stream_key(stream_key(seed, "submitter"), submitter.name));
    const auto* trace = std::get_if<TraceArrivals>(&submitter.arrivals);
    rows_.push_back(trace != nullptr ? trace->rows.get() : nullptr);
  }
}

std::optional<RunIdentity> RunIdentities::parse(std::string_view header) const {
  const std::size_t slash = header.rfind('/');
  if (slash == std::string_view::npos) return std::nullopt;
  RunIdentity run;
  const char* const end = header.data() + header.size();
  const auto [stop, error] = std::from_chars(header.data() + slash + 1, end, run.index);
  if (error != std::errc() || stop != end) return std::nullopt;
  for (std::size_t i = 0; i < scenario_.submitters.size(); ++i)
    if (scenario_.submitters[i].name == header.substr(0, slash)) run.submitter = SubmitterId::at(i);
  if (!run.submitter.valid()) return std::nullopt;
  return run;
}

void RunIdentities::identify(Time now, const std::optional<RunIdentity>& run, std::uint64_t number,
                             RunRequest& request) const {
  request.submitted = now;
  request.index = number;
  request.draw_key = stream_key(anonymous_key_, number);
  if (!run) return;
  request.submitter = run->submitter;
  request.index = run->index;
  const std::size_t submitter = run->submitter.index();
  request.draw_key = RunDraws::pipeline_key(draws_[submitter].attributes(run->index));
  const std::size_t rows = rows_[submitter] != nullptr ? rows_[submitter]->size() : 0;
  if (rows > 0 && (run->index < rows || run->index >= kFirstAddedRun)) {
    const TraceRow& row = (*rows_[submitter])[recorded_row(run->index, rows)];
    request.service_time = row.service_time;
    if (row.has_status)
      request.fixed_outcome = row.failed ? FixedOutcome::fails : FixedOutcome::succeeds;
  }
  const auto waiting = waiting_.find(key(request));
  if (waiting == waiting_.end()) return;
  request.attempt = static_cast<std::uint16_t>(waiting->second.attempts + 1);
  request.submitted = waiting->second.submitted;
}

bool RunIdentities::refused(const RunRequest& request) {
  if (!request.submitter.valid()) return true;
  const auto& retry = scenario_.submitters[request.submitter.index()].retry;
  if (request.attempt >= retry.max_attempts) {
    waiting_.erase(key(request));
    return true;
  }
  if (waiting_.size() < kMostWaiting) waiting_[key(request)] = {request.attempt, request.submitted};
  return false;
}

void RunIdentities::accepted(const RunRequest& request) {
  if (request.attempt > 1) waiting_.erase(key(request));
}

}  // namespace sluice
