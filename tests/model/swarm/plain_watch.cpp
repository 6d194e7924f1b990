#include "tests/model/swarm/plain_watch.hpp"

namespace sluice::swarm {

void PlainWatch::submitted(Time now, const RunRequest& request) {
  at(now);
  ++all_submitted_;
  const SubmitterConfig& submitter = scenario_.submitters[request.submitter.index()];
  const auto wrong = [&](const char* what) { faults_.add(now, what, submitter.name); };
  if (request.submitted != now) wrong("a run has another time of submission than now");
  if (now >= submitter.until) wrong("submitted after `until`");
  if (now < submitter.from) wrong("submitted before `from`");
  if (now > Time::zero() + scenario_.duration) wrong("submitted after the end");
  open_[key(request)] = false;
  if (++submitted_[request.submitter.index()] > submitter.max_runs)
    wrong("submitted more than `max_runs`");
}

void PlainWatch::answered(Time now, const RunRequest& request, const Answer& answer) {
  at(now);
  const SubmitterConfig& submitter = scenario_.submitters[request.submitter.index()];
  if (request.attempt > submitter.retry.max_attempts)
    faults_.add(now, "tried more often than `max_attempts`", submitter.name);
  open_[key(request)] = answer.status == Answer::Status::accepted;
  if (answer.answered_at < now) faults_.add(now, "answered before asked", submitter.name);
}

void PlainWatch::settle(Time now, const RunRequest& request) {
  at(now);
  if (open_.erase(key(request)) == 0)
    faults_.add(now, "a run is accepted or given up twice",
                scenario_.submitters[request.submitter.index()].name);
}

void PlainWatch::gave_up(Time now, const RunRequest& request) { settle(now, request); }
void PlainWatch::accepted(Time now, const Run& run) { settle(now, run.request); }

void PlainWatch::finish(std::uint64_t submitting) const {
  std::uint64_t answered = 0;
  for (const auto& [run, accepted] : open_) answered += accepted ? 1 : 0;
  if (answered != submitting)
    faults_.add("submitted runs are in no account",
                fmt::format("{} were told that they are accepted, and {} are on their way",
                            answered, submitting));
}

}  // namespace sluice::swarm
