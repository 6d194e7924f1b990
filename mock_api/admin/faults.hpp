// Faults that a test asks for: this share of those requests is slow, fails, or breaks on the wire.
//
// POST /_sluice/faults adds one, GET lists, DELETE /_sluice/faults[/{id}] takes away. One fault at
// most strikes a request: of those that would, the one added first; the others keep their turn.
// Each fault draws once for every request that fits it, from a stream of its own: the n-th fitting
// request meets the same fate in each run, whatever other faults there are. Not thread-safe: the
// service's lock.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"
#include "http/message.hpp"
#include "mock_api/admin/fault.hpp"
#include "mock_api/service.hpp"

namespace sluice {

/// What strikes one request; nothing at all by default.
struct FaultEffect {
  std::uint64_t number = 0;        ///< of the fault; 0: none strikes
  Duration latency{};              ///< on top of the API's own
  std::optional<HttpReply> reply;  ///< instead of what the API would answer: it is not asked
  ReplyFault on_wire;
};

class Faults {
 public:
  explicit Faults(std::uint64_t seed) : seed_(seed) {}

  bool any() const { return !faults_.empty(); }
  /// Chooses the fault of this request. Whether it happens is known later: until settled() it is
  /// waiting. `workspace`: the sender's name; `number`: of the request, which never decreases.
  /// O(faults).
  FaultEffect choose_for(Time now, const HttpRequest& request, std::string_view workspace,
                         std::uint64_t number);
  /// Puts the effect on a reply. False: it cannot happen to this reply (an event stream that was
  /// refused, an empty body); its fault has its turn back.
  bool apply_to(HttpReply& reply, Time now, const FaultEffect& effect);
  /// What became of the fault with this ReplyFault::mark.
  void settled(std::uint64_t mark, FaultOutcome outcome);
  /// The number of the request whose reply has this ReplyFault::mark.
  static std::uint64_t request_of(std::uint64_t mark) { return mark >> kFaultBits; }
  /// Whether this delivery of a webhook is to be lost. Asked once per delivery.
  bool drops_webhook(Time now, std::string_view url, std::string_view event);

  /// `path`: the segments after `_sluice`. None: nothing of this is here.
  std::optional<HttpReply> handle(Time now, const HttpRequest& request,
                                  const std::vector<std::string>& path);
  /// No faults; the next one has the first number again.
  void reset();

 private:
  HttpReply add(Time now, const HttpRequest& request);
  HttpReply remove(std::string_view id);

  // A mark is the request's number before the fault's: enough for 10^12 and 10^7 of them.
  static constexpr int kFaultBits = 24;

  std::uint64_t seed_;
  std::uint64_t next_ = 1;
  std::uint64_t next_request_ = 0;   // at least one more than that of the latest
  std::uint64_t first_request_ = 0;  // since the reset: marks of those before are nobody's
  std::vector<Fault> faults_;
};

}  // namespace sluice
