#include "mock_api/endpoints/webhook_api.hpp"

#include <algorithm>
#include <string>

#include "mock_api/contract/error_body.hpp"
#include "mock_api/contract/stringify.hpp"

namespace sluice {
namespace {

constexpr std::int64_t kMillisecond = 1'000'000;

std::string text_of(const ReplayedWebhook& result) {
  return JsonObjectText()
      .flag("success", result.success)
      .text("response", result.response)
      .text("error", result.error)
      .take();
}

std::string info_of(std::size_t sent, std::int64_t failed) {
  if (sent == 0) return "No webhook events to replay";
  const std::string events =
      std::to_string(sent) + (sent == 1 ? " webhook event" : " webhook events");
  return "Replayed " + events + (failed == 0 ? "" : ", " + std::to_string(failed) + " failed");
}

HttpReply replay_reply(const std::vector<ReplayedWebhook>& results) {
  std::vector<std::string> items;
  items.reserve(results.size());
  for (const ReplayedWebhook& each : results) items.push_back(text_of(each));
  const std::int64_t failed =
      std::count_if(results.begin(), results.end(), [](const auto& each) { return !each.success; });
  return json_reply(200,
                    JsonObjectText()
                        .text("status", failed == 0 ? "success" : "failed")
                        .text("info", info_of(results.size(), failed))
                        .number("nr_success", static_cast<std::int64_t>(results.size()) - failed)
                        .number("nr_failed", failed)
                        .raw("webhook_events", json_array(items))
                        .take());
}

}  // namespace

HttpReply WebhookApi::log(const ServedRun& run) const {
  const std::string workflow_id = names_.workflow_id(run);
  std::vector<std::string> rows;
  for (const WebhookDelivery* each : outbox_.log(run.number)) {
    const std::int64_t retries = each->attempts > 1 ? each->attempts - 1 : 0;
    rows.push_back(JsonObjectText()
                       .text("created_at", epoch_.iso8601(each->created))
                       .text("workflow_id", workflow_id)
                       .text("session_id", run.session_id)
                       .text("url", each->receiver->url)
                       .flag("delivered", each->delivered)
                       .raw("delivery_errors", json_array_of_texts(each->errors))
                       .number("duration", each->took.ns / kMillisecond)
                       .number("retries", retries)
                       .raw("message", each->envelope())
                       .take());
  }
  return json_reply(200, JsonObjectText().raw("webhook_events", json_array(rows)).take());
}

HttpReply WebhookApi::replay(Time now, const ServedRun& run) {
  const std::uint64_t number = outbox_.replay(now, run.number);
  if (const auto results = outbox_.take_replay(number)) return replay_reply(*results);
  HttpReply reply = replay_reply({});
  reply.deferred = number;
  return reply;
}

std::vector<std::pair<std::uint64_t, HttpReply>> WebhookApi::take_replies() {
  std::vector<std::pair<std::uint64_t, HttpReply>> replies;
  for (const std::uint64_t number : outbox_.finished_replays())
    replies.emplace_back(number, replay_reply(*outbox_.take_replay(number)));
  return replies;
}

}  // namespace sluice
