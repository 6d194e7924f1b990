// Reports on loads, made by hand.
#include <utility>

#include "reports/observable.hpp"
#include "tests/unit/reports/sample_report.hpp"

namespace sluice::test {
namespace {

TimeQuantiles times(std::uint64_t count, double scale_ms) {
  TimeQuantiles result;
  result.count = count;
  const auto scaled = [&](double factor) {
    return Duration::from_seconds(scale_ms * factor / 1000);
  };
  result.mean = scaled(1.1);
  result.at = {scaled(1), scaled(2.2), scaled(3), scaled(8), scaled(31), scaled(64)};
  return result;
}

LoadFacts monday_load() {
  LoadFacts load;
  load.target = "http://127.0.0.1:43211";
  load.time_scale = 60;
  load.follow = "events";
  load.notes = {"2 event streams were refused; their runs are followed by polling"};
  load.intended = 14'316;
  load.sent = 14'300;
  load.unsent = 12;
  load.unreached = 4;
  load.resent = 6;
  load.late = 40;
  load.unanswered = 19;
  load.statuses = {{201, 14'105}, {429, 178}, {503, 14}};
  load.failures = {{"timed out", 2},
                   {"reset", 1},
                   {"refused", 4},
                   {"no free connection", 12},
                   {"no session_id", 1}};
  load.connections_opened = 70;
  load.connections_most = 64;
  load.streams_opened = 40;
  load.streams_silent = 1;
  load.runs_submitted = 14'120;
  load.runs_gave_up = 10;
  load.runs_submitting = 6;
  load.runs_accepted = 14'105;
  load.runs_followed = 14'101;
  load.runs_ended = 13'790;
  load.runs_lost = 3;
  load.runs_unfollowed = 1;
  load.wrong_answers = {{"no session_id", 201, 1, "{}"}};
  load.duplicate_events = 12;
  load.reordered_events = 4;
  load.latency = times(14'297, 12);
  load.latency_from_send = times(14'297, 11.6);
  load.lateness = times(14'300, 0.15);
  load.intended_per_s = 29.82;
  load.sent_per_s = 29.79;
  load.cpu_seconds = 2.31;
  return load;
}

}  // namespace

Report live_report() {
  Report report = monday_report();
  ReplicationResult seen;
  seen.figures = std::move(report.figures);
  seen.time_lines = std::move(report.time_lines);
  seen.reached = report.reached;
  seen = observable_from_outside(std::move(seen));
  report.figures = std::move(seen.figures);
  report.time_lines = std::move(seen.time_lines);
  report.reached = seen.reached;
  report.stability.clear();
  report.tight_resources.clear();
  report.header.engine = Engine::live;
  report.header.warm_up = WarmUp::given;
  report.names.pools.clear();
  report.load = monday_load();
  report.reaches[1].status = Status::inconclusive;
  return report;
}

Report invalid_live_report() {
  Report report = live_report();
  report.header.complete = false;
  LoadFacts& load = *report.load;
  load.validity = LoadFacts::Validity::late;
  load.late = 1'204;
  load.why_invalid =
      "8.4 % of the requests were sent more than 50ms after their time, and 1 % are allowed";
  load.target_lost = "at the end it refuses connections; the last 40 requests got no answer";
  load.ended_early = "lateness.p99 > 50ms over 30s";
  return report;
}

}  // namespace sluice::test
