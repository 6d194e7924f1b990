// Faults that a test asks for: this share of those requests is slow, fails, or breaks on the wire.
//
// POST /_sluice/faults adds one, GET lists, DELETE /_sluice/faults[/{id}] takes away. Whether a
// fault strikes is drawn from a stream of the scenario's seed that belongs to the fault's number:
// the n-th fitting request meets the same fate in each run. Not thread-safe: the service's lock.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mock_api/admin/request_matcher.hpp"
#include "mock_api/http_message.hpp"
#include "pipeline/random.hpp"
#include "pipeline/time.hpp"

namespace sluice {

/// What strikes one request; nothing at all by default.
struct FaultEffect {
  Duration latency{};              ///< on top of the API's own
  std::optional<HttpReply> reply;  ///< instead of what the API would answer: it is not asked
  WireFault wire = WireFault::none;
};

class Faults {
 public:
  explicit Faults(std::uint64_t seed) : seed_(seed) {}

  bool any() const { return !faults_.empty(); }
  /// Of all faults that strike this request, added up; the first reply and the first wire fault
  /// count. `workspace`: the sender's name. O(faults).
  FaultEffect strike(const HttpRequest& request, std::string_view workspace);
  /// Puts latency and wire fault on a reply.
  static void apply(Time now, const FaultEffect& effect, HttpReply& reply);
  /// Whether this delivery of a webhook is to be lost. Asked once per delivery.
  bool drops_webhook(std::string_view url, std::string_view event);

  /// `path`: the segments after `_sluice`. None: nothing of this is here.
  std::optional<HttpReply> handle(const HttpRequest& request, const std::vector<std::string>& path);
  /// No faults; the next one has the first number again.
  void reset();

 private:
  struct Fault {
    std::uint64_t number;
    Json json;  ///< as it was asked for
    RequestMatcher matcher;
    double probability = 1;
    std::optional<std::uint64_t> times;  ///< strikes left
    Duration latency{};
    std::optional<unsigned> status;
    std::string body;  ///< of the reply with that status; "": the usual error body
    WireFault wire = WireFault::none;
    bool drops_webhooks = false;
    std::string webhook_url, webhook_event;  ///< "": any
    Stream stream;
    std::uint64_t seen = 0, struck = 0;
  };

  static bool draw(Fault& fault);
  static void read(const Json& json, Fault& fault);
  static void read_webhook(const Json& json, Fault& fault);
  HttpReply add(const HttpRequest& request);
  HttpReply remove(std::string_view id);
  static Json to_json(const Fault& fault);

  std::uint64_t seed_;
  std::uint64_t next_ = 1;
  std::vector<Fault> faults_;
};

}  // namespace sluice
