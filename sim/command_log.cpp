#include "sim/command_log.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <list>
#include <string_view>
#include <utility>
#include <variant>

#include "base/text/json.hpp"
#include "base/text/units.hpp"

namespace sluice {
namespace {

// ---- commands become incidents

class LogReader {
 public:
  explicit LogReader(const PipelineConfig& scenario) : scenario_(scenario) {}

  void read(const LoggedCommand& logged) {
    now_ = logged.at;
    const bool has_form =
        std::visit([this](const auto& c) { return has_all_of(c) && take(c); }, logged.command);
    if (!has_form) left_out_.push_back(logged);
  }

  ReplayableLog done() && {
    ReplayableLog all;
    for (Entry& entry : entries_) all.incidents.push_back(std::move(entry.incident));
    all.left_out = std::move(left_out_);
    return all;
  }

 private:
  using Change = decltype(Incident::change);
  struct Entry {
    Incident incident;
    Command begun_by;
  };
  using Entries = std::list<Entry>;

  bool known(GroupId id) const { return id.index() < scenario_.groups.size(); }
  bool known(WorkflowId id) const { return id.index() < scenario_.workflows.size(); }
  bool known(CredentialId id) const { return id.index() < scenario_.credentials.size(); }
  template <class Any>
  bool has_all_of(const Any& c) const {
    if constexpr (requires { c.what; })
      return std::visit([this](auto id) { return this->known(id); }, c.what);
    else if constexpr (requires { c.group; })
      return known(c.group);
    else if constexpr (requires { c.workflow; })
      return known(c.workflow);
    else if constexpr (requires { c.credential; })
      return known(c.credential);
    else
      return true;
  }

  /// What nothing ends.
  template <class Any>
  bool happen(Change change, const Any& by) {
    entries_.push_back({{"", now_, std::nullopt, std::move(change)}, by});
    return true;
  }
  template <class Any>
  bool begin(Change change, const Any& by) {
    happen(std::move(change), by);
    open_.push_back(std::prev(entries_.end()));
    return true;
  }
  /// Those under way that `is_meant` holds of, in order of their beginning.
  template <class Kind, class IsMeant>
  std::vector<Entries::iterator> open(IsMeant is_meant) const {
    std::vector<Entries::iterator> found;
    for (const Entries::iterator entry : open_) {
      const auto* change = std::get_if<Kind>(&entry->incident.change);
      if (change != nullptr && is_meant(*change)) found.push_back(entry);
    }
    return found;
  }
  /// False if it took no time: such an incident there is not.
  bool end(Entries::iterator entry) {
    if (entry->incident.at == now_) {
      left_out_.push_back({now_, entry->begun_by});
      forget(entry);
      return false;
    }
    entry->incident.length = now_ - entry->incident.at;
    std::erase(open_, entry);
    return true;
  }
  void forget(Entries::iterator entry) {
    std::erase(open_, entry);
    entries_.erase(entry);
  }
  bool end_last(const std::vector<Entries::iterator>& of) { return !of.empty() && end(of.back()); }

  // ---- pauses nest: the last one that began ends
  static Change change_of(CredentialId id) { return PauseCredentials{{id}}; }
  static Change change_of(WorkflowId id) { return PauseWorkflow{id}; }
  static Change change_of(GroupId id) { return PauseGroup{id}; }
  bool take(const Pause& c) {
    return begin(std::visit([](auto id) { return change_of(id); }, c.what), c);
  }
  bool take(const Resume& c) {
    return std::visit([this](auto id) { return resume(id); }, c.what);
  }
  bool resume(CredentialId id) {
    return end_last(open<PauseCredentials>(
        [id](const PauseCredentials& c) { return c.credentials.front() == id; }));
  }
  bool resume(WorkflowId id) {
    return end_last(open<PauseWorkflow>([id](const PauseWorkflow& c) { return c.workflow == id; }));
  }
  bool resume(GroupId id) {
    return end_last(open<PauseGroup>([id](const PauseGroup& c) { return c.group == id; }));
  }

  // ---- workers
  /// One that takes the place of another holds from its beginning on, as the last that began; so
  /// the other one may go on underneath, and all end together.
  bool take(const SetWorkers& c) { return begin(c, c); }
  bool take(const EndSetWorkers& c) {
    const auto ended = open<SetWorkers>(
        [&c](const SetWorkers& set) { return set.group == c.group && set.by == c.by; });
    bool all_took_time = true;
    for (auto entry = ended.rbegin(); entry != ended.rend(); ++entry) all_took_time &= end(*entry);
    return all_took_time;
  }
  bool take(const LoseWorkers& c) { return c.count == 0 || begin(c, c); }
  bool take(const RestoreWorkers& c) {
    const auto is_meant = [&c](const LoseWorkers& loss) {
      return loss.group == c.group && loss.by == c.by;
    };
    std::uint32_t left = c.count;
    for (auto losses = open<LoseWorkers>(is_meant); left > 0 && !losses.empty();
         losses = open<LoseWorkers>(is_meant)) {
      const Entries::iterator entry = losses.front();
      auto& lost = std::get<LoseWorkers>(entry->incident.change);
      const std::uint32_t count = std::min(left, lost.count);
      left -= count;
      if (count < lost.count) split(entry, count);
      if (!end(entry)) return false;
    }
    return true;
  }
  /// So many of the workers that were lost are an incident of their own, before the rest.
  void split(Entries::iterator entry, std::uint32_t count) {
    const auto rest = entries_.insert(std::next(entry), *entry);
    std::get<LoseWorkers>(rest->incident.change).count -= count;
    std::get<LoseWorkers>(entry->incident.change).count = count;
    open_.insert(std::next(std::find(open_.begin(), open_.end(), entry)), rest);
  }
  bool take(const RestartWorkers& c) { return happen(c, c); }

  // ---- what is set takes the place of what was set before
  template <class Kind, class Any, class IsMeant>
  bool replace(const Kind& change, bool is_neutral, const Any& by, IsMeant is_meant) {
    for (const Entries::iterator entry : open<Kind>(is_meant))  // at most one
      entry->incident.at == now_ ? forget(entry) : static_cast<void>(end(entry));
    return is_neutral || begin(change, by);
  }
  bool take(const SetFailureFactor& c) {
    return replace(FailureFactor{{c.workflow}, c.factor}, c.factor == 1, c,
                   [&c](const FailureFactor& f) { return f.workflows.front() == c.workflow; });
  }
  bool take(const SetDurationFactor& c) {
    return replace(DurationFactor{{c.workflow}, c.factor}, c.factor == 1, c,
                   [&c](const DurationFactor& f) { return f.workflows.front() == c.workflow; });
  }
  bool take(const SetLoginFailureFactor& c) {
    return replace(
        LoginFailureFactor{{c.credential}, c.factor}, c.factor == 1, c,
        [&c](const LoginFailureFactor& f) { return f.credentials.front() == c.credential; });
  }
  bool take(const SetApiLatencyFactor& c) {
    return replace(ApiLatencyFactor{c.factor}, c.factor == 1, c,
                   [](const ApiLatencyFactor&) { return true; });
  }
  bool take(const SetApiErrorRate& c) {
    return replace(ApiErrorRate{c.rate}, c.rate == scenario_.api.error_rate, c,
                   [](const ApiErrorRate&) { return true; });
  }
  /// No incident says `unlimited` or `never`.
  bool take(const OverrideCredential& c) {
    const bool has_form = c.to.max_concurrency != UINT32_MAX &&
                          c.to.expiry_time_from_last_use != Duration::max() &&
                          c.to.expiry_time_from_session_data_set != Duration::max();
    replace(CredentialLimits{{c.credential}, c.to}, c.to == CredentialOverride{} || !has_form, c,
            [&c](const CredentialLimits& f) { return f.credentials.front() == c.credential; });
    return has_form;
  }

  const PipelineConfig& scenario_;
  Time now_;
  Entries entries_;                      // in order of their beginning
  std::vector<Entries::iterator> open_;  // those that have not ended, likewise
  std::vector<LoggedCommand> left_out_;
};

// ---- incidents become text

/// A name as a scalar of YAML: plain where nobody can take it for something else.
std::string scalar(const std::string& name) {
  constexpr std::string_view kWords[]{"true", "false", "null", "yes", "no", "on", "off", "y", "n"};
  const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  const auto is_plain = [&](char c) {
    return is_letter(c) || (c >= '0' && c <= '9') || c == '-' || c == '_';
  };
  std::string lower = name;
  for (char& c : lower)
    if (is_letter(c)) c = static_cast<char>(c | 0x20);
  const bool plain = !name.empty() && is_letter(name.front()) &&
                     std::all_of(name.begin(), name.end(), is_plain) &&
                     std::find(std::begin(kWords), std::end(kWords), lower) == std::end(kWords);
  return plain ? name : quoted_json(name);
}

/// What an incident does, as its key and value; one that takes two keys is two incidents.
class ChangeText {
 public:
  explicit ChangeText(const PipelineConfig& names) : names_(names) {}

  using Texts = std::vector<std::string>;
  Texts operator()(const PauseCredentials& c) const {
    return {fmt::format("pause_credential: {}", credential(c.credentials))};
  }
  Texts operator()(const PauseWorkflow& c) const {
    return {fmt::format("pause_workflow: {}", scalar(names_.workflows[c.workflow.index()].name))};
  }
  Texts operator()(const PauseGroup& c) const {
    return {fmt::format("pause_group: {}", group(c.group))};
  }
  Texts operator()(const LoseWorkers& c) const {
    return {fmt::format("lose_workers: {{group: {}, count: {}}}", group(c.group), c.count)};
  }
  Texts operator()(const SetWorkers& c) const {
    return {fmt::format("set_workers: {{group: {}, count: {}}}", group(c.group), c.count)};
  }
  Texts operator()(const RestartWorkers& c) const {
    return {fmt::format("restart_workers: {{group: {}}}", group(c.group))};
  }
  Texts operator()(const FailureFactor& c) const {
    return {of_workflow("failure_rate", c.workflows, c.factor)};
  }
  Texts operator()(const DurationFactor& c) const {
    return {of_workflow("workflow_duration", c.workflows, c.factor)};
  }
  Texts operator()(const LoginFailureFactor& c) const {
    return {fmt::format("login_failure_rate: {{credential: {}, factor: {}}}",
                        credential(c.credentials), c.factor)};
  }
  Texts operator()(const ApiLatencyFactor& c) const {
    return {fmt::format("api_latency: {}", c.factor)};
  }
  Texts operator()(const ApiErrorRate& c) const {
    return {fmt::format("api_error_rate: {}", c.rate)};
  }
  Texts operator()(const CredentialLimits& c) const {
    Texts texts;
    const CredentialOverride& to = c.limits;
    if (to.max_concurrency)
      texts.push_back(fmt::format("credential_limit: {{credential: {}, max_concurrency: {}}}",
                                  credential(c.credentials), *to.max_concurrency));
    std::string times;
    if (const auto& time = to.expiry_time_from_last_use)
      times += ", expiry_time_from_last_use: " + format_exact(*time);
    if (const auto& time = to.expiry_time_from_session_data_set)
      times += ", expiry_time_from_session_data_set: " + format_exact(*time);
    if (!times.empty())
      texts.push_back(
          fmt::format("credential_expiry: {{credential: {}{}}}", credential(c.credentials), times));
    return texts;
  }
  Texts operator()(const ArrivalFactor&) const { return {}; }  // not of a command

 private:
  std::string group(GroupId id) const { return scalar(names_.groups[id.index()].name); }
  std::string credential(const std::vector<CredentialId>& one) const {
    return scalar(names_.credentials[one.front().index()].name);
  }
  std::string of_workflow(const char* key, const std::vector<WorkflowId>& one,
                          double factor) const {
    return fmt::format("{}: {{workflow: {}, factor: {}}}", key,
                       scalar(names_.workflows[one.front().index()].name), factor);
  }

  const PipelineConfig& names_;
};

}  // namespace

ReplayableLog incidents_of(std::span<const LoggedCommand> log, const PipelineConfig& scenario) {
  LogReader reader(scenario);
  for (const LoggedCommand& logged : log) reader.read(logged);
  return std::move(reader).done();
}

std::string incidents_yaml(std::span<const LoggedCommand> log, const PipelineConfig& scenario,
                           const PipelineConfig& now) {
  const ReplayableLog all = incidents_of(log, scenario);
  std::string text = all.incidents.empty() ? "incidents: []\n" : "incidents:\n";
  for (const Incident& incident : all.incidents) {
    std::string when = "at: " + format_exact(incident.at - Time::zero());
    if (incident.length) when += ", for: " + format_exact(*incident.length);
    for (const std::string& change : std::visit(ChangeText(scenario), incident.change))
      text += fmt::format("  - {{{}, {}}}\n", when, change);
  }
  for (const LoggedCommand& logged : all.left_out)
    text += fmt::format("  # at {}, not replayed: {}\n", format_exact(logged.at - Time::zero()),
                        text_of(logged.command, now));
  return text;
}

}  // namespace sluice
