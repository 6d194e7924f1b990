#include "reports/runs/run_words.hpp"

#include <fmt/format.h>

namespace sluice {

std::string_view name(Outcome outcome) {
  switch (outcome) {
    case Outcome::succeeded:
      return "succeeded";
    case Outcome::failed:
      return "failed";
    case Outcome::stopped:
      return "stopped";
  }
  return "";
}

std::string_view name(EndReason reason) {
  switch (reason) {
    case EndReason::completed:
      return "completed";
    case EndReason::failure:
      return "failure";
    case EndReason::login_failed:
      return "login_failed";
    case EndReason::interaction_timeout:
      return "interaction_timeout";
    case EndReason::sibling_login_failed:
      return "sibling_login_failed";
    case EndReason::interrupted:
      return "interrupted";
    case EndReason::timeout:
      return "timeout";
    case EndReason::expired:
      return "expired";
    case EndReason::cancelled:
      return "cancelled";
  }
  return "";
}

std::string_view name(RequeueCause cause) {
  switch (cause) {
    case RequeueCause::retriable_failure:
      return "retriable_failure";
    case RequeueCause::worker_lost:
      return "worker_lost";
    case RequeueCause::timeout:
      return "timeout";
  }
  return "";
}

std::string_view name(BlockReason reason) {
  switch (reason) {
    case BlockReason::credential_limit:
      return "credential_limit";
    case BlockReason::login:
      return "login";
    case BlockReason::pause:
      return "pause";
    case BlockReason::workspace_cap:
      return "workspace_cap";
  }
  return "";
}

std::string_view describe(EndReason reason) {
  switch (reason) {
    case EndReason::completed:
      return "it did what it was asked to";
    case EndReason::failure:
      return "its attempt failed";
    case EndReason::login_failed:
      return "its login failed";
    case EndReason::interaction_timeout:
      return "nobody answered its question in time";
    case EndReason::sibling_login_failed:
      return "another run's login failed on the same credential";
    case EndReason::interrupted:
      return "it was interrupted by request";
    case EndReason::timeout:
      return "its attempt took longer than its workflow allows";
    case EndReason::expired:
      return "it waited longer than its workflow allows";
    case EndReason::cancelled:
      return "it waited longer than its submitter has patience";
  }
  return "";
}

std::string clock_text(Time time) {
  const std::int64_t ms = (time.ns + 500'000) / 1'000'000;
  const std::int64_t day = 86'400'000;
  std::string text = ms >= day ? fmt::format("{}d ", ms / day) : "";
  text += fmt::format("{:02}:{:02}:{:02}", ms % day / 3'600'000, ms / 60'000 % 60, ms / 1000 % 60);
  if (ms % 1000 != 0) text += fmt::format(".{:03}", ms % 1000);
  return text;
}

}  // namespace sluice
