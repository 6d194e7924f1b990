// What is behind the server of the API: who may ask, what the server answers itself, the service.
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>

#include "mock_api/server/access.hpp"
#include "mock_api/server/clock_driver.hpp"
#include "mock_api/server/own_endpoints.hpp"
#include "mock_api/server/server_metrics.hpp"
#include "mock_api/server/server_options.hpp"
#include "mock_api/server/service_host.hpp"

namespace sluice {

/// The service host with what is asked before the service, and the clock that moves it. Threads:
/// as of ServiceHost.
class ApiHandler final : public ServiceHost {
 public:
  /// All outlive it. `unanswered_webhooks`: see ClockDriver.
  ApiHandler(Service& service, const ServerOptions& options, const ServerMetrics& metrics,
             std::function<std::int64_t()> unanswered_webhooks);

  Handled handle(const HttpRequest& request, const std::function<Answer()>& later) override;
  std::string_view header_lines(const HttpRequest& request) const override {
    return access_.headers(request);
  }

  ClockDriver& driver() { return driver_; }

 private:
  ClockDriver driver_;
  OwnEndpoints own_;
  const Access access_;
};

}  // namespace sluice
