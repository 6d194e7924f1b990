// A question about the requests that came: so often, never, in this order.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/time.hpp"
#include "mock_api/admin/request_matcher.hpp"

namespace sluice {

/// How the requests of the journal stand to what is asked; they are given in the order in which
/// they came.
class Verification {
 public:
  /// A matcher with `count`, `at_least`, `at_most` or `never`, or `order` with a list of matchers;
  /// `within` with either. Throws what is wrong as text.
  explicit Verification(const Json& body);

  void take(const HttpRequest& request, std::string_view workspace, unsigned status,
            std::uint64_t number);
  /// What was taken is forgotten.
  void restart();

  bool holds() const;
  /// Whether waiting cannot change the answer: it holds and goes on to, or cannot hold any more.
  bool is_settled() const;
  /// How long it may be waited for, in wall time.
  Duration within() const { return within_; }

  /// The matcher that too few requests fitted; null if none.
  const RequestMatcher* missing() const;
  /// What came too often; null if nothing.
  const RequestMatcher* unwanted() const;
  /// With `order`: what comes next must be later than this one; none without.
  std::optional<std::uint64_t> after() const { return after_; }
  /// `{"verified", "count"}`, with `order` `{"verified", "matched", "of"}`.
  Json to_json() const;

 private:
  bool is_order() const { return !order_.empty(); }
  bool has_enough() const;
  bool has_too_many() const { return most_ && count_ > *most_; }
  void read_bounds(const Json& body);

  RequestMatcher matcher_;
  std::vector<RequestMatcher> order_;
  std::size_t least_ = 1;
  std::optional<std::size_t> most_;
  bool exactly_ = false;
  Duration within_{};

  std::size_t count_ = 0;  ///< that fitted; with `order` matchers that were found
  std::optional<std::uint64_t> after_;
};

/// The matcher in `body` without the keys of what is asked about it. Throws what is wrong as text.
RequestMatcher matcher_in(Json body);
/// A member that is a whole number; none if it is not given. Throws what is wrong as text.
std::optional<std::size_t> whole_number_in(const Json& body, const char* name);

}  // namespace sluice
