#include "http/client/event_stream.hpp"

#include <algorithm>
#include <boost/asio/steady_timer.hpp>
#include <utility>

#include "http/client/channel.hpp"
#include "http/client/proxy.hpp"
#include "http/parsing/event_stream_parser.hpp"

namespace sluice {
namespace {

using namespace std::chrono_literals;

constexpr std::chrono::milliseconds kFirstDelay = 250ms, kLastDelay = 4s;
/// A stream that lasted so long was a good one.
constexpr auto kGood = 10s;
/// Pieces of a body are used as they come, so this bounds one read, decrypted.
constexpr std::size_t kMaxPiece = 1 << 20;
/// What came while this thread was held up is read before a stream counts as silent.
constexpr auto kLastChance = 20ms;

}  // namespace

/// One connection after the other.
class EventStream::Impl : public std::enable_shared_from_this<Impl> {
 public:
  Impl(boost::asio::io_context& context, const HttpClientSettings& settings, std::string request,
       Listener listener, const PingSettings& pings);

  void connect();
  void stop();
  bool is_open() const { return is_open_; }

 private:
  class Connection;

  void connected();
  void received(std::string_view bytes, SteadyTime at);
  void ended(std::string_view why, bool by_peer);
  void take_head(SteadyTime at);
  void close(std::string_view why, bool is_clean = false);
  std::chrono::milliseconds next_delay(bool is_clean);
  void wait(std::chrono::nanoseconds time, void (Impl::*then)());
  void on_timeout() { close("timed out"); }
  void took(std::string_view event, std::string_view data);
  void on_silence();

  const std::shared_ptr<ChannelParts> parts_;
  std::string request_;
  const Listener listener_;
  const EventStreamParser::OnEvent on_event_;
  boost::asio::steady_timer timer_;
  std::shared_ptr<Connection> connection_;
  ResponseParser response_{kMaxPiece};
  EventStreamParser events_;
  bool is_stopped_ = false;
  bool is_open_ = false;
  bool has_spoken_ = false;  // an event came by this connection
  SteadyTime opened_at_, received_at_;
  PingInterval pings_;
  bool last_chance_ = false;
  std::chrono::milliseconds delay_ = kFirstDelay;
  unsigned failures_ = 0;
};

class EventStream::Impl::Connection final : public Channel {
 public:
  Connection(std::shared_ptr<ChannelParts> parts, Impl& owner)
      : Channel(std::move(parts)), owner_(owner.weak_from_this()) {}

 private:
  void opened() override {
    if (const auto owner = owner_.lock()) owner->connected();
  }
  void received(std::string_view bytes, SteadyTime at) override {
    if (const auto owner = owner_.lock()) owner->received(bytes, at);
  }
  void ended(std::string_view why, bool by_peer) override {
    if (const auto owner = owner_.lock()) owner->ended(why, by_peer);
  }

  const std::weak_ptr<Impl> owner_;
};

EventStream::Impl::Impl(boost::asio::io_context& context, const HttpClientSettings& settings,
                        std::string request, Listener listener, const PingSettings& pings)
    : parts_(std::make_shared<ChannelParts>(context, settings)),
      request_(std::move(request)),
      listener_(std::move(listener)),
      on_event_([this](std::string_view event, std::string_view data) { took(event, data); }),
      timer_(context),
      pings_(pings) {
  if (settings.proxy && !settings.target.tls)
    put_into_absolute_form(request_, settings.target, *settings.proxy);
}

void EventStream::Impl::connect() {
  response_.reset();
  events_.reset();
  has_spoken_ = false;
  pings_.break_off();
  connection_ = std::make_shared<Connection>(parts_, *this);
  connection_->open();
  wait(parts_->settings.timeout, &Impl::on_timeout);
}

void EventStream::Impl::connected() { connection_->write(request_); }

void EventStream::Impl::received(std::string_view bytes, SteadyTime at) {
  received_at_ = at;
  const ResponseParser::State state = response_.take(bytes);
  if (response_.has_head() && !is_open_) take_head(at);
  if (connection_->is_closed()) return;
  if (is_open_ && !events_.take(response_.body(), on_event_)) return close("too long an event");
  if (connection_->is_closed()) return;
  response_.drop_body();
  if (state == ResponseParser::State::complete) close("ended", true);
  if (state == ResponseParser::State::malformed) close("no HTTP");
}

void EventStream::Impl::take_head(SteadyTime at) {
  if (response_.status() != 200) return close("HTTP " + std::to_string(response_.status()));
  if (!response_.is_event_stream()) return close("no event stream");
  is_open_ = true;
  opened_at_ = at;
  failures_ = 0;
  last_chance_ = false;
  wait(pings_.too_long(), &Impl::on_silence);
  if (listener_.opened) listener_.opened();
}

void EventStream::Impl::took(std::string_view event, std::string_view data) {
  has_spoken_ = true;
  if (is_stopped_) return;
  if (event == "ping") {
    pings_.ping(received_at_);
    // It may be shorter than what was assumed.
    if (timer_.expiry() > received_at_ + pings_.too_long())
      wait(pings_.too_long(), &Impl::on_silence);
  }
  listener_.event(event, data, received_at_);
}

void EventStream::Impl::on_silence() {
  const auto left = received_at_ + pings_.too_long() - std::chrono::steady_clock::now();
  if (left.count() <= 0 && std::exchange(last_chance_, true)) return close("silent");
  if (left.count() > 0) last_chance_ = false;
  wait(std::max<std::chrono::nanoseconds>(left, kLastChance), &Impl::on_silence);
}

void EventStream::Impl::ended(std::string_view why, bool by_peer) {
  const bool is_clean = by_peer && is_open_ && response_.end() == ResponseParser::State::complete;
  close(is_clean ? "ended" : why, is_clean);
}

void EventStream::Impl::close(std::string_view why, bool is_clean) {
  connection_->close();
  const std::chrono::milliseconds delay = next_delay(is_clean);
  if (!std::exchange(is_open_, false)) ++failures_;
  wait(delay, &Impl::connect);
  if (listener_.closed) listener_.closed(why, failures_);
}

/// A stream that ends again and again as soon as it is open is no clean one.
std::chrono::milliseconds EventStream::Impl::next_delay(bool is_clean) {
  const bool is_good = is_open_ && std::chrono::steady_clock::now() - opened_at_ >= kGood;
  if (is_good || (is_clean && has_spoken_)) delay_ = kFirstDelay;
  if (is_clean && (is_good || has_spoken_)) return 0ms;
  return std::exchange(delay_, std::min(2 * delay_, kLastDelay));
}

void EventStream::Impl::wait(std::chrono::nanoseconds time, void (Impl::*then)()) {
  timer_.expires_after(time);
  timer_.async_wait([weak = weak_from_this(), then,
                     at = timer_.expiry()](const boost::system::error_code& error) {
    const std::shared_ptr<Impl> self = weak.lock();
    // A timer that was moved meanwhile may have been on its way already.
    if (self && !error && !self->is_stopped_ && self->timer_.expiry() == at) (self.get()->*then)();
  });
}

void EventStream::Impl::stop() {
  is_stopped_ = true;
  is_open_ = false;
  timer_.cancel();
  parts_->addresses->cancel();
  if (connection_) connection_->close();
}

EventStream::EventStream(boost::asio::io_context& context, const HttpClientSettings& settings,
                         std::string request, Listener listener, const PingSettings& pings)
    : impl_(std::make_shared<Impl>(context, settings, std::move(request), std::move(listener),
                                   pings)) {
  impl_->connect();
}
EventStream::~EventStream() { impl_->stop(); }
bool EventStream::is_open() const { return impl_->is_open(); }

}  // namespace sluice
