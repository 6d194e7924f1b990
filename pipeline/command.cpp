#include "pipeline/command.hpp"

#include <type_traits>

#include "base/text/json.hpp"
#include "base/text/units.hpp"

namespace sluice {
namespace {

constexpr std::string_view kUnlimitedWord = "unlimited", kNeverWord = "never";

// ---- the kinds of things that commands name

constexpr std::string_view kind_of(CredentialId) { return "credential"; }
constexpr std::string_view kind_of(WorkflowId) { return "workflow"; }
constexpr std::string_view kind_of(GroupId) { return "group"; }

const auto& things(const PipelineConfig& config, CredentialId) { return config.credentials; }
const auto& things(const PipelineConfig& config, WorkflowId) { return config.workflows; }
const auto& things(const PipelineConfig& config, GroupId) { return config.groups; }

template <class Id>
const std::string& name_in(const PipelineConfig& config, Id id) {
  return things(config, id)[id.index()].name;
}

// ---- writing

class CommandWriter {
 public:
  explicit CommandWriter(const PipelineConfig& config) : config_(config) {}

  Json operator()(const Pause& c) const { return of_pausable("pause", c.what); }
  Json operator()(const Resume& c) const { return of_pausable("resume", c.what); }
  Json operator()(const SetWorkers& c) const { return of_workers("set_workers", c); }
  Json operator()(const EndSetWorkers& c) const { return of_workers("end_set_workers", c); }
  Json operator()(const LoseWorkers& c) const { return of_workers("lose_workers", c); }
  Json operator()(const RestoreWorkers& c) const { return of_workers("restore_workers", c); }
  Json operator()(const RestartWorkers& c) const { return of_workers("restart_workers", c); }
  Json operator()(const SetFailureFactor& c) const {
    return of_factor("failure_rate", c.workflow, c.factor);
  }
  Json operator()(const SetLoginFailureFactor& c) const {
    return of_factor("login_failure_rate", c.credential, c.factor);
  }
  Json operator()(const SetDurationFactor& c) const {
    return of_factor("workflow_duration", c.workflow, c.factor);
  }
  Json operator()(const SetApiLatencyFactor& c) const { return {{"api_latency", c.factor}}; }
  Json operator()(const SetApiErrorRate& c) const { return {{"api_error_rate", c.rate}}; }
  Json operator()(const OverrideCredential& c) const {
    Json to{{"credential", name_in(config_, c.credential)}};
    if (const auto& max = c.to.max_concurrency)
      to["max_concurrency"] = *max == UINT32_MAX ? Json(kUnlimitedWord) : Json(*max);
    const auto expiry = [&to](const char* key, const std::optional<Duration>& time) {
      if (time) to[key] = *time == Duration::max() ? std::string(kNeverWord) : format_exact(*time);
    };
    expiry("expiry_time_from_last_use", c.to.expiry_time_from_last_use);
    expiry("expiry_time_from_session_data_set", c.to.expiry_time_from_session_data_set);
    return {{"override_credential", std::move(to)}};
  }

 private:
  Json of_pausable(std::string_view verb, const Pausable& what) const {
    return std::visit(
        [&](auto id) {
          return Json{{std::string(verb) + "_" + std::string(kind_of(id)), name_in(config_, id)}};
        },
        what);
  }
  template <class Change>
  Json of_workers(const char* key, const Change& c) const {
    Json change{{"group", name_in(config_, c.group)}};
    if constexpr (requires { c.count; }) change["count"] = c.count;
    if constexpr (requires { c.by; })
      if (c.by != kByHand) change["incident"] = c.by.value;
    return {{key, std::move(change)}};
  }
  template <class Id>
  Json of_factor(const char* key, Id id, double factor) const {
    return {{key, {{std::string(kind_of(id)), name_in(config_, id)}, {"factor", factor}}}};
  }

  const PipelineConfig& config_;
};

}  // namespace

std::string text_of(const Command& command, const PipelineConfig& config) {
  return dump(std::visit(CommandWriter(config), command));
}

}  // namespace sluice
