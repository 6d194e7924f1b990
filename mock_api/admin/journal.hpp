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
#include <utility>
#include <vector>

#include "base/epoch.hpp"
#include "http/message.hpp"
#include "mock_api/admin/request_matcher.hpp"
#include "mock_api/admin/verification.hpp"
#include "mock_api/endpoints/request_marks.hpp"

namespace sluice {

/// Bounds of what is kept: the newest requests (unless told otherwise), the beginning of each body.
inline constexpr std::size_t kJournalRequests = 1'000;
inline constexpr std::size_t kJournalBodyBytes = 16'384;

inline constexpr std::size_t kJournalWaiting = 100;  ///< verifications that wait

class Journal {
 public:
  /// `kept`: how many requests, at least one.
  explicit Journal(Epoch epoch, std::size_t kept = kJournalRequests);

  /// Notes a request with the status of its reply (0: none is sent). `workspace`: the sender's
  /// name; "" for nobody's. Requests of the admin API are not noted. About 200 ns.
  void note(Time now, const HttpRequest& request, std::string_view workspace, unsigned status,
            RequestMarks marks = {});
  /// The number that the next request gets; it never decreases.
  std::uint64_t next_number() const { return next_; }
  /// The fault of the request with this number has not struck it after all. O(1).
  void take_fault_back(std::uint64_t number);
  void clear();
  std::size_t size() const { return entries_.size(); }
  /// How many fit, of those that are kept.
  std::size_t count(const RequestMatcher& matcher) const;

  /// Replies to verifications that waited (HttpReply::deferred) and are settled now.
  void take_replies(std::vector<std::pair<std::uint64_t, HttpReply>>& replies);
  /// A verification has waited long enough: take_replies() gives its reply.
  void give_up(std::uint64_t deferred);
  void give_up_all();

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
    RequestMarks marks;
  };
  /// One that is to be told when the requests are as it wants them.
  struct Waiting {
    std::uint64_t deferred = 0;
    Verification verification;
    std::uint64_t next = 0;  ///< number of the first request that it has not seen
    bool is_given_up = false;
  };

  static HttpRequest request_of(const Entry& entry);
  bool fits(const RequestMatcher& matcher, const Entry& entry) const;
  Json to_json(const Entry& entry) const;
  HttpReply list(const HttpRequest& request) const;
  HttpReply search(const Json& body) const;
  HttpReply verify(const Json& body);
  void show(Waiting& waiting) const;
  HttpReply verified(const Waiting& waiting) const;
  Json nearest_misses(const Verification& verification) const;
  Json newest(const RequestMatcher& matcher, std::size_t limit) const;

  Epoch epoch_;
  std::size_t kept_;
  std::deque<Entry> entries_;
  std::uint64_t next_ = 0;
  std::vector<Waiting> waiting_;
  std::uint64_t next_deferred_;
};

}  // namespace sluice
