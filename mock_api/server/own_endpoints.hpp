// The endpoints that the server answers itself: health, metrics and the clock.
#pragma once

#include <functional>
#include <optional>

#include "base/text/json.hpp"
#include "http/message.hpp"
#include "http/server/http_handler.hpp"
#include "mock_api/server/clock_driver.hpp"
#include "mock_api/server/server_metrics.hpp"
#include "mock_api/server/server_options.hpp"
#include "mock_api/server/service_host.hpp"

namespace sluice {

/// Threads: any.
class OwnEndpoints {
 public:
  using Answer = HttpHandler::Answer;

  /// All outlive it.
  OwnEndpoints(const ServerOptions& options, ServiceHost& host, ClockDriver& driver,
               const ServerMetrics& metrics);

  /// True for what answer() is to be asked, not the service.
  bool is_own(std::string_view target) const;
  /// The answer; or none, and `later` gives what is called with it, from another thread.
  std::optional<HttpReply> answer(const HttpRequest& request, const std::function<Answer()>& later);

 private:
  HttpReply health() const;
  HttpReply readiness() const;
  HttpReply metrics_text();
  HttpReply clock_state();
  std::optional<HttpReply> advance(const HttpRequest& request,
                                   const std::function<Answer()>& later);
  Json clock_json(Time now, Time due) const;
  HttpReply moved_reply(const ClockMoved& moved) const;

  const ServerOptions& options_;
  ServiceHost& host_;
  ClockDriver& driver_;
  const ServerMetrics& metrics_;
  const double started_unix_s_;
};

}  // namespace sluice
