#include "mock_api/webhooks/webhook_outbox.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "base/check.hpp"
#include "base/text/http_url.hpp"
#include "mock_api/contract/stringify.hpp"
#include "mock_api/contract/webhook_signature.hpp"

namespace sluice {
namespace {

constexpr std::int64_t kNsPerSecond = 1'000'000'000;
constexpr unsigned kTooManyRequests = 429, kUnavailable = 503;

/// What is no URL fails when it is posted to; until then it is a host of its own.
std::string host_of_url(const std::string& url) {
  const Parsed<HttpUrl> parsed = parse_http_url(url);
  return parsed ? parsed->origin() : url;
}

WebhookEndpoint receiver_of(const ServedWebhook& webhook) {
  return {webhook.url, host_of_url(webhook.url), webhook.secret, EventSet::of(webhook.events),
          webhook.validity};
}

std::string metadata_of(const ServedRun& run) {
  const std::string& sent = run.settings.webhook_metadata;
  return sent.empty() ? std::string() : restringify(sent);
}

/// Whether two runs can share one envelope.
bool go_together(const ServedRun& a, const ServedRun& b) {
  return a.workspace == b.workspace && a.settings.webhook_metadata == b.settings.webhook_metadata;
}

std::vector<std::uint64_t> numbers_of(WebhookOutbox::Runs runs) {
  std::vector<std::uint64_t> numbers;
  for (const ServedRun* run : runs) numbers.push_back(run->number);
  return numbers;
}

/// `runs` in groups that can share one envelope, in order of their first.
std::vector<std::vector<const ServedRun*>> groups_of(const std::vector<const ServedRun*>& runs) {
  std::vector<std::vector<const ServedRun*>> groups;
  for (const ServedRun* run : runs) {
    const auto group = std::find_if(groups.begin(), groups.end(), [run](const auto& each) {
      return go_together(*each.front(), *run);
    });
    (group != groups.end() ? *group : groups.emplace_back()).push_back(run);
  }
  return groups;
}

/// A copy to be sent once more, for one of its runs.
std::shared_ptr<WebhookDelivery> again(const WebhookDelivery& sent, std::uint64_t run, Time now,
                                       std::uint64_t replay) {
  const auto copy = std::make_shared<WebhookDelivery>();
  copy->receiver = sent.receiver;
  copy->event = sent.event;
  copy->payload = sent.payload;
  copy->metadata = sent.metadata;
  copy->runs = {run};
  copy->target = sent.target;
  copy->created = now;
  copy->replay = replay;
  return copy;
}

std::vector<ReplayedWebhook> results_of(
    const std::vector<std::shared_ptr<WebhookDelivery>>& deliveries) {
  std::vector<ReplayedWebhook> results;
  results.reserve(deliveries.size());
  for (const auto& each : deliveries)
    results.push_back(
        {each->delivered, each->response, each->errors.empty() ? "" : each->errors.back()});
  return results;
}

}  // namespace

WebhookOutbox::WebhookOutbox(const Epoch& epoch, WebhookSettings settings,
                             std::span<const ServedWebhook> registered, WebhookTransport& transport)
    : epoch_(epoch),
      settings_(std::move(settings)),
      registered_(registered.begin(), registered.end()),
      transport_(transport),
      slots_(settings_.slots) {
  for (const ServedWebhook& each : registered_)
    receivers_.push_back(std::make_shared<const WebhookEndpoint>(receiver_of(each)));
}

std::string_view WebhookOutbox::word(EventType type) const {
  return type == EventType::execution_paused ? settings_.paused_event : name(type);
}

bool WebhookOutbox::concerns(std::size_t registered, const ServedRun& run) const {
  const ServedWebhook& webhook = registered_[registered];
  return (!webhook.workspace.valid() || webhook.workspace == run.workspace) &&
         (!webhook.workflow.valid() || webhook.workflow == run.workflow);
}

bool WebhookOutbox::subscribed(const ServedRun& run) const {
  if (run.settings.webhook) return true;
  for (std::size_t i = 0; i < registered_.size(); ++i)
    if (concerns(i, run) && !receivers_[i]->events.empty()) return true;
  return false;
}

bool WebhookOutbox::subscribed(const ServedRun& run, EventType type) const {
  if (run.settings.webhook && EventSet::of(run.settings.webhook->event_types).has(type))
    return true;
  for (std::size_t i = 0; i < registered_.size(); ++i)
    if (concerns(i, run) && receivers_[i]->events.has(type)) return true;
  return false;
}

void WebhookOutbox::add(Time now, const ServedRun& run, EventType type, std::string_view payload) {
  const std::array one{&run};
  add(now, one, type, [payload](Runs) { return std::string(payload); });
}

void WebhookOutbox::add(Time now, Runs runs, EventType type, const BatchPayload& payload) {
  for (std::size_t i = 0; i < registered_.size(); ++i) {
    if (!receivers_[i]->events.has(type)) continue;
    std::vector<const ServedRun*> heard;
    for (const ServedRun* run : runs)
      if (concerns(i, *run)) heard.push_back(run);
    for (const auto& group : groups_of(heard))
      deliver(now, group, target_of(receivers_[i]->url), receivers_[i], type, payload);
  }
  for (const ServedRun* const& run : runs) {
    if (!run->settings.webhook) continue;
    const ReceiverPtr receiver = own_receiver(*run);
    if (receiver->events.has(type))
      deliver(now, {&run, 1}, target_of(receiver->url), receiver, type, payload);
  }
}

std::uint32_t WebhookOutbox::target_of(const std::string& url) const {
  const auto same = std::find_if(receivers_.begin(), receivers_.end(),
                                 [&url](const ReceiverPtr& each) { return each->url == url; });
  return static_cast<std::uint32_t>(same - receivers_.begin());
}

WebhookOutbox::ReceiverPtr WebhookOutbox::own_receiver(const ServedRun& run) {
  Session& known = session(run.number);
  if (known.own == nullptr) {
    const RunWebhook& asked = *run.settings.webhook;
    known.own = std::make_shared<const WebhookEndpoint>(WebhookEndpoint{
        asked.url, host_of_url(asked.url), asked.secret, EventSet::of(asked.event_types),
        asked.validity.value_or(settings_.validity)});
  }
  return known.own;
}

WebhookOutbox::Session& WebhookOutbox::session(std::uint64_t run) {
  const auto [found, is_new] = sessions_.try_emplace(run);
  if (is_new) session_order_.push_back(run);
  return found->second;
}

bool WebhookOutbox::is_log_too_long() const {
  return sessions_.size() > 1 &&
         (sessions_.size() > settings_.sessions_kept || logged_ > settings_.deliveries_kept);
}

/// A session with deliveries under way goes to the end: it is looked at again much later.
void WebhookOutbox::forget_old_sessions() {
  while (is_log_too_long()) {
    const std::uint64_t oldest = session_order_.front();
    session_order_.pop_front();
    if (lanes_.any(oldest)) {
      session_order_.push_back(oldest);
      return;
    }
    const auto found = sessions_.find(oldest);
    logged_ -= found->second.log.size();
    sessions_.erase(found);
  }
}

void WebhookOutbox::deliver(Time now, Runs runs, std::uint32_t target, const ReceiverPtr& receiver,
                            EventType type, const BatchPayload& payload) {
  const auto delivery = std::make_shared<WebhookDelivery>();
  delivery->receiver = receiver;
  delivery->event = word(type);
  delivery->payload = payload(runs);
  delivery->metadata = metadata_of(*runs.front());
  delivery->runs = numbers_of(runs);
  delivery->target = target;
  delivery->created = now;
  stamp(now, *delivery);
  note(delivery);
  begin(now, delivery);
  forget_old_sessions();
}

void WebhookOutbox::note(const DeliveryPtr& delivery) {
  for (const std::uint64_t run : delivery->runs) session(run).log.push_back(delivery);
  logged_ += delivery->runs.size();
}

void WebhookOutbox::begin(Time now, const DeliveryPtr& delivery) {
  if (under_way_ >= settings_.max_under_way) {
    delivery->errors.push_back("too many webhooks are under way");
    delivery->over = true;
    if (delivery->replay != 0) --replays_.at(delivery->replay).open;
    return;
  }
  ++under_way_;
  if (lanes_.enter(delivery) && !send(now, delivery)) finish(now, delivery);
}

/// The length between the two stamps is always the same, and never nothing.
void WebhookOutbox::stamp(Time now, WebhookDelivery& delivery) const {
  delivery.timestamp = settings_.unix_ns_now
                           ? Epoch{settings_.unix_ns_now()}.unix_seconds(Time::zero())
                           : epoch_.unix_seconds(now);
  const std::int64_t validity_ns = delivery.receiver->validity.ns;
  delivery.expires_at =
      delivery.timestamp + validity_ns / kNsPerSecond + (validity_ns % kNsPerSecond > 0 ? 1 : 0);
}

bool WebhookOutbox::send(Time now, const DeliveryPtr& delivery) {
  if (drops_ && drops_(now, *delivery)) {
    stamp(now, *delivery);
    delivery->errors.push_back("dropped by a fault");
    return false;
  }
  post(now, slots_.enter(delivery));
  return true;
}

void WebhookOutbox::post(Time now, const std::vector<DeliveryPtr>& deliveries) {
  for (const DeliveryPtr& delivery : deliveries) {
    ++delivery->attempts;
    stamp(now, *delivery);
    WebhookPost post;
    post.id = next_post_++;
    post.url = delivery->receiver->url;
    post.body = delivery->envelope();
    post.headers = {
        {"Content-Type", "application/json"},
        {std::string(kSignatureHeader), webhook_signature(delivery->receiver->secret, post.body)}};
    post.timeout = settings_.timeout;
    in_flight_.emplace(post.id, delivery);
    transport_.post(std::move(post));
  }
}

void WebhookOutbox::done(Time now, std::uint64_t id, const WebhookResult& result) {
  const auto found = in_flight_.find(id);
  if (found == in_flight_.end()) return;
  const DeliveryPtr delivery = found->second;
  in_flight_.erase(found);
  delivery->took = result.took;
  delivery->response = result.response;
  post(now, slots_.leave(*delivery));
  if (result.status < 200 || result.status >= 300) return failed(now, delivery, result);
  delivery->delivered = true;
  finish(now, delivery);
}

void WebhookOutbox::failed(Time now, const DeliveryPtr& delivery, const WebhookResult& result) {
  delivery->errors.push_back(result.status != 0     ? "HTTP " + std::to_string(result.status)
                             : result.error.empty() ? "no answer"
                                                    : result.error);
  const std::size_t retry = delivery->attempts - 1;
  if (delivery->replay != 0 || retry >= settings_.retries.size()) return finish(now, delivery);
  const std::uint32_t timer = next_timer_++;
  retrying_.emplace(timer, delivery);
  timers_.schedule(now + std::max(settings_.retries[retry], asked_pause(result)), EventClass::timer,
                   {0, timer, 0});
}

Duration WebhookOutbox::asked_pause(const WebhookResult& result) const {
  if (!result.retry_after || (result.status != kTooManyRequests && result.status != kUnavailable))
    return {};
  const Duration counts = std::min(*result.retry_after, settings_.max_retry_after);
  return settings_.time_scale == 1
             ? counts
             : Duration::from_seconds(counts.seconds() * settings_.time_scale);
}

void WebhookOutbox::advance(Time now) {
  while (!timers_.empty() && timers_.next_time() <= now) {
    const auto found = retrying_.find(timers_.pop().event.subject);
    SLUICE_CHECK(found != retrying_.end(), "who has a timer waits for another attempt", now,
                 kNoRun);
    const DeliveryPtr delivery = found->second;
    retrying_.erase(found);
    post(now, slots_.enter(delivery));
  }
}

void WebhookOutbox::finish(Time now, const DeliveryPtr& delivery) {
  // What follows may be lost to faults at once, any number in a row: no recursion.
  std::vector<DeliveryPtr> over{delivery};
  for (std::size_t i = 0; i < over.size(); ++i) {
    const DeliveryPtr each = over[i];
    each->over = true;
    --under_way_;
    if (each->replay != 0) --replays_.at(each->replay).open;
    for (const DeliveryPtr& next : lanes_.leave(*each))
      if (!send(now, next)) over.push_back(next);
  }
}

std::vector<const WebhookDelivery*> WebhookOutbox::log(std::uint64_t run) const {
  std::vector<const WebhookDelivery*> deliveries;
  if (const auto found = sessions_.find(run); found != sessions_.end())
    for (const DeliveryPtr& each : found->second.log) deliveries.push_back(each.get());
  return deliveries;
}

std::uint64_t WebhookOutbox::replay(Time now, std::uint64_t run) {
  const std::uint64_t number = next_replay_++;
  Replay& replay = replays_[number];
  if (const auto found = sessions_.find(run); found != sessions_.end())
    for (const DeliveryPtr& each : found->second.log)
      if (each->over && each->replay == 0)
        replay.deliveries.push_back(again(*each, run, now, number));
  replay.open = replay.deliveries.size();
  for (const DeliveryPtr& each : replay.deliveries) {
    stamp(now, *each);
    note(each);
    begin(now, each);
  }
  forget_old_sessions();
  return number;
}

std::optional<std::vector<ReplayedWebhook>> WebhookOutbox::take_replay(std::uint64_t number) {
  const auto found = replays_.find(number);
  if (found == replays_.end() || found->second.open > 0) return std::nullopt;
  std::vector<ReplayedWebhook> results = results_of(found->second.deliveries);
  replays_.erase(found);
  return results;
}

std::vector<std::uint64_t> WebhookOutbox::finished_replays() const {
  std::vector<std::uint64_t> numbers;
  for (const auto& [number, replay] : replays_)
    if (replay.open == 0) numbers.push_back(number);
  return numbers;
}

}  // namespace sluice
