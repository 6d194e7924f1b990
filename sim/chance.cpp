#include "sim/chance.hpp"

#include <algorithm>
#include <variant>
#include <vector>

namespace sluice {
namespace {

template <class... Cases>
struct Overloaded : Cases... {
  using Cases::operator()...;
};
template <class... Cases>
Overloaded(Cases...) -> Overloaded<Cases...>;

bool varies(const Distribution& distribution) {
  return distribution.lowest() < distribution.highest();
}
/// With a factor on it, as an incident may bring, only what cannot happen is sure.
bool is_chance(double probability, bool has_factor = false) {
  return probability > 0 && (probability < 1 || has_factor);
}

template <class Change>
bool any_incident(const Scenario& scenario) {
  return std::ranges::any_of(scenario.incidents, [](const Incident& incident) {
    return std::holds_alternative<Change>(incident.change);
  });
}

bool draws(const ResourceGroupConfig& group) {
  const WorkerPoolConfig& workers = group.workers;
  return varies(workers.start_up) || varies(workers.cool_down) || workers.failures.has_value();
}

bool draws(const CredentialConfig& credential, bool has_factor) {
  return credential.mean_time_between_outages.has_value() ||
         (credential.login &&
          (varies(credential.login->time) || is_chance(credential.login->failure, has_factor)));
}

bool draws(const WorkflowConfig& workflow, const OptionMix& options, bool has_factor) {
  const bool fails = std::ranges::any_of(workflow.failures, [&](const FailureKindConfig& kind) {
    return is_chance(kind.rate, has_factor) || (kind.rate > 0 && varies(kind.at));
  });
  const bool retries = workflow.backoff.jitter > 0 && workflow.max_retries > 0;
  const bool asks =
      workflow.interaction &&
      (is_chance(workflow.interaction->probability) ||
       (workflow.interaction->probability > 0 && varies(workflow.interaction->answer_after)));
  return fails || retries || asks || (options.debug > 0 && varies(workflow.debug_snapshot)) ||
         (options.capture_console > 0 && varies(workflow.console_capture)) ||
         (options.force_refresh > 0 && varies(workflow.cache_refresh));
}

bool draws(const Arrivals& arrivals) {
  return std::visit(
      Overloaded{[](const PoissonArrivals&) { return true; },
                 [](const ConstantArrivals&) { return false; },
                 [](const JitteredArrivals& a) { return a.jitter > 0; },
                 [](const BurstArrivals&) { return true; },
                 [](const BatchArrivals& a) { return varies(a.size) || a.spread.ns > 0; },
                 [](const ClosedLoop& a) { return varies(a.think_time); },
                 [](const TraceArrivals&) { return false; }},
      arrivals);
}

/// Whether the recording says how long each of its runs took.
bool times_are_recorded(const Arrivals& arrivals) {
  const auto* const trace = std::get_if<TraceArrivals>(&arrivals);
  return trace != nullptr && std::ranges::all_of(*trace->rows, [](const TraceRow& row) {
           return row.service_time.ns >= 0;
         });
}

bool draws(const SubmitterConfig& submitter, const PipelineConfig& pipeline, bool has_factor) {
  const OptionMix& options = submitter.options;
  const bool mixes = submitter.workspaces.size() > 1 || submitter.workflows.size() > 1 ||
                     submitter.priority.size() > 1;
  // Runs that a factor adds to arrivals, or takes from them, are drawn.
  if (mixes || submitter.growth.share != 0 || draws(submitter.arrivals) ||
      is_chance(options.debug) || is_chance(options.capture_console) ||
      is_chance(options.force_refresh) || is_chance(options.dry_run) ||
      (submitter.patience && varies(*submitter.patience)))
    return true;
  const bool recorded = times_are_recorded(submitter.arrivals);
  return std::ranges::any_of(submitter.workflows, [&](const auto& weighted) {
    const WorkflowUse& use = weighted.second;
    const WorkflowConfig& workflow = pipeline.workflows.at(use.workflow.index());
    const bool picks = std::ranges::any_of(use.credentials, [](const CredentialChoice& choice) {
      return choice.kind == CredentialChoice::Kind::drawn && choice.members.size() > 1;
    });
    return picks || (!recorded && varies(workflow.time)) || draws(workflow, options, has_factor);
  });
}

bool draws(const PipelineConfig& pipeline) {
  const bool hooks =
      pipeline.webhooks &&
      (varies(pipeline.webhooks->latency) || is_chance(pipeline.webhooks->failure_rate) ||
       (pipeline.webhooks->failure_rate > 0 && pipeline.webhooks->backoff.jitter > 0));
  return hooks || varies(pipeline.api.latency) || is_chance(pipeline.api.error_rate);
}

}  // namespace

bool draws_anything(const Scenario& scenario) {
  const PipelineConfig& pipeline = scenario.pipeline;
  const bool errors = std::ranges::any_of(scenario.incidents, [](const Incident& incident) {
    const auto* const rate = std::get_if<ApiErrorRate>(&incident.change);
    return rate != nullptr && is_chance(rate->rate);
  });
  if (errors || any_incident<ArrivalFactor>(scenario) || draws(pipeline)) return true;
  const bool failures = any_incident<FailureFactor>(scenario);
  const bool logins = any_incident<LoginFailureFactor>(scenario);
  return std::ranges::any_of(pipeline.groups, [](const auto& group) { return draws(group); }) ||
         std::ranges::any_of(pipeline.credentials,
                             [&](const auto& credential) { return draws(credential, logins); }) ||
         std::ranges::any_of(scenario.submitters, [&](const auto& submitter) {
           return draws(submitter, pipeline, failures);
         });
}

bool jitters(const Scenario& scenario) {
  return std::ranges::any_of(scenario.submitters, [](const SubmitterConfig& submitter) {
    return submitter.retry.max_attempts > 1 && submitter.retry.backoff.jitter > 0;
  });
}

}  // namespace sluice
