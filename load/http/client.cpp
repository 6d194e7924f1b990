#include "load/http/client.hpp"

#include <algorithm>
#include <boost/asio/steady_timer.hpp>
#include <deque>
#include <utility>
#include <vector>

#include "load/http/client_connection.hpp"
#include "load/http/proxy.hpp"

namespace sluice {

/// Requests and connections. All requests have the same time, so their deadlines are in the order
/// in which they came: one timer is enough, and it is set once per time-out, not per request.
class HttpClient::Impl final : public ClientConnection::Owner,
                               public std::enable_shared_from_this<Impl> {
 public:
  Impl(boost::asio::io_context& context, const HttpClientSettings& settings)
      : parts_(std::make_shared<ChannelParts>(context, settings)), timer_(context) {}

  void send(std::string bytes, Done done);
  void drop_waiting();
  void stop();
  HttpClientCounts counts() const;

 private:
  using Request = ClientRequest;
  template <Request::Hook Request::*hook>
  using List =
      boost::intrusive::list<Request, boost::intrusive::member_hook<Request, Request::Hook, hook>>;

  void answered(ClientConnection& connection, Request& request, const ResponseParser& response,
                SteadyTime at) override;
  void lost(ClientConnection& connection, Request* request, std::string_view why,
            bool stale) override;

  Request& acquire();
  ClientConnection* free_connection();
  ClientConnection* open_connection();
  void begin_waiting(SteadyTime now);
  void leave_idle(ClientConnection& connection);
  void forget(ClientConnection& connection);
  void fail(Request& request, std::string_view why, SteadyTime now);
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
  HttpClientCounts counts_;
};

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
  request.was_sent = false;
  return request;
}

void HttpClient::Impl::begin_waiting(SteadyTime now) {
  while (!waiting_.empty()) {
    ClientConnection* const connection = free_connection();
    if (connection == nullptr) return;
    Request& request = waiting_.front();
    waiting_.pop_front();
    ++counts_.busy;
    connection->begin(request, now);
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
  ++counts_.opened;
  counts_.most_open = std::max(counts_.most_open, static_cast<std::uint32_t>(connections_.size()));
  return &connection;
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
  result.answered = at;
  finish(request, result);
}

void HttpClient::Impl::lost(ClientConnection& connection, Request* request, std::string_view why,
                            bool stale) {
  if (request == nullptr) {
    leave_idle(connection);
    forget(connection);
    return begin_waiting(std::chrono::steady_clock::now());
  }
  --counts_.busy;
  forget(connection);
  const SteadyTime now = std::chrono::steady_clock::now();
  if (!stale) return fail(*request, why, now);
  ++counts_.busy;
  open_connection()->begin(*request, now);
}

void HttpClient::Impl::leave_idle(ClientConnection& connection) {
  idle_[connection.idle_place] = idle_.back();
  idle_[connection.idle_place]->idle_place = connection.idle_place;
  idle_.pop_back();
}

/// The connection lives on until what it has begun is over.
void HttpClient::Impl::forget(ClientConnection& connection) {
  const std::size_t place = connection.place;
  connection.disown();
  std::swap(connections_[place], connections_.back());
  connections_[place]->place = place;
  connections_.pop_back();
}

void HttpClient::Impl::fail(Request& request, std::string_view why, SteadyTime now) {
  ExchangeResult result;
  result.failure = why;
  result.answered = now;
  finish(request, result);
}

void HttpClient::Impl::finish(Request& request, ExchangeResult& result) {
  result.sent = request.sent;
  result.was_sent = request.was_sent;
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
  while (!is_stopped_ && !under_way_.empty() && under_way_.front().deadline <= now) {
    Request& request = under_way_.front();
    if (request.connection != nullptr) {
      --counts_.busy;
      forget(*request.connection);
    } else {
      waiting_.erase(waiting_.iterator_to(request));
    }
    fail(request, "timed out", now);
  }
  is_armed_ = false;
  if (!is_stopped_) arm();
}

void HttpClient::Impl::drop_waiting() {
  std::vector<Request*> dropped;
  for (Request& request : waiting_) dropped.push_back(&request);
  waiting_.clear();
  const SteadyTime now = std::chrono::steady_clock::now();
  for (Request* const request : dropped)
    if (!is_stopped_) fail(*request, "not sent", now);
}

void HttpClient::Impl::stop() {
  if (std::exchange(is_stopped_, true)) return;
  timer_.cancel();
  parts_->addresses->cancel();
  for (const auto& connection : connections_) connection->disown();
  connections_.clear();
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

void HttpClient::drop_waiting() {
  const std::shared_ptr<Impl> impl = impl_;  // a callback may end the client
  impl->drop_waiting();
}

void HttpClient::stop() { impl_->stop(); }

}  // namespace sluice
