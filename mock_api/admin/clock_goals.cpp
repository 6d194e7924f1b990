// Api: what a clock that is moved by hand can be moved up to.
#include <algorithm>

#include "mock_api/api_impl.hpp"

namespace sluice {
namespace {

/// The status that a point of a run's story is the beginning of; none if it is of none.
std::optional<RunStatus> status_entered(const ServedRun& run, const StoryPoint& point) {
  using Kind = StoryPoint::Kind;
  switch (point.kind) {
    case Kind::accepted:
      return RunStatus::queued;
    case Kind::dispatched:
      return RunStatus::start;
    case Kind::requeued:
      return RunStatus::requeued;
    case Kind::parked:
    case Kind::holding:
      if (point.detail != static_cast<std::uint8_t>(BlockReason::pause)) return std::nullopt;
      return RunStatus::paused;
    case Kind::ended:
      return run.status;
    default:
      return std::nullopt;
  }
}

}  // namespace

Time Api::Impl::next_work() const { return std::min(pipeline_.next_due(), outbox_.next_due()); }

bool Api::Impl::is_idle() const {
  if (outbox_.under_way() > 0) return false;
  return runs_under_way() == 0 || pipeline_.next_due() == Time::never();
}

std::optional<Service::RunPlace> Api::Impl::place_of(std::string_view session_id) const {
  const ServedRun* run = runs_.find(session_id);
  if (run == nullptr) return std::nullopt;
  return Service::RunPlace{name(run->status), run->is_terminal(),
                           run->interaction == InteractionState::waiting};
}

bool Api::Impl::has_entered(std::string_view session_id, std::string_view status,
                            Time since) const {
  const ServedRun* run = runs_.find(session_id);
  const auto wanted = run_status_of(status);
  if (run == nullptr || !wanted) return false;
  return run->status == *wanted || std::ranges::any_of(run->story, [&](const StoryPoint& point) {
           return point.at >= since && status_entered(*run, point) == wanted;
         });
}

std::vector<std::pair<std::uint64_t, HttpReply>> Api::Impl::take_deferred() {
  auto replies = webhook_api_.take_replies();
  journal_.take_replies(replies);
  return replies;
}

}  // namespace sluice
