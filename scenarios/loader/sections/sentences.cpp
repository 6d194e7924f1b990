#include "scenarios/loader/sections/sentences.hpp"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/text/units.hpp"

namespace sluice {
namespace {

bool any_alias_is_filled(const SubmitterConfig& submitter) {
  return std::any_of(submitter.workflows.begin(), submitter.workflows.end(),
                     [](const auto& use) { return !use.second.credentials.empty(); });
}

bool any_pool_of_several(const SubmitterConfig& submitter) {
  const auto several = [](const CredentialChoice& choice) {
    return choice.kind == CredentialChoice::Kind::pool && choice.members.size() > 1;
  };
  return std::any_of(submitter.workflows.begin(), submitter.workflows.end(), [&](const auto& use) {
    const std::vector<CredentialChoice>& choices = use.second.credentials;
    return std::any_of(choices.begin(), choices.end(), several);
  });
}

using UsedCredentials = std::vector<const CredentialConfig*>;

bool login_may_fail(const CredentialConfig* credential) {
  return credential->login && credential->login->failure > 0;
}

bool is_retried(const WorkflowConfig& workflow) {
  const auto retried = [](const FailureKindConfig& kind) { return kind.retry && kind.rate > 0; };
  return workflow.max_retries > 0 &&
         ((workflow.timeout && workflow.timeout->retry) ||
          std::any_of(workflow.failures.begin(), workflow.failures.end(), retried));
}

bool has_timeout(const WorkflowConfig& workflow) { return workflow.timeout.has_value(); }
bool has_expiry(const WorkflowConfig& workflow) { return workflow.expiry.has_value(); }
bool has_patience(const SubmitterConfig& submitter) { return submitter.patience.has_value(); }

bool workers_may_be_lost(const Scenario& scenario) {
  const auto fails = [](const ResourceGroupConfig& group) {
    return group.workers.failures.has_value();
  };
  const auto loses = [](const Incident& incident) {
    return std::holds_alternative<LoseWorkers>(incident.change) ||
           std::holds_alternative<RestartWorkers>(incident.change);
  };
  return std::any_of(scenario.pipeline.groups.begin(), scenario.pipeline.groups.end(), fails) ||
         std::any_of(scenario.incidents.begin(), scenario.incidents.end(), loses);
}

std::string why_never_together(const LevelsByGroup& submitted, const Reach& reach) {
  const auto has = [](PriorityLevel level) {
    return [level](const auto& levels) { return levels[index(level)]; };
  };
  for (const PriorityLevel level : {reach.waiting, reach.dispatched})
    if (std::none_of(submitted.begin(), submitted.end(), has(level)))
      return "no submitter has " + std::string(name(level)) + " runs";
  const auto both = [&](const auto& levels) {
    return levels[index(reach.waiting)] && levels[index(reach.dispatched)];
  };
  if (std::any_of(submitted.begin(), submitted.end(), both)) return {};
  return "no resource group has runs of both levels";
}

/// Empty: it may happen.
std::string why_never(const Scenario& scenario, const LevelsByGroup& submitted,
                      const UsedCredentials& used, const Reach& reach) {
  const auto any = [](const auto& all, auto holds) {
    return std::any_of(all.begin(), all.end(), holds);
  };
  const PipelineConfig& pipeline = scenario.pipeline;
  switch (reach.kind) {
    case ReachKind::waited_while_dispatched:
      return why_never_together(submitted, reach);
    case ReachKind::rate_limited:
      return pipeline.api.rate_limits.empty() ? "there are no rate limits" : "";
    case ReachKind::parked_on_credential:
      return any(scenario.submitters, any_alias_is_filled) ? "" : "no run needs a credential";
    case ReachKind::login_failed:
      return any(used, login_may_fail) ? "" : "no login of a credential that is used may fail";
    case ReachKind::sibling_stopped: {
      const bool may = any(used, [&](const CredentialConfig* credential) {
        return login_may_fail(credential) &&
               (credential->limit() > 1 || pipeline.stop_queued_siblings);
      });
      return may ? "" : "no credential whose login may fail is held by several runs at once";
    }
    case ReachKind::worker_lost:
      return workers_may_be_lost(scenario)
                 ? ""
                 : "workers have no `failures`, and no incident loses or restarts any";
    case ReachKind::requeued:
      return any(pipeline.workflows, is_retried) || workers_may_be_lost(scenario)
                 ? ""
                 : "no workflow has a failure that is retried, and no worker can be lost";
    case ReachKind::pool_skipped_member:
      return any(scenario.submitters, any_pool_of_several)
                 ? ""
                 : "no submitter uses a pool of several credentials";
    case ReachKind::timed_out:
      return any(pipeline.workflows, has_timeout) ? "" : "no workflow has a `timeout`";
    case ReachKind::expired:
      return any(pipeline.workflows, has_expiry) ? "" : "no workflow has an `expiry`";
    case ReachKind::cancelled:
      return any(scenario.submitters, has_patience) ? "" : "no submitter has `patience`";
    case ReachKind::queue_emptied:
      break;
  }
  return {};
}

}  // namespace

void warn_undecidable(const Scenario& scenario, const Document& document,
                      const DeclaredNames& names, Problems& problems) {
  const LevelsByGroup submitted = submitted_levels(scenario);
  UsedCredentials used;
  for (std::size_t i = 0; i < scenario.pipeline.credentials.size(); ++i)
    if (names.credentials.used(i)) used.push_back(&scenario.pipeline.credentials[i]);
  for (std::size_t i = 0; i < scenario.reaches.size(); ++i) {
    const std::string why = why_never(scenario, submitted, used, scenario.reaches[i].reach);
    if (!why.empty()) problems.warning(document.reaches[i].mark, "this cannot happen: " + why);
  }
  const WarmUpConfig& warm_up = scenario.warm_up;
  const Duration observed =
      scenario.duration - (warm_up.automatic ? Duration::zero() : warm_up.length);
  for (std::size_t i = 0; i < scenario.expectations.size(); ++i) {
    const std::optional<Duration>& over = scenario.expectations[i].over;
    if (over && *over > observed)
      problems.warning(document.expectations[i].sentence.mark,
                       "no window of " + format_exact(*over) + " fits into the " +
                           format_exact(observed) +
                           " that are observed: this can never be decided");
  }
}

}  // namespace sluice
