#include "pipeline/command.hpp"

#include <map>
#include <type_traits>
#include <vector>

#include "base/text/json.hpp"
#include "base/text/units.hpp"

namespace sluice {
namespace {

constexpr std::string_view kUnlimited = "unlimited", kNever = "never";

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
      to["max_concurrency"] = *max == UINT32_MAX ? Json(kUnlimited) : Json(*max);
    const auto expiry = [&to](const char* key, const std::optional<Duration>& time) {
      if (time) to[key] = *time == Duration::max() ? std::string(kNever) : format_exact(*time);
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

// ---- reading

/// The value behind the only key of a command, and what it says; a mistake anywhere is kept.
class CommandReader {
 public:
  CommandReader(const PipelineConfig& config, const Json& value) : config_(config), value_(value) {}

  /// Every part was there, of the right kind, and nothing else.
  bool good() const { return good_ && (!value_.is_object() || seen_ == value_.size()); }

  template <class Id>
  Id thing_named(const Json* name) {
    std::vector<Id> found;
    const auto& all = things(config_, Id{});
    for (std::size_t i = 0; name != nullptr && name->is_string() && i < all.size(); ++i)
      if (all[i].name == name->get_ref<const std::string&>()) found.push_back(Id::at(i));
    good_ &= found.size() == 1;
    return good_ ? found.front() : Id{};
  }
  template <class Id>
  Id thing() {
    return thing_named<Id>(part(kind_of(Id{})));
  }
  template <class Id>
  Id whole_thing() {
    return thing_named<Id>(&value_);
  }
  std::uint32_t number(const Json* json) {
    good_ &=
        json != nullptr && json->is_number_unsigned() && json->get<std::uint64_t>() < UINT32_MAX;
    return good_ ? json->get<std::uint32_t>() : 0;
  }
  std::uint32_t count() { return number(part("count")); }
  CauseId cause() {
    const Json* incident = part("incident");
    return incident == nullptr ? kByHand : CauseId{number(incident)};
  }
  double real(const Json* json) {
    good_ &= json != nullptr && json->is_number();
    return good_ ? json->get<double>() : 0;
  }
  double factor() { return real(part("factor")); }
  double whole_number() { return real(&value_); }
  CredentialOverride limits() {
    CredentialOverride to;
    if (const Json* max = part("max_concurrency"))
      to.max_concurrency = *max == kUnlimited ? UINT32_MAX : number(max);
    to.expiry_time_from_last_use = expiry(part("expiry_time_from_last_use"));
    to.expiry_time_from_session_data_set = expiry(part("expiry_time_from_session_data_set"));
    return to;
  }

 private:
  const Json* part(std::string_view key) {
    if (!value_.is_object()) return nullptr;
    const auto place = value_.find(std::string(key));
    if (place == value_.end()) return nullptr;
    ++seen_;
    return &*place;
  }
  std::optional<Duration> expiry(const Json* text) {
    if (text == nullptr) return std::nullopt;
    if (*text == kNever) return Duration::max();
    const auto time = text->is_string() ? parse_duration(text->get_ref<const std::string&>())
                                        : Parsed<Duration>{};
    good_ &= static_cast<bool>(time);
    return time ? *time : Duration{};
  }

  const PipelineConfig& config_;
  const Json& value_;
  std::size_t seen_ = 0;
  bool good_ = true;
};

using ReadCommand = Command (*)(CommandReader&);

// Braces evaluate from left to right.
const std::map<std::string_view, ReadCommand>& readers() {
  using R = CommandReader;
  static const std::map<std::string_view, ReadCommand> all{
      {"pause_credential", [](R& r) -> Command { return Pause{r.whole_thing<CredentialId>()}; }},
      {"pause_workflow", [](R& r) -> Command { return Pause{r.whole_thing<WorkflowId>()}; }},
      {"pause_group", [](R& r) -> Command { return Pause{r.whole_thing<GroupId>()}; }},
      {"resume_credential", [](R& r) -> Command { return Resume{r.whole_thing<CredentialId>()}; }},
      {"resume_workflow", [](R& r) -> Command { return Resume{r.whole_thing<WorkflowId>()}; }},
      {"resume_group", [](R& r) -> Command { return Resume{r.whole_thing<GroupId>()}; }},
      {"set_workers",
       [](R& r) -> Command {
         return SetWorkers{r.thing<GroupId>(), r.count(), r.cause()};
       }},
      {"end_set_workers",
       [](R& r) -> Command {
         return EndSetWorkers{r.thing<GroupId>(), r.cause()};
       }},
      {"lose_workers",
       [](R& r) -> Command {
         return LoseWorkers{r.thing<GroupId>(), r.count(), r.cause()};
       }},
      {"restore_workers",
       [](R& r) -> Command {
         return RestoreWorkers{r.thing<GroupId>(), r.count(), r.cause()};
       }},
      {"restart_workers", [](R& r) -> Command { return RestartWorkers{r.thing<GroupId>()}; }},
      {"failure_rate",
       [](R& r) -> Command {
         return SetFailureFactor{r.thing<WorkflowId>(), r.factor()};
       }},
      {"login_failure_rate",
       [](R& r) -> Command {
         return SetLoginFailureFactor{r.thing<CredentialId>(), r.factor()};
       }},
      {"workflow_duration",
       [](R& r) -> Command {
         return SetDurationFactor{r.thing<WorkflowId>(), r.factor()};
       }},
      {"override_credential",
       [](R& r) -> Command {
         return OverrideCredential{r.thing<CredentialId>(), r.limits()};
       }},
      {"api_latency", [](R& r) -> Command { return SetApiLatencyFactor{r.whole_number()}; }},
      {"api_error_rate", [](R& r) -> Command { return SetApiErrorRate{r.whole_number()}; }}};
  return all;
}

}  // namespace

std::string text_of(const Command& command, const PipelineConfig& config) {
  return dump(std::visit(CommandWriter(config), command));
}

std::optional<Command> command_of(std::string_view text, const PipelineConfig& config) {
  const std::optional<Json> json = parse_json(text);
  if (!json || !json->is_object() || json->size() != 1) return std::nullopt;
  const auto reader = readers().find(json->begin().key());
  if (reader == readers().end()) return std::nullopt;
  CommandReader parts(config, json->begin().value());
  Command command = reader->second(parts);
  if (!parts.good()) return std::nullopt;
  return command;
}

}  // namespace sluice
