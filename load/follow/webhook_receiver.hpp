// A receiver of webhooks, for runs that are followed by them.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/clock.hpp"

namespace sluice {

/// Listens from construction to destruction. What verifies (contract 5.5) is handed on and answered
/// 200; what does not is answered 401 and counted. Repeats are for whoever gets them to find.
class WebhookReceiver {
 public:
  /// `run`: the envelope's `metadata.sluice_run`, "" if it has none. Called from threads of its
  /// own.
  using Take = std::function<void(std::string body, std::string_view run, SteadyTime at)>;

  /// `listen`: as `sluice serve --listen`. Throws bad_input().
  WebhookReceiver(const std::string& listen, std::string secret, Take take);
  ~WebhookReceiver();
  WebhookReceiver(const WebhookReceiver&) = delete;
  WebhookReceiver& operator=(const WebhookReceiver&) = delete;

  /// Where it can be reached from this machine, with a path.
  std::string url() const;
  std::uint64_t bad_signatures() const;

 private:
  struct Receiving;
  std::unique_ptr<Receiving> receiving_;
};

}  // namespace sluice
