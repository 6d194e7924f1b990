// What a server asks of whoever is behind it, and what it tells whoever watches it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>

#include "base/clock.hpp"
#include "http/message.hpp"
#include "http/server/stream_source.hpp"

namespace sluice {

/// Makes the answers. Threads: all functions are called from all of the server's; none may block
/// for long. Who answers at once, without streams and faults, has handle() to write and no more.
class HttpHandler {
 public:
  virtual ~HttpHandler() = default;

  /// What an answer that comes later is given to, from any thread, once; does not block.
  using Answer = std::function<void(HttpReply)>;
  /// What became of a request.
  struct Handled {
    std::optional<HttpReply> reply;  ///< none: it comes later
    unsigned status = 200;           ///< as far as it is known
    std::uint64_t pending = 0;       ///< not 0: for give_up, until it comes
  };
  /// The answer; or none yet, and what `later` gives is called with it. The request is valid during
  /// the call.
  virtual Handled handle(const HttpRequest& request, const std::function<Answer()>& later) = 0;
  /// Whoever asked has gone: the answer is not given any more. Nothing if it was.
  virtual void give_up(std::uint64_t pending) { static_cast<void>(pending); }

  /// The answer to what is no request, or to one too many.
  virtual HttpReply refusal(unsigned status, std::string_view message) const {
    static_cast<void>(message);
    return {.status = status, .content_type = {}};
  }
  /// Header lines, each with its line break, of the answer to this request; of one that is refused
  /// it has only what could be read. Valid as long as this object.
  virtual std::string_view header_lines(const HttpRequest& request) const {
    static_cast<void>(request);
    return {};
  }
  /// When an answer may leave; in the past: at once.
  virtual SteadyTime send_at(const HttpReply& reply) const {
    static_cast<void>(reply);
    return SteadyTime::min();
  }

  /// The answer that says that this run was started (HttpReply::started_run) has left, or never
  /// will.
  virtual void replied(std::uint64_t run) { static_cast<void>(run); }
  /// What became of a fault (ReplyFault::mark; nothing for 0).
  virtual void fault_settled(std::uint64_t mark, FaultOutcome outcome) {
    static_cast<void>(mark), static_cast<void>(outcome);
  }
  /// An answer was given, but nobody is there to send it to.
  virtual void lost(const HttpReply& reply) { static_cast<void>(reply); }
  /// So many more answers are between whoever gives them and the socket, or fewer.
  virtual void answer_on_its_way(std::int64_t change) { static_cast<void>(change); }

  /// The events that a reply with `stream_of` speaks of. `wake` is to be called, from any thread,
  /// when there may be something to take; also after the source is gone.
  // NOLINTNEXTLINE(performance-unnecessary-value-param): who overrides it keeps it.
  virtual std::shared_ptr<StreamSource> open_stream(const HttpReply& /*reply*/,
                                                    std::function<void()> /*wake*/) {
    return nullptr;
  }

  /// Time passes; some ten times a second from each thread. Cheap when nothing is to be done.
  virtual void tick(SteadyTime now) { static_cast<void>(now); }
};

/// Is told what a server does, by default for nothing. Threads: as of HttpHandler.
class ServerObserver {
 public:
  virtual ~ServerObserver() = default;
  virtual void answered(std::string_view method, std::string_view target, unsigned status,
                        SteadyDuration took) {
    static_cast<void>(method), static_cast<void>(target);
    static_cast<void>(status), static_cast<void>(took);
  }
  /// A connection's bytes that were no request, or a connection too many.
  virtual void refused(unsigned status) { static_cast<void>(status); }
  virtual void connection_opened() {}
  virtual void connection_closed() {}
  virtual void stream_opened() {}
  virtual void stream_closed() {}
  /// Of a reader that was too slow.
  virtual void stream_cut() {}
  virtual void frames_sent(std::size_t count) { static_cast<void>(count); }
};

}  // namespace sluice
