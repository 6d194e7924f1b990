#include "load/measure/target_watch.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "base/text/units.hpp"
#include "http/client/ask.hpp"
#include "http/client/channel.hpp"

namespace sluice {
namespace {

constexpr std::chrono::seconds kTargetMayBeSilent{10};

}  // namespace

std::string instead_of_answers(std::string_view failure) {
  if (failure == "refused") return "refuses connections";
  if (failure == "cannot resolve") return "has a name that cannot be resolved";
  if (failure == "unreachable") return "cannot be reached";
  if (failure == "no such socket") return "has no socket any more";
  if (failure == "no connection" || failure == "timed out") return "does not answer";
  return fmt::format("ends connections without an answer ({})", failure);
}

std::string TargetWatch::next(SteadyTime now, const LoadCounts& counts) {
  const std::uint64_t answers = counts.answers();
  if (answers > answers_ || counts.unanswered_in_row == 0) last_answer_ = now;
  answers_ = answers;
  if (now - last_answer_ < kTargetMayBeSilent) return {};
  return fmt::format("no answer for {}: the target {}",
                     format_duration(std::chrono::duration<double>(now - last_answer_).count()),
                     instead_of_answers(counts.last_failure));
}

std::string why_no_answer(HttpClientSettings settings, const std::string& request,
                          std::chrono::nanoseconds at_most, const std::atomic<bool>* stop) {
  settings.timeout = std::min(settings.timeout, at_most);
  const AskedAnswer answer = ask(settings, request, stop);
  const bool says_nothing = answer.status != 0 || (stop != nullptr && *stop);
  return says_nothing || is_own_shortage(answer.failure) ? "" : answer.failure;
}

}  // namespace sluice
