// One event stream of a lane. Private to the lane.
#pragma once

#include <chrono>
#include <string>
#include <utility>

#include "http/client/event_stream.hpp"
#include "load/generator/lane.hpp"

namespace sluice {

struct Lane::Stream {
  Stream(boost::asio::io_context& context, const HttpClientSettings& settings, std::string request,
         EventStream::Listener listener, const PingSettings& pings)
      : events(context, settings, std::move(request), std::move(listener), pings) {}

  bool waited_for = true;   ///< has neither been open nor failed yet
  bool was_silent = false;  ///< closed for that; what it did not tell is to be asked for
  EventStream events;       // last: it may call back
};

}  // namespace sluice
