// What is between the server, which has sockets, threads and a clock, and the API behind it, which
// has none.
//
// Everything here is deterministic: time comes in with every call. The server calls from many
// threads under one lock; nothing here locks, blocks or waits, and sinks and transports must not
// call back.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/time.hpp"
#include "http/message.hpp"
#include "http/server/stream_source.hpp"

namespace sluice {

/// Where the frames of one open event stream go. Owned by the server's connection; told to the
/// service by open_stream, forgotten at close_stream. Calls come under the service's lock and only
/// queue.
class EventSink {
 public:
  virtual ~EventSink() = default;
  /// One whole frame, blank line included. `run` is the number of the run it speaks of (UINT64_MAX:
  /// of none, a ping): the server holds frames of a run back until some time after the answer to
  /// its POST has left.
  virtual void write(std::string_view frame, std::uint64_t run) = 0;
  /// The stream ends cleanly after what was written so far.
  virtual void end() = 0;
};

/// One attempt to deliver one webhook.
struct WebhookPost {
  std::uint64_t id = 0;  ///< to be given back with the result
  std::string url;
  std::vector<std::pair<std::string, std::string>> headers;  ///< signature, content type
  std::string body;
  Duration timeout;  ///< simulated; the server scales it, with a floor in wall time
};
struct WebhookResult {
  unsigned status = 0;                    ///< of the answer; 0: none came
  std::string response;                   ///< the first kilobyte of its body
  std::string error;                      ///< what went wrong; "" if an answer came
  Duration took;                          ///< wall time
  std::optional<Duration> retry_after{};  ///< that the answer asks for, in real time
};
/// Sends webhooks. Owned by the server.
class WebhookTransport {
 public:
  virtual ~WebhookTransport() = default;
  /// Begins to send; Service::webhook_done follows some time later, never from within this call.
  virtual void post(WebhookPost post) = 0;
};

/// The API as the server sees it. Not thread-safe: the server's lock.
class Service {
 public:
  virtual ~Service() = default;

  /// Answers one request at `now`, which never decreases over all calls. What it sets off at once
  /// is handled by the next advance().
  virtual HttpReply handle(Time now, const HttpRequest& request) = 0;

  /// When something is due next; Time::never() if nothing is. At most `now` after a request that
  /// set something off.
  virtual Time next_due() const = 0;
  /// Lets everything happen that is due up to `now`, that instant included, in order.
  virtual void advance(Time now) = 0;

  /// Connects the event stream of a client id: first what was kept for it, then what comes. A
  /// stream of the same client that is open already is ended. The number is for close_stream.
  virtual std::uint64_t open_stream(Time now, std::string_view client_id, EventSink& sink) = 0;
  /// Frames of a stream that never left, in order; called just before its close_stream. A service
  /// that loses no event gives them to the client's open stream, or to its next one, first.
  // NOLINTNEXTLINE(performance-unnecessary-value-param): who overrides it keeps them.
  virtual void unsent(Time /*now*/, std::uint64_t /*stream*/, std::vector<UnsentFrame> /*frames*/) {
  }
  /// The connection is gone (or has been ended): the sink is not used after this.
  virtual void close_stream(Time now, std::uint64_t stream) = 0;

  virtual void webhook_done(Time now, std::uint64_t id, const WebhookResult& result) = 0;

  /// Replies that were deferred (HttpReply::deferred) and are known now; to be asked for after each
  /// advance() and webhook_done().
  virtual std::vector<std::pair<std::uint64_t, HttpReply>> take_deferred() { return {}; }
  /// A deferred reply has been waited for as long as HttpReply::deferred_for says: it is to be
  /// among those that take_deferred() gives next. Unknown numbers are ignored.
  virtual void give_up_deferred(std::uint64_t number) { static_cast<void>(number); }

  // -- what a clock that is moved by hand can be moved up to
  /// Like next_due(), without what comes again and again on streams (pings).
  virtual Time next_work() const { return next_due(); }
  /// Nothing is due any more but what comes again and again: all runs are over, or nothing that is
  /// due can change them, and every webhook is delivered or given up.
  virtual bool is_idle() const { return next_work() == Time::never(); }
  /// Runs that are not over.
  virtual std::size_t runs_under_way() const { return 0; }
  /// Where a run stands, by the API's words; none: there is no such run. `asks`: it waits for a
  /// person.
  struct RunPlace {
    std::string_view status;
    bool is_over = false;
    bool asks = false;
  };
  virtual std::optional<RunPlace> place_of(std::string_view session_id) const {
    static_cast<void>(session_id);
    return std::nullopt;
  }
  /// Whether the run is in the status, since whenever, or has entered it at `since` or later and
  /// left it again. `status`: one of the API's words. False if there is no such run or word.
  /// O(points of the run's story).
  virtual bool has_entered(std::string_view session_id, std::string_view status, Time since) const {
    static_cast<void>(session_id), static_cast<void>(status), static_cast<void>(since);
    return false;
  }

  /// What became of a fault (ReplyFault::mark of a reply that handle() or take_deferred() gave).
  /// Told once, but for `undone` after `struck`.
  virtual void fault_settled(std::uint64_t mark, FaultOutcome outcome) {
    static_cast<void>(mark), static_cast<void>(outcome);
  }

  /// No new runs from here on (503), open streams are ended: the server is about to end.
  virtual void drain(Time now) = 0;

  /// Events that were given up since the start, as nobody came for them in time. O(1).
  virtual std::uint64_t events_dropped() const { return 0; }
};

}  // namespace sluice
