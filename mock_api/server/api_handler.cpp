#include "mock_api/server/api_handler.hpp"

#include <optional>
#include <utility>

namespace sluice {

ApiHandler::ApiHandler(Service& service, const ServerOptions& options, const ServerMetrics& metrics,
                       std::function<std::int64_t()> unanswered_webhooks)
    : ServiceHost(service, options.clock, options.streams),
      driver_(*this, std::move(unanswered_webhooks)),
      own_(options, *this, driver_, metrics),
      access_(options.cors_origins, options.admin_token) {}

HttpHandler::Handled ApiHandler::handle(const HttpRequest& request,
                                        const std::function<Answer()>& later) {
  if (std::optional<HttpReply> refused = access_.answer(request)) return {std::move(refused)};
  if (own_.is_own(request.target)) return {own_.answer(request, later)};
  return ServiceHost::handle(request, later);
}

}  // namespace sluice
