// One event on its way to one receiver, and what became of it.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "mock_api/contract/event_type.hpp"

namespace sluice {

/// Where webhooks go.
struct WebhookEndpoint {
  std::string url;
  std::string host;  ///< of the URL, with scheme and port
  std::string secret;
  EventSet events = EventSet::all();
  Duration validity{300'000'000'000};  ///< expires_at - timestamp
};

/// What came of one delivery of a replay.
struct ReplayedWebhook {
  bool success = false;
  std::string response;
  std::string error;
};

struct WebhookDelivery {
  std::shared_ptr<const WebhookEndpoint> receiver;
  std::string event;                ///< as it is spelled
  std::string payload;              ///< compact JSON object
  std::string metadata;             ///< compact JSON object; "" if the run gave none
  std::vector<std::uint64_t> runs;  ///< whose event it is; more than one: a batch
  std::uint32_t target = 0;         ///< which of a run's receivers; the same for the same URL
  Time created;
  /// Stamps of the envelope in Unix seconds, given anew each time it is tried.
  std::int64_t timestamp = 0, expires_at = 0;

  std::uint64_t replay = 0;    ///< the replay that it belongs to; 0: to none
  std::uint32_t attempts = 0;  ///< posts that were begun
  bool over = false;           ///< delivered or given up
  bool delivered = false;
  std::vector<std::string> errors;  ///< of each failed attempt
  std::string response;             ///< to the last attempt
  Duration took{};                  ///< of the last attempt

  /// The envelope of contract 5.3: the bytes that are signed and sent.
  std::string envelope() const;
};

}  // namespace sluice
