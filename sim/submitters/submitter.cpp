#include "sim/submitters/submitter.hpp"

#include <algorithm>
#include <optional>
#include <utility>
#include <variant>

#include "base/random/random.hpp"
#include "pipeline/attempt.hpp"
#include "sim/arrivals/make_arrival_process.hpp"
#include "sim/event_kinds.hpp"
#include "sim/submitters/request_builder.hpp"

namespace sluice {
namespace {

/// What takes no time at all takes this long, so that nobody submits for ever at one instant.
constexpr Duration kShortest{1'000'000};

/// What comes after the wait between two attempts: the `generation` of kRetry.
constexpr std::uint32_t kTryAgain = 0, kGiveUp = 1;

std::uint64_t submitter_key(std::uint64_t seed, const SubmitterConfig& config) {
  return stream_key(stream_key(seed, "submitter"), config.name);
}

}  // namespace

class Submitters::Submitter {
 public:
  Submitter(const Scenario& scenario, SubmitterId submitter, const SimulationSeeds& seeds,
            SubmissionTarget& target)
      : config(scenario.submitters[submitter.index()]),
        id(submitter),
        key(submitter_key(seeds.submitters, config)),
        builder(config, id, {key, submitter_key(seeds.pipeline, config)}, target),
        factors(scenario, id),
        loop(std::get_if<ClosedLoop>(&config.arrivals)) {}

  const SubmitterConfig& config;
  SubmitterId id;
  std::uint64_t key;
  RequestBuilder builder;
  FactorCurve factors;
  std::unique_ptr<ArrivalProcess> arrivals;  // open loop
  Arrival next_arrival;                      // what the process said last
  RunRequest next;                           // the run that arrives then, but for its time
  std::uint64_t next_is = UINT64_MAX;        // its index
  Time until;                                // none from here on
  std::uint64_t submitted = 0;
  const ClosedLoop* loop;  // null: open loop
  std::uint32_t first_client = 0;
};

struct Submitters::Client {
  Client(std::uint64_t key, SubmitterId id) : think_times(key), submitter(id) {}

  Stream think_times;
  SubmitterId submitter;
  std::uint64_t runs = 0;
  Time submitted{-1};  // its latest run
};

Submitters::Submitters(const Scenario& scenario, const SimulationSeeds& seeds,
                       SubmissionTarget& target, EventQueue& events)
    : target_(target), events_(events), worth_expecting_(target.worth_expecting()) {
  for (std::size_t i = 0; i < scenario.submitters.size(); ++i) {
    const SubmitterId id = SubmitterId::at(i);
    submitters_.push_back(std::make_unique<Submitter>(scenario, id, seeds, target));
    Submitter& submitter = *submitters_.back();
    if (submitter.loop == nullptr) continue;
    submitter.first_client = static_cast<std::uint32_t>(clients_.size());
    const std::uint64_t clients_key = stream_key(submitter.key, "client");
    for (std::uint64_t i = 0; i < submitter.loop->clients; ++i)
      clients_.emplace_back(stream_key(clients_key, i), id);
  }
}

Submitters::~Submitters() = default;

bool Submitters::any_closed_loop(const Scenario& scenario) {
  return std::any_of(
      scenario.submitters.begin(), scenario.submitters.end(),
      [](const auto& submitter) { return std::holds_alternative<ClosedLoop>(submitter.arrivals); });
}

void Submitters::start(Time end) {
  end_ = end;
  for (auto& pointer : submitters_) {
    Submitter& submitter = *pointer;
    const SubmitterConfig& config = submitter.config;
    submitter.until = std::min(config.until, end + Duration{1});
    if (submitter.loop != nullptr) {
      for (std::uint32_t i = 0; i < submitter.loop->clients; ++i) think(config.from, submitter, i);
      continue;
    }
    submitter.arrivals =
        make_arrival_process(config.arrivals, stream_key(submitter.key, "arrivals"),
                             submitter.factors, config.from, submitter.until);
    schedule_arrival(submitter, submitter.arrivals->next());
  }
}

void Submitters::handle(Time now, const Event& event) {
  if (event.kind == kArrival) {
    arrive(now, *submitters_[event.subject]);
  } else if (event.kind == kRetry) {
    RunRequest request = waiting_[event.subject];
    free_waiting_.push_back(event.subject);
    if (event.generation == kGiveUp) {
      Answer none;
      none.answered_at = now;
      return refused(now, request, none);
    }
    ++request.attempt;
    submit(now, request);
  } else {
    client_ready(now, event.subject);
  }
}

// ---- open loop

void Submitters::arrive(Time now, Submitter& submitter) {
  // Runs of one batch come one after the other, without an event for each.
  do {
    build_next(submitter);
    submit_run(now, submitter, submitter.next);
    if (submitter.submitted == submitter.config.max_runs) return;
    submitter.next_arrival = submitter.arrivals->next();
  } while (submitter.next_arrival.at == now);
  schedule_arrival(submitter, submitter.next_arrival);
}

void Submitters::schedule_arrival(Submitter& submitter, const Arrival& arrival) {
  submitter.next_arrival = arrival;
  if (arrival.at >= submitter.until || submitter.submitted >= submitter.config.max_runs) return;
  events_.schedule(arrival.at, EventClass::arrival, {kArrival, submitter.id.value, 0});
  if (!worth_expecting_) return;
  build_next(submitter);
  target_.expect(submitter.next);
}

/// One arrival ahead, so that what it will touch can be fetched meanwhile.
void Submitters::build_next(Submitter& submitter) {
  const auto [at, index] = submitter.next_arrival;
  if (submitter.next_is == index) return;
  submitter.next_is = index;
  submitter.builder.build(at, index, submitter.next);
}

// ---- requests and answers

void Submitters::submit_run(Time now, Submitter& submitter, RunRequest& request) {
  request.submitted = now;
  ++submitter.submitted;
  ++submitted_;
  submit(now, request);
}

void Submitters::submit(Time now, RunRequest& request) {
  if (const std::optional<Answer> answer = target_.submit(now, request))
    answer_came(now, request, *answer);
}

void Submitters::answer_came(Time now, const RunRequest& request, const Answer& answer) {
  if (answer.status == Answer::Status::accepted) return;
  const SubmitRetryConfig& retry = submitters_[request.submitter.index()]->config.retry;
  if (request.attempt < retry.max_attempts) return retry_later(now, request, answer);
  refused(now, request, answer);
}

void Submitters::refused(Time now, const RunRequest& request, const Answer& answer) {
  // In virtual time an answer is known before it comes; this one never does.
  if (answer.answered_at > now && answer.answered_at > end_) return;
  target_.give_up(now, request);
  Submitter& submitter = *submitters_[request.submitter.index()];
  if (submitter.loop != nullptr)
    think(answer.answered_at, submitter, request.client, answer.retry_after);
}

void Submitters::retry_later(Time now, const RunRequest& request, const Answer& answer) {
  const Submitter& submitter = *submitters_[request.submitter.index()];
  const SubmitRetryConfig& retry = submitter.config.retry;
  const double jitter = submitter.builder.retry_jitter(request.index, request.attempt);
  Duration wait = Duration::from_seconds(backoff_seconds(retry.backoff, request.attempt));
  wait = Duration::from_seconds(wait.seconds() * (1 - retry.backoff.jitter * jitter));
  if (retry.honour_retry_after) wait = std::max(wait, answer.retry_after);
  if (answer.answered_at + wait == now) wait = kShortest;
  const Time at = answer.answered_at + wait;
  const Time patient_until = request.submitted + request.patience;
  if (at < patient_until) return keep_waiting(at, EventClass::arrival, kTryAgain, request);
  keep_waiting(std::max(answer.answered_at, patient_until), EventClass::timer, kGiveUp, request);
}

void Submitters::keep_waiting(Time due, EventClass event_class, std::uint32_t what,
                              const RunRequest& request) {
  if (due > end_) return;  // it is still being submitted when the simulation ends
  std::uint32_t slot = static_cast<std::uint32_t>(waiting_.size());
  if (free_waiting_.empty()) {
    waiting_.push_back(request);
  } else {
    slot = free_waiting_.back();
    free_waiting_.pop_back();
    waiting_[slot] = request;
  }
  events_.schedule(due, event_class, {kRetry, slot, what});
}

// ---- closed loop

void Submitters::ended(Time now, const Run& run, Outcome, EndReason) {
  Submitter& submitter = *submitters_[run.request.submitter.index()];
  if (submitter.loop != nullptr) think(now, submitter, run.request.client);
}

void Submitters::think(Time now, Submitter& submitter, std::uint32_t number, Duration refused_for) {
  Client& client = clients_[submitter.first_client + number];
  Duration time = submitter.loop->think_time.duration(client.think_times);
  if (time.ns == 0) {
    time = refused_for;
  } else if (const double factor = submitter.factors.at(now).factor; factor > 0 && factor != 1) {
    time = Duration::from_seconds(time.seconds() / factor);
  }
  if (time.ns == 0 && now == client.submitted) time = kShortest;
  const Time at = submitter.factors.first_above_zero(now + time);
  if (at >= submitter.until) return;
  events_.schedule(at, EventClass::arrival, {kClientReady, submitter.first_client + number, 0});
}

void Submitters::client_ready(Time now, std::uint32_t client_number) {
  Client& client = clients_[client_number];
  Submitter& submitter = *submitters_[client.submitter.index()];
  const std::uint32_t number = client_number - submitter.first_client;
  const std::uint64_t index = number + client.runs * submitter.loop->clients;
  if (index >= submitter.config.max_runs) return;
  ++client.runs;
  client.submitted = now;
  RunRequest request;
  submitter.builder.build(now, index, request);
  request.client = number;
  submit_run(now, submitter, request);
}

}  // namespace sluice
