// A last look at the runs of a lane whose end was not seen, before they are called lost.
#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <boost/asio/post.hpp>
#include <chrono>
#include <set>
#include <utility>

#include "base/iso8601.hpp"
#include "load/generator/lane.hpp"

namespace sluice {
namespace {

constexpr unsigned kMostPages = 50;
constexpr std::chrono::milliseconds kBetweenLooks{5};  // of all lanes together

}  // namespace

/// Lists first: one request tells of a thousand runs, and when they started and ended.
void Lane::look_at_unfinished(std::size_t most) {
  looking_ = true;
  boost::asio::post(context_, [this, most] {
    most_looks_ = most;
    std::set<WorkspaceId> unfinished;
    for (const Sessions* some : {&sessions_, &half_seen_})
      for (const auto& [session, run] : *some) unfinished.insert(run->request.workspace);
    looks_under_way_ = 1;
    for (const WorkspaceId workspace : unfinished) {
      ++looks_under_way_;
      look_at_list(workspace, 0, "");
    }
    one_look_less();
  });
}

void Lane::look_at_list(WorkspaceId workspace, unsigned page, const std::string& before) {
  const std::string cursor = before.empty() ? "" : "&cursor=" + before;
  http_.send(
      settings_.requests.get(workspace, fmt::format("/runs?limit={}{}", kRowsOfPage, cursor)),
      [this, workspace, page](const ExchangeResult& result) {
        looked_at_list(workspace, page, result);
      });
}

void Lane::looked_at_list(WorkspaceId workspace, unsigned page, const ExchangeResult& result) {
  const std::optional<ListPage> read = play_list(result);
  const auto is_left = [workspace](const auto& entry) {
    return entry.second->request.workspace == workspace && !entry.second->looked_at;
  };
  const bool goes_on = read && read->rows == kRowsOfPage && page + 1 < kMostPages &&
                       parse_iso8601(read->oldest) &&
                       (std::any_of(sessions_.begin(), sessions_.end(), is_left) ||
                        std::any_of(half_seen_.begin(), half_seen_.end(), is_left));
  if (goes_on) return look_at_list(workspace, page + 1, read->oldest);
  one_look_less();
}

/// When the lists are through, what they did not have is asked for by itself.
void Lane::one_look_less() {
  if (--looks_under_way_ > 0) return;
  if (!std::exchange(lists_looked_at_, true)) {
    for (const auto& [session, run] : sessions_)
      if (!run->looked_at) to_look_at_.push_back(session.text);
    if (to_look_at_.size() > most_looks_) {
      counts_.not_looked_up += to_look_at_.size() - most_looks_;
      to_look_at_.resize(most_looks_);
    }
  }
  if (to_look_at_.empty()) {
    looking_ = false;
    return;
  }
  ++looks_under_way_;
  look_timer_.expires_after(kBetweenLooks * settings_.lanes);
  look_timer_.async_wait([this](const boost::system::error_code& error) {
    if (!error) look_at_next();
  });
}

void Lane::look_at_next() {
  const std::string session = std::move(to_look_at_.back());
  to_look_at_.pop_back();
  const auto run = sessions_.find(session);
  if (run == sessions_.end()) return one_look_less();
  http_.send(settings_.requests.get(run->second->request.workspace, "/run/" + session),
             [this, session](const ExchangeResult& result) { looked_at(session, result); });
}

void Lane::looked_at(const std::string& session, const ExchangeResult& result) {
  // Who is asked too much, or does not answer, is not asked any more.
  if (result.status == 429 || result.status == 0) {
    counts_.not_looked_up += to_look_at_.size();
    to_look_at_.clear();
  }
  simdjson::dom::parser parser;
  simdjson::dom::element said;
  std::string_view status;
  const auto run = sessions_.find(session);
  if (run != sessions_.end() && result.status == 200 &&
      parser.parse(result.body.data(), result.body.size()).get(said) == simdjson::SUCCESS &&
      said["status"].get(status) == simdjson::SUCCESS &&
      run_event_kind(status) != RunEventKind::other)
    play_row(run_event_kind(status), stamps_of(said), result.answered, run);
  one_look_less();
}

}  // namespace sluice
