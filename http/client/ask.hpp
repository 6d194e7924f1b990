// One request whose answer is waited for.
#pragma once

#include <atomic>
#include <string>

#include "http/client/client.hpp"

namespace sluice {

struct AskedAnswer {
  unsigned status = 0;  ///< 0: none; see `failure`
  std::string body;
  std::string failure;
};

/// Sends it on a connection of its own and blocks until it is answered or has failed, or `stop`
/// (may be null) is set: then it has failed with "stopped".
AskedAnswer ask(const HttpClientSettings& settings, std::string request,
                const std::atomic<bool>* stop = nullptr);

}  // namespace sluice
