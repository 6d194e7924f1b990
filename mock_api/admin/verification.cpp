#include "mock_api/admin/verification.hpp"

#include <string>
#include <utility>

#include "base/text/units.hpp"

namespace sluice {
namespace {

constexpr std::size_t kMostInOrder = 1000;
constexpr Duration kLongestWithin{600'000'000'000};

Duration within_of(const Json& body) {
  const auto found = body.find("within");
  if (found == body.end()) return {};
  const auto read = found->is_string() ? parse_duration(found->get<std::string>())
                                       : Parsed<Duration>::wrong(0, "");
  if (!read || *read > kLongestWithin)
    throw std::string("within must be a time such as \"2s\", at most 10m");
  return *read;
}

}  // namespace

RequestMatcher matcher_in(Json body) {
  if (!body.is_object()) throw std::string("the body must be an object");
  for (const char* name : {"count", "at_least", "at_most", "never", "within", "limit"})
    body.erase(name);
  std::string problem;
  auto matcher = RequestMatcher::from_json(body, problem);
  if (!matcher) throw problem;
  return *std::move(matcher);
}

std::optional<std::size_t> whole_number_in(const Json& body, const char* name) {
  const auto found = body.find(name);
  if (found == body.end()) return std::nullopt;
  if (!found->is_number_unsigned()) throw std::string(name) + " must be a whole number";
  return found->get<std::size_t>();
}

void Verification::read_bounds(const Json& body) {
  const auto exactly = whole_number_in(body, "count");
  const auto least = whole_number_in(body, "at_least");
  const auto most = whole_number_in(body, "at_most");
  bool never = false;
  if (const auto found = body.find("never"); found != body.end()) {
    if (!found->is_boolean()) throw std::string("never must be true or false");
    never = found->get<bool>();
  }
  if (exactly.has_value() + never + (least || most) > 1)
    throw std::string("only one of count, never, and at_least with at_most can be asked");
  if (exactly || never) {
    least_ = exactly.value_or(0);
    most_ = least_;
    exactly_ = exactly.has_value() && *exactly > 0;
    return;
  }
  if (least || most) least_ = least.value_or(0);
  most_ = most;
  if (most_ && *most_ < least_) throw std::string("at_most is less than at_least");
}

Verification::Verification(const Json& body) {
  if (!body.is_object()) throw std::string("the body must be an object");
  within_ = within_of(body);
  const auto order = body.find("order");
  if (order == body.end()) {
    read_bounds(body);
    matcher_ = matcher_in(body);
    return;
  }
  if (body.size() > 1u + body.contains("within"))
    throw std::string("beside order there can be nothing but within");
  if (!order->is_array() || order->empty() || order->size() > kMostInOrder)
    throw std::string("order must be a list of matchers");
  for (const Json& each : *order) {
    std::string problem;
    const auto matcher = RequestMatcher::from_json(each, problem);
    if (!matcher) throw "order: " + problem;
    order_.push_back(*matcher);
  }
}

void Verification::take(const HttpRequest& request, std::string_view workspace, unsigned status,
                        std::uint64_t number) {
  if (is_order() && count_ == order_.size()) return;
  const RequestMatcher& matcher = is_order() ? order_[count_] : matcher_;
  if (!matcher.fits_status(status) || !matcher.fits(request, workspace)) return;
  ++count_;
  if (is_order()) after_ = number;
}

void Verification::restart() {
  count_ = 0;
  after_.reset();
}

bool Verification::has_enough() const { return count_ >= (is_order() ? order_.size() : least_); }

bool Verification::holds() const { return has_enough() && !has_too_many(); }

bool Verification::is_settled() const {
  if (has_too_many()) return true;
  return has_enough() && (exactly_ || !most_);
}

const RequestMatcher* Verification::missing() const {
  if (has_enough()) return nullptr;
  return is_order() ? &order_[count_] : &matcher_;
}

const RequestMatcher* Verification::unwanted() const {
  return has_too_many() ? &matcher_ : nullptr;
}

Json Verification::to_json() const {
  Json json{{"verified", holds()}};
  if (is_order()) {
    json["matched"] = count_;
    json["of"] = order_.size();
  } else {
    json["count"] = count_;
  }
  return json;
}

}  // namespace sluice
