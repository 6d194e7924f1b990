#include "tests/model/reference/log_lines.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "tests/model/reference/enumerators.hpp"

namespace sluice::reference {

std::string_view word(BlockReason reason) {
  constexpr auto words =
      std::to_array<std::string_view>({"credential_limit", "login", "pause", "cap"});
  static_assert(words.size() == enumerator_count<BlockReason>());
  return words[static_cast<std::size_t>(reason)];
}

std::string_view word(Outcome outcome) {
  constexpr auto words = std::to_array<std::string_view>({"succeeded", "failed", "stopped"});
  static_assert(words.size() == enumerator_count<Outcome>());
  return words[static_cast<std::size_t>(outcome)];
}

std::string_view word(EndReason reason) {
  constexpr auto words = std::to_array<std::string_view>(
      {"completed", "failure", "login_failed", "interaction_timeout", "sibling_login_failed",
       "interrupted", "timeout", "expired", "cancelled"});
  static_assert(words.size() == enumerator_count<EndReason>());
  return words[static_cast<std::size_t>(reason)];
}

std::string_view word(RequeueCause cause) {
  constexpr std::array<std::string_view, 3> words{"retriable_failure", "worker_lost", "timeout"};
  return words[static_cast<std::size_t>(cause)];
}

std::string_view word(StepKind kind) {
  constexpr auto words = std::to_array<std::string_view>(
      {"submit", "interrupt", "pause_credential", "resume_credential", "pause_workflow",
       "resume_workflow", "pause_group", "resume_group", "set_workers", "lose_workers",
       "restore_workers", "restart_workers", "failure_factor", "login_failure", "latency_factor",
       "error_rate", "end_set_workers", "duration_factor", "override_credential"});
  static_assert(words.size() == enumerator_count<StepKind>());
  return words[static_cast<std::size_t>(kind)];
}

std::string at(Time now, std::string_view text) {
  return fmt::format("t={} {}", now.seconds(), text);
}

std::string answer_text(const RunRequest& request, const Answer& answer) {
  constexpr std::array<std::string_view, 3> words{"accepted", "rate_limited", "server_error"};
  const auto status = words[static_cast<std::size_t>(answer.status)];
  std::string text = fmt::format("answered index={} {} at={}", request.index, status,
                                 answer.answered_at.seconds());
  if (answer.status == Answer::Status::rate_limited) {
    text += fmt::format(" window={} retry_after={}", answer.window, answer.retry_after.seconds());
  }
  return text;
}

std::string accepted_text(std::uint64_t id, const RunRequest& request) {
  return fmt::format("accepted id={} index={} workspace={} {}", id, request.index,
                     request.workspace.value, name(request.level));
}

std::string workers_text(GroupId group, const WorkerCounts& counts) {
  return fmt::format(
      "workers group={} idle={} running={} holding={} starting={} cooling={} down={}", group.value,
      counts.idle, counts.running, counts.holding, counts.starting, counts.cooling, counts.down);
}

std::string credentials_text(const std::vector<CredentialId>& credentials) {
  std::string text = "[";
  for (const CredentialId credential : credentials) {
    text += fmt::format("{}{}", text.size() > 1 ? "," : "", credential.value);
  }
  return text + "]";
}

std::string blocked_text(std::string_view verb, std::uint64_t id, BlockReason reason,
                         std::string_view on) {
  return fmt::format("{} id={} {} on={}", verb, id, word(reason), on);
}

std::string last_lines(const Log& log) {
  constexpr std::ptrdiff_t kLines = 40;
  std::string text;
  const auto all = std::ssize(log);
  for (auto line = log.end() - std::min(kLines, all); line != log.end(); ++line) {
    text += "    " + *line + "\n";
  }
  return text;
}

std::string first_difference(const Log& expected, const Log& actual) {
  const auto [e, a] = std::mismatch(expected.begin(), expected.end(), actual.begin(), actual.end());
  if (e == expected.end() && a == actual.end()) return "";
  constexpr std::ptrdiff_t kBefore = 25, kAfter = 6;
  std::string text = "logs differ after:\n";
  for (auto line = e - std::min(kBefore, e - expected.begin()); line != e; ++line) {
    text += "    " + *line + "\n";
  }
  const auto tail = [&](std::string_view who, auto from, auto end) {
    for (auto line = from; line != end && line - from < kAfter; ++line) {
      text += fmt::format("{} {}\n", who, *line);
    }
    if (from == end) text += fmt::format("{} (end)\n", who);
  };
  tail("ref ", e, expected.end());
  tail("real", a, actual.end());
  return text;
}

}  // namespace sluice::reference
