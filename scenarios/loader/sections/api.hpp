// `api` and `webhooks`: what stands between submitters and queues, and who is told of runs.
#pragma once

#include <optional>

#include "pipeline/config.hpp"
#include "scenarios/loader/keys/key_table.hpp"

namespace sluice {

Type<ApiConfig> api_type();
/// Always some: none is what the scenario has without the section.
Type<std::optional<WebhookConfig>> webhooks_type();

}  // namespace sluice
