// The mock API of a scenario, served in this process, for tests of loads.
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "load/load_run.hpp"
#include "mock_api/api.hpp"
#include "mock_api/server/api_server.hpp"
#include "mock_api/server/webhook_sender.hpp"
#include "scenarios/scenario.hpp"

namespace sluice::test {

/// `time_scale` simulated seconds pass in one. Serves from construction to destruction.
class ServedMock {
 public:
  /// `unix_at_zero`: what the mock's clock says at time zero, since 1970.
  ServedMock(Scenario scenario, double time_scale,
             std::chrono::seconds unix_at_zero = std::chrono::seconds(1'767'571'200));

  std::string url() const { return server_->url(); }
  /// Its pipeline begins again, at its time now.
  void begin_anew();

 private:
  Scenario scenario_;
  WebhookSender webhooks_;
  Api api_;
  std::unique_ptr<ApiServer> server_;
};

/// How a load of `scenario` against the mock is run, with one thread and keys that it takes.
LoadRunOptions load_options(const Scenario& scenario, const std::string& url, double time_scale);

}  // namespace sluice::test
