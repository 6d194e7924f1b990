// One event stream of a lane. Private to the lane.
#pragma once

#include <string>

#include "load/http/event_stream.hpp"
#include "load/lane.hpp"

namespace sluice {

struct Lane::Stream {
  Stream(boost::asio::io_context& context, const HttpClientSettings& settings, std::string request,
         EventStream::Listener listener)
      : events(context, settings, std::move(request), std::move(listener)) {}

  bool waited_for = true;  ///< has neither been open nor failed yet
  EventStream events;      // last: it may call back
};

}  // namespace sluice
