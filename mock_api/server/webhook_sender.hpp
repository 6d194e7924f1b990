// Delivers webhooks over HTTP and HTTPS.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "mock_api/server/clock.hpp"
#include "mock_api/service.hpp"

namespace sluice {

struct WebhookSenderSettings {
  double time_scale = 1;  ///< what a post's timeout is divided by …
  SteadyDuration min_timeout = std::chrono::seconds(1);  ///< … but not below this
  SteadyDuration idle_time = std::chrono::seconds(30);   ///< that a connection is kept for the next
  std::string ca_file;                                   ///< PEM; "": the system's
  bool verify = true;                                    ///< certificates
};

/// Sends each post once, over connections that are kept; redirects are not followed. How many there
/// are at once is for whoever posts. A kept connection that is found closed before the post is
/// written is replaced; one that ends afterwards fails the post, as the receiver may have read it.
/// Threads: all functions may be called from any; results come from its own thread.
class WebhookSender final : public WebhookTransport {
 public:
  using Done = std::function<void(std::uint64_t id, const WebhookResult& result)>;

  /// Throws bad_input() if the trusted certificates cannot be read.
  explicit WebhookSender(const WebhookSenderSettings& settings);
  ~WebhookSender() override;

  /// Does not block. Posts wait for serve().
  void post(WebhookPost post) override;
  /// From now on results go to `done`.
  void serve(Done done);
  /// Posts whose result has not been taken by `done`.
  std::int64_t unanswered() const;
  /// Drops what is under way; `done` is not called afterwards.
  void stop();

 private:
  class Pool;
  std::unique_ptr<Pool> pool_;
};

}  // namespace sluice
