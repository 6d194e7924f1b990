// How a transition looks as a line of text.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "pipeline/observer.hpp"
#include "tests/model/reference/script.hpp"

namespace sluice::reference {

std::string_view word(BlockReason reason);
std::string_view word(Outcome outcome);
std::string_view word(EndReason reason);
std::string_view word(RequeueCause cause);
std::string_view word(StepKind kind);

/// "t=2.5 <text>"
std::string at(Time now, std::string_view text);
std::string answer_text(const RunRequest& request, const Answer& answer);
std::string accepted_text(std::uint64_t id, const RunRequest& request);
std::string workers_text(GroupId group, const WorkerCounts& counts);
std::string credentials_text(const std::vector<CredentialId>& credentials);
std::string blocked_text(std::string_view verb, std::uint64_t id, BlockReason reason,
                         std::string_view on);

/// The end of a log, a line each.
std::string last_lines(const Log& log);

/// Empty if equal; else the first line that differs, with some lines before it from both.
std::string first_difference(const Log& expected, const Log& actual);

}  // namespace sluice::reference
