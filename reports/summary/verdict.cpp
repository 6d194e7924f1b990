#include "reports/summary/verdict.hpp"

#include <fmt/format.h>

#include "base/text/units.hpp"
#include "reports/figures/figure_text.hpp"
#include "reports/summary/lost_load.hpp"
#include "reports/unseen_runs.hpp"

namespace sluice {
namespace {

void count_status(Status status, int& failed, int& inconclusive) {
  failed += is_missed(status);
  inconclusive += status == Status::inconclusive;
}

std::string expectations_summary(const Report& report) {
  int failed = 0, inconclusive = 0;
  for (const auto& result : report.expectations) count_status(result.status, failed, inconclusive);
  for (const auto& result : report.reaches) count_status(result.status, failed, inconclusive);
  const std::size_t all = report.expectations.size() + report.reaches.size();
  // An implied one alone is what the lost load says already.
  const bool only_implied =
      all == 1 && !report.expectations.empty() && report.expectations[0].implied;
  if (all == 0 || only_implied) return {};
  const std::string of = fmt::format(" of {} expectation{}", all, all == 1 ? "" : "s");
  if (failed > 0) {
    const char* const missed = report.verdict == Verdict::broke ? "broke in this run" : "failed";
    if (all == 1) return fmt::format("its expectation {}", missed);
    return fmt::format("{}{} {}{}", failed, of, missed,
                       inconclusive > 0 ? fmt::format(", {} inconclusive", inconclusive) : "");
  }
  if (inconclusive > 0) return fmt::format("{}{} inconclusive", inconclusive, of);
  const bool once = report.verdict == Verdict::held;
  return (all == 1 ? "its expectation holds" : fmt::format("all {} expectations hold", all)) +
         (once ? " in this run" : "");
}

/// What one sample cannot tell.
std::string sample_summary(const Report& report) {
  const bool once = report.verdict == Verdict::held || report.verdict == Verdict::broke;
  return once ? "one sample, which decides nothing (--replications 10 does)" : "";
}

/// What the expectations came to, and runs that the API refused and that are still being submitted.
std::string asked_summary(const Report& report) {
  std::string text = expectations_summary(report);
  const Figure* refused = report.figures.find(Metric::submitting_refused_count);
  if (value_or_zero(refused) > 0)
    text += fmt::format("{}{} still being submitted", text.empty() ? "" : "; ",
                        compact_count(refused->value));
  return text;
}

std::string runs_count(std::uint64_t count) { return format_count(static_cast<double>(count)); }

/// What a target did, or did not tell, that no expectation had to ask for.
std::string target_summary(const Report& report) {
  if (!report.load) return {};
  if (report.load->runs_unfollowed > 0)
    return fmt::format("{} of {} answers named no run that can be followed",
                       runs_count(report.load->runs_unfollowed),
                       runs_count(report.load->runs_accepted));
  const std::uint64_t unseen = unseen_runs(report, {}).all();
  if (unseen == 0) return {};
  return fmt::format("{} of {} runs were not seen to start or to end", runs_count(unseen),
                     runs_count(report.load->runs_accepted));
}

std::string join(std::string first, const std::string& second) {
  if (!first.empty() && !second.empty()) first += "; ";
  return first + second;
}

}  // namespace

bool invalid_load(const Report& report) {
  return report.load && report.load->validity != LoadFacts::Validity::valid;
}

std::string_view verdict_word(Verdict verdict) {
  switch (verdict) {
    case Verdict::passed:
      return "PASS";
    case Verdict::failed:
      return "FAIL";
    case Verdict::inconclusive:
      return "INCONCLUSIVE";
    case Verdict::none:
      return "NO EXPECTATIONS";
    case Verdict::held:
      return "HELD";
    case Verdict::broke:
      return "BROKE";
  }
  return {};
}

std::string_view verdict_word(const Report& report) {
  return invalid_load(report) ? "INVALID" : verdict_word(report.verdict);
}

std::string verdict_summary(const Report& report) {
  if (!invalid_load(report))
    return join(join(lost_load_text(report), join(target_summary(report), asked_summary(report))),
                sample_summary(report));
  switch (report.load->validity) {
    case LoadFacts::Validity::late:
      return "too many requests were sent late";
    case LoadFacts::Validity::saturated:
      return "requests could not be sent in time";
    case LoadFacts::Validity::clock_jumped:
      return "the clock jumped";
    case LoadFacts::Validity::unseen:
      return "too many runs were not seen to start or to end";
    case LoadFacts::Validity::valid:
      break;
  }
  return {};
}

}  // namespace sluice
