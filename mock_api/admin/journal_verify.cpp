// Whether what clients asked is what was to be asked, and if not, what came closest.
#include <algorithm>
#include <iterator>
#include <string>

#include "mock_api/admin/journal.hpp"
#include "mock_api/contract/error_body.hpp"

namespace sluice {
namespace {

constexpr std::size_t kNearestMisses = 3;
/// Other replies that are deferred have small numbers.
constexpr std::uint64_t kFirstDeferred = std::uint64_t{1} << 63;

/// Another method or path makes it another request altogether.
std::size_t weight_of(const std::vector<RequestDifference>& differences) {
  std::size_t weight = 0;
  for (const RequestDifference& difference : differences)
    weight += difference.field == "path" ? 3 : difference.field == "method" ? 2 : 1;
  return weight;
}

struct Miss {
  std::uint64_t number;
  std::size_t weight;
  std::vector<RequestDifference> differences;
};

Json differences_json(const std::vector<RequestDifference>& differences) {
  Json list = Json::array();
  for (const RequestDifference& each : differences)
    list.push_back({{"field", each.field}, {"wanted", each.wanted}, {"got", each.got}});
  return list;
}

}  // namespace

Journal::Journal(Epoch epoch, std::size_t kept)
    : epoch_(epoch), kept_(kept), next_deferred_(kFirstDeferred) {}

void Journal::clear() {
  entries_.clear();
  for (Waiting& each : waiting_) each.verification.restart();
}

void Journal::show(Waiting& waiting) const {
  const std::uint64_t first = entries_.empty() ? next_ : entries_.front().number;
  for (std::uint64_t i = std::max(waiting.next, first); i < next_; ++i) {
    const Entry& entry = entries_[i - first];
    waiting.verification.take(request_of(entry), entry.workspace, entry.status, entry.number);
  }
  waiting.next = next_;
}

/// Of those that are kept. With an order: also what fits, but came too early.
Json Journal::nearest_misses(const Verification& verification) const {
  const RequestMatcher& wanted = *verification.missing();
  const auto after = verification.after();
  std::vector<Miss> misses;
  for (const Entry& entry : entries_) {
    auto differences = wanted.differences(request_of(entry), entry.workspace, entry.status);
    if (after && entry.number <= *after)
      differences.push_back({"order", "after request " + std::to_string(*after),
                             "request " + std::to_string(entry.number)});
    if (differences.empty()) continue;
    const std::size_t weight = weight_of(differences);
    if (misses.size() == kNearestMisses && weight > misses.back().weight) continue;
    const auto place = std::ranges::lower_bound(misses, weight, {}, &Miss::weight);
    misses.insert(place, {entry.number, weight, std::move(differences)});
    if (misses.size() > kNearestMisses) misses.pop_back();
  }
  Json list = Json::array();
  for (const Miss& miss : misses) {
    const Entry& entry = entries_[miss.number - entries_.front().number];
    const HttpRequest request = request_of(entry);
    list.push_back({{"number", entry.number},
                    {"method", request.method},
                    {"target", request.target},
                    {"status", entry.status},
                    {"differs", differences_json(miss.differences)}});
  }
  return list;
}

HttpReply Journal::verified(const Waiting& waiting) const {
  const Verification& asked = waiting.verification;
  Json json = asked.to_json();
  json["seen"] = next_;
  if (const RequestMatcher* missing = asked.missing()) {
    json["missing"] = missing->to_json();
    json["nearest"] = nearest_misses(asked);
  }
  if (const RequestMatcher* unwanted = asked.unwanted())
    json["unwanted"] = newest(*unwanted, kNearestMisses);
  return json_reply(200, json);
}

HttpReply Journal::verify(const Json& body) {
  Waiting waiting{0, Verification(body)};
  show(waiting);
  if (waiting.verification.within().ns == 0 || waiting.verification.is_settled())
    return verified(waiting);
  if (waiting_.size() == kJournalWaiting) throw std::string("too many verifications wait already");
  HttpReply reply;
  reply.deferred = waiting.deferred = next_deferred_++;
  reply.deferred_for = waiting.verification.within();
  waiting_.push_back(std::move(waiting));
  return reply;
}

void Journal::take_replies(std::vector<std::pair<std::uint64_t, HttpReply>>& replies) {
  std::erase_if(waiting_, [&](Waiting& waiting) {
    show(waiting);
    if (!waiting.is_given_up && !waiting.verification.is_settled()) return false;
    replies.emplace_back(waiting.deferred, verified(waiting));
    return true;
  });
}

void Journal::give_up(std::uint64_t deferred) {
  for (Waiting& waiting : waiting_)
    if (waiting.deferred == deferred) waiting.is_given_up = true;
}

void Journal::give_up_all() {
  for (Waiting& waiting : waiting_) waiting.is_given_up = true;
}

}  // namespace sluice
