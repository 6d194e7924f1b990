// One stream of server-sent events, opened again when it ends.
#pragma once

#include <boost/asio/io_context.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "http/client/client.hpp"
#include "http/client/ping_interval.hpp"

namespace sluice {

/// Follows one URL for as long as it exists. After a clean end or a broken connection it connects
/// again: at once after a clean end, otherwise after 0.25 s, 0.5 s, … up to 4 s; a stream that was
/// open for 10 s begins anew at 0.25 s. (A stream that ended before it was open for 10 s or had
/// said anything did not end cleanly.) An answer's head has settings.timeout to come. A stream of
/// which nothing has come for three ping intervals (PingInterval) is closed as broken. All
/// functions from the thread of `context`.
class EventStream {
 public:
  /// `opened` and `closed` may be empty.
  struct Listener {
    /// The data of one event whose name is `event` ("message" if it has none), lines joined by
    /// line feeds. The views are valid during the call.
    std::function<void(std::string_view event, std::string_view data, SteadyTime at)> event;
    /// The stream is open: its answer's head has come.
    std::function<void()> opened;
    /// It is not, or no longer: why ("ended", "silent", "HTTP 404", "no event stream", "reset",
    /// "refused", …), and how often in a row without having been open. It will connect again,
    /// unless the EventStream is destroyed, which any of these may do.
    std::function<void(std::string_view why, unsigned failures)> closed;
  };

  /// `request`: the whole GET in bytes. `pings`: what is supposed of them.
  EventStream(boost::asio::io_context& context, const HttpClientSettings& settings,
              std::string request, Listener listener, const PingSettings& pings = {});
  /// Closes; nothing is called afterwards.
  ~EventStream();
  EventStream(const EventStream&) = delete;
  EventStream& operator=(const EventStream&) = delete;

  bool is_open() const;

 private:
  class Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace sluice
