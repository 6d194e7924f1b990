#include "mock_api/webhooks/webhook_delivery.hpp"

#include "mock_api/contract/stringify.hpp"

namespace sluice {

std::string WebhookDelivery::envelope() const {
  JsonObjectText text;
  text.text("event", event).raw("payload", payload);
  text.number("timestamp", timestamp).number("expires_at", expires_at);
  if (!metadata.empty()) text.raw("metadata", metadata);
  return text.take();
}

}  // namespace sluice
