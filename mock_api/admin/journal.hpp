// What clients asked, and what they were answered: for looking it up and for checking it in tests.
//
// GET /_sluice/requests lists, POST /_sluice/requests/search and …/verify take a matcher (see
// request_matcher.hpp), DELETE /_sluice/requests forgets. Not thread-safe: the service's lock.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mock_api/admin/request_matcher.hpp"
#include "mock_api/contract/civil_time.hpp"
#include "mock_api/http_message.hpp"

namespace sluice {

/// Bounds of what is kept: the newest requests (unless told otherwise), the beginning of each body.
inline constexpr std::size_t kJournalRequests = 1'000;
inline constexpr std::size_t kJournalBodyBytes = 16'384;

class Journal {
 public:
  /// `kept`: how many requests, at least one.
  explicit Journal(Epoch epoch, std::size_t kept = kJournalRequests) : epoch_(epoch), kept_(kept) {}

  /// Notes a request with the status of its reply. `workspace`: the sender's name; "" for nobody's.
  /// Requests of the admin API are not noted. About 200 ns.
  void note(Time now, const HttpRequest& request, std::string_view workspace, unsigned status);
  void clear() { entries_.clear(); }
  std::size_t size() const { return entries_.size(); }
  /// How many fit, of those that are kept.
  std::size_t count(const RequestMatcher& matcher) const;

  /// `path`: the segments after `_sluice`. None: nothing of this is here.
  std::optional<HttpReply> handle(const HttpRequest& request, const std::vector<std::string>& path);

 private:
  struct Entry {
    std::uint64_t number;
    Time at;
    std::string workspace;
    std::string text;  ///< method, target, peer, header names and values, body, one after the other
    std::uint32_t method, target, peer, body;                      ///< lengths
    std::vector<std::pair<std::uint32_t, std::uint32_t>> headers;  ///< lengths
    std::uint64_t body_bytes;  ///< as sent, before anything was cut
    unsigned status;
  };

  static HttpRequest request_of(const Entry& entry);
  bool fits(const RequestMatcher& matcher, const Entry& entry) const;
  Json to_json(const Entry& entry) const;
  HttpReply list(const HttpRequest& request) const;
  HttpReply search(const Json& body) const;
  HttpReply verify(const Json& body) const;
  Json newest(const RequestMatcher& matcher, std::size_t limit) const;

  Epoch epoch_;
  std::size_t kept_;
  std::deque<Entry> entries_;
  std::uint64_t next_ = 0;
};

}  // namespace sluice
