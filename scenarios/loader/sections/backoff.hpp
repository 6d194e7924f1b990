// How long somebody waits before the next attempt: retries of runs, submitters and webhooks.
#pragma once

#include "pipeline/config.hpp"
#include "scenarios/loader/keys/key_table.hpp"

namespace sluice {

/// A time, or a map whose `base` is `default_base`, "0s" or "1s", where it is not given.
Type<BackoffConfig> backoff_type(const char* default_base);

}  // namespace sluice
