// GET /webhooks/{session_id} and POST /webhooks/{session_id}/replay (contract 1.10 and 1.11).
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "base/epoch.hpp"
#include "base/time.hpp"
#include "http/message.hpp"
#include "mock_api/runs/run_names.hpp"
#include "mock_api/runs/served_run.hpp"
#include "mock_api/webhooks/webhook_outbox.hpp"

namespace sluice {

/// Refers to its parts, which must outlive it. Runs given to it are the caller's own.
class WebhookApi {
 public:
  WebhookApi(const Epoch& epoch, const RunNames& names, WebhookOutbox& outbox)
      : epoch_(epoch), names_(names), outbox_(outbox) {}

  HttpReply log(const ServedRun& run) const;
  /// Begins to send again. The reply is known once every receiver has answered: until then it is
  /// `deferred` (see HttpReply); without anything to send it is complete.
  HttpReply replay(Time now, const ServedRun& run);
  /// Replies that are known now, by their `deferred` number.
  std::vector<std::pair<std::uint64_t, HttpReply>> take_replies();

 private:
  const Epoch& epoch_;
  const RunNames& names_;
  WebhookOutbox& outbox_;
};

}  // namespace sluice
