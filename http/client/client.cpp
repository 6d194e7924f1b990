#include "http/client/client.hpp"

#include <algorithm>
#include <boost/asio/steady_timer.hpp>
#include <deque>
#include <utility>
#include <vector>

#include "http/client/client_connection.hpp"
#include "http/client/proxy.hpp"

namespace sluice {
namespace {

/// What is left of a request's time is too short for an answer.
constexpr auto kTooShort = std::chrono::milliseconds(1);

}  // namespace

/// Requests and connections. All requests have the same time, so their deadlines are in the order
/// in which they came: one timer is enough, and it is set once per time-out, not per request.
class HttpClient::Impl final : public ClientConnection::Owner,
                               public std::enable_shared_from_this<Impl> {
 public:
  Impl(boost::asio::io_context& context, const HttpClientSettings& settings)
      : parts_(std::make_shared<ChannelParts>(context, settings)), timer_(context) {}

  void send(std::string bytes, Done done);
  void drop_waiting(std::string_view why);
  void give_up(std::string_view why);
  void stop();
  HttpClientCounts counts() const;

 private:
  using Request = ClientRequest;
  template <Request::Hook Request::*hook>
  using List =
      boost::intrusive::list<Request, boost::intrusive::member_hook<Request, Request::Hook, hook>>;

  void answered(ClientConnection& connection, Request& request, const ResponseParser& response,
                SteadyTime at) override;
  void opened(ClientConnection& connection) override;
  void lost(ClientConnection& connection, Request* request, std::string_view why) override;

  Request& acquire();
  ClientConnection* free_connection();
  ClientConnection* open_connection();
  void begin_waiting(SteadyTime now);
  void leave_idle(ClientConnection& connection);
  void forget(ClientConnection& connection);
  bool had_open_connection(const Request& waiting) const;
  void fail(Request& request, std::string_view why, SteadyTime now, bool by_target);
  void fail_waiting(Request& request, std::string_view why, SteadyTime now);
  void take_away(Request& request);
  void finish(Request& request, ExchangeResult& result);
  void arm();
  void expire();

  const std::shared_ptr<ChannelParts> parts_;
  boost::asio::steady_timer timer_;
  bool is_armed_ = false;
  bool is_stopped_ = false;
  std::deque<Request> requests_;  // all that there ever were
  std::vector<Request*> spare_;
  List<&Request::by_deadline> under_way_;
  List<&Request::waiting> waiting_;
  std::vector<std::shared_ptr<ClientConnection>> connections_;
  std::vector<ClientConnection*> idle_;  // used last: last
  std::uint32_t open_ = 0;               // of the connections those that came about
  SteadyTime last_open_;                 // when one of them was there, but for those that are now
  HttpClientCounts counts_;
};

void OpenConnections::one_more() {
  const std::uint32_t open = open_.fetch_add(1, std::memory_order_relaxed) + 1;
  std::uint32_t most = most_.load(std::memory_order_relaxed);
  while (most < open && !most_.compare_exchange_weak(most, open, std::memory_order_relaxed)) {
  }
}

void HttpClient::Impl::send(std::string bytes, Done done) {
  if (is_stopped_) return;
  const HttpClientSettings& settings = parts_->settings;
  const SteadyTime now = std::chrono::steady_clock::now();
  Request& request = acquire();
  request.bytes = std::move(bytes);
  request.done = std::move(done);
  request.deadline = now + settings.timeout;
  if (settings.proxy && !settings.target.tls)
    put_into_absolute_form(request.bytes, settings.target, *settings.proxy);
  under_way_.push_back(request);
  if (!is_armed_) arm();
  waiting_.push_back(request);
  begin_waiting(now);
}

ClientRequest& HttpClient::Impl::acquire() {
  if (spare_.empty()) return requests_.emplace_back();
  Request& request = *spare_.back();
  spare_.pop_back();
  request.was_sent = request.is_overdue = false;
  request.resent = 0;
  return request;
}

void HttpClient::Impl::begin_waiting(SteadyTime now) {
  while (!waiting_.empty()) {
    ClientConnection* const connection = free_connection();
    if (connection == nullptr) return;
    Request& request = waiting_.front();
    if (connection->begin(request, now)) {
      waiting_.pop_front();
      ++counts_.busy;
    } else {  // closed meanwhile, and nothing was written
      ++request.resent;
      forget(*connection);
    }
  }
}

ClientConnection* HttpClient::Impl::free_connection() {
  if (idle_.empty()) return open_connection();
  ClientConnection* const connection = idle_.back();
  idle_.pop_back();
  return connection;
}

ClientConnection* HttpClient::Impl::open_connection() {
  if (connections_.size() >= parts_->settings.max_connections) return nullptr;
  ClientConnection& connection =
      *connections_.emplace_back(std::make_shared<ClientConnection>(parts_, *this));
  connection.place = connections_.size() - 1;
  return &connection;
}

void HttpClient::Impl::opened(ClientConnection&) {
  ++counts_.opened;
  ++open_;
  if (parts_->settings.gauge) parts_->settings.gauge->one_more();
}

/// What it was asked for may end the client: `done` is the last that happens.
void HttpClient::Impl::answered(ClientConnection& connection, Request& request,
                                const ResponseParser& response, SteadyTime at) {
  --counts_.busy;
  if (connection.is_open()) {
    connection.idle_place = idle_.size();
    idle_.push_back(&connection);
  } else {
    forget(connection);
  }
  ExchangeResult result;
  result.status = response.status();
  result.body = response.body();
  result.retry_after_s = response.retry_after_s();
  result.location = response.location();
  result.answered = at;
  finish(request, result);
}

void HttpClient::Impl::lost(ClientConnection& connection, Request* request, std::string_view why) {
  if (request == nullptr) {
    leave_idle(connection);
    forget(connection);
    return begin_waiting(std::chrono::steady_clock::now());
  }
  --counts_.busy;
  forget(connection);
  fail(*request, why, std::chrono::steady_clock::now(), !is_own_shortage(why));
}

void HttpClient::Impl::leave_idle(ClientConnection& connection) {
  idle_[connection.idle_place] = idle_.back();
  idle_[connection.idle_place]->idle_place = connection.idle_place;
  idle_.pop_back();
}

/// The connection lives on until what it has begun is over.
void HttpClient::Impl::forget(ClientConnection& connection) {
  const std::size_t place = connection.place;
  if (connection.was_open()) {
    --open_;
    last_open_ = std::chrono::steady_clock::now();
    if (parts_->settings.gauge) parts_->settings.gauge->one_less();
  }
  connection.disown();
  std::swap(connections_[place], connections_.back());
  connections_[place]->place = place;
  connections_.pop_back();
}

void HttpClient::Impl::fail(Request& request, std::string_view why, SteadyTime now,
                            bool by_target) {
  ExchangeResult result;
  result.failure = why;
  result.answered = now;
  result.unreached = by_target && !request.was_sent;
  finish(request, result);
}

/// Whether the target let anybody in since it began to wait: others have it then.
bool HttpClient::Impl::had_open_connection(const Request& waiting) const {
  return open_ > 0 || last_open_ >= waiting.deadline - parts_->settings.timeout;
}

void HttpClient::Impl::fail_waiting(Request& request, std::string_view why, SteadyTime now) {
  const bool is_busy = had_open_connection(request);
  fail(request, is_busy ? why : "no connection", now, !is_busy);
}

void HttpClient::Impl::take_away(Request& request) {
  if (request.is_overdue) return;
  if (request.connection == nullptr) return waiting_.erase(waiting_.iterator_to(request)), void();
  --counts_.busy;
  forget(*request.connection);
}

void HttpClient::Impl::finish(Request& request, ExchangeResult& result) {
  result.sent = request.sent;
  result.was_sent = request.was_sent;
  result.resent = request.resent;
  under_way_.erase(under_way_.iterator_to(request));
  request.connection = nullptr;
  const Done done = std::exchange(request.done, nullptr);
  spare_.push_back(&request);
  // Before the caller's work, which others should not wait for.
  if (!waiting_.empty()) begin_waiting(result.answered);
  done(result);
}

void HttpClient::Impl::arm() {
  if (under_way_.empty()) return;
  is_armed_ = true;
  timer_.expires_at(under_way_.front().deadline);
  timer_.async_wait([weak = weak_from_this()](const boost::system::error_code& error) {
    const std::shared_ptr<Impl> self = weak.lock();
    if (self && !error && !self->is_stopped_) self->expire();
  });
}

void HttpClient::Impl::expire() {
  const SteadyTime now = std::chrono::steady_clock::now();
  // They do not get the connections that become free below: no answer would come in time.
  for (Request& request : under_way_) {
    if (request.deadline > now + kTooShort) break;
    if (request.connection != nullptr || request.is_overdue) continue;
    take_away(request);
    request.is_overdue = true;
  }
  while (!is_stopped_ && !under_way_.empty() && under_way_.front().deadline <= now) {
    Request& request = under_way_.front();
    take_away(request);
    if (request.is_overdue)
      fail_waiting(request, "no free connection", now);
    else
      fail(request, "timed out", now, true);
  }
  is_armed_ = false;
  if (!is_stopped_) arm();
}

void HttpClient::Impl::drop_waiting(std::string_view why) {
  std::vector<Request*> dropped;
  for (Request& request : waiting_) dropped.push_back(&request);
  waiting_.clear();
  const SteadyTime now = std::chrono::steady_clock::now();
  for (Request* const request : dropped)
    if (!is_stopped_) fail_waiting(*request, why, now);
}

void HttpClient::Impl::give_up(std::string_view why) {
  drop_waiting(why);
  std::vector<Request*> all;
  for (Request& request : under_way_) all.push_back(&request);
  const SteadyTime now = std::chrono::steady_clock::now();
  for (Request* const request : all) {
    if (is_stopped_) return;
    take_away(*request);
    if (request->was_sent)
      fail(*request, why, now, false);
    else
      fail_waiting(*request, why, now);
  }
}

void HttpClient::Impl::stop() {
  if (std::exchange(is_stopped_, true)) return;
  timer_.cancel();
  parts_->addresses->cancel();
  while (!connections_.empty()) forget(*connections_.back());
  idle_.clear();
  waiting_.clear();
  under_way_.clear();
  counts_.busy = 0;
}

HttpClientCounts HttpClient::Impl::counts() const {
  HttpClientCounts counts = counts_;
  counts.open = static_cast<std::uint32_t>(connections_.size());
  counts.waiting = waiting_.size();
  return counts;
}

HttpClient::HttpClient(boost::asio::io_context& context, const HttpClientSettings& settings)
    : impl_(std::make_shared<Impl>(context, settings)) {}
HttpClient::~HttpClient() { impl_->stop(); }

void HttpClient::send(std::string request, Done done) {
  impl_->send(std::move(request), std::move(done));
}

HttpClientCounts HttpClient::counts() const { return impl_->counts(); }

void HttpClient::drop_waiting(std::string_view why) {
  const std::shared_ptr<Impl> impl = impl_;  // a callback may end the client
  impl->drop_waiting(why);
}

void HttpClient::give_up(std::string_view why) {
  const std::shared_ptr<Impl> impl = impl_;
  impl->give_up(why);
}

void HttpClient::stop() { impl_->stop(); }

}  // namespace sluice
