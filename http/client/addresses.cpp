#include "http/client/addresses.hpp"

#include <boost/asio/ip/address.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <cstdlib>
#include <utility>

namespace sluice {
namespace {

constexpr auto kHolds = std::chrono::seconds(30);

Addresses::Endpoints one(const Addresses::Endpoint& endpoint) {
  return std::make_shared<const std::vector<Addresses::Endpoint>>(1, endpoint);
}

Addresses::Endpoints literal(const Target& host) {
  namespace asio = boost::asio;
  if (!host.unix_path.empty()) return one(asio::local::stream_protocol::endpoint(host.unix_path));
  boost::system::error_code error;
  const asio::ip::address address = asio::ip::make_address(host.host, error);
  if (error) return nullptr;
  const auto port = static_cast<std::uint16_t>(std::strtoul(host.port.c_str(), nullptr, 10));
  return one(asio::ip::tcp::endpoint(address, port));
}

}  // namespace

Addresses::Addresses(boost::asio::io_context& context, const Target& host)
    : resolver_(context),
      host_(host.host),
      port_(host.port),
      known_(literal(host)),
      is_literal_(known_ != nullptr) {}

void Addresses::get(Then then) {
  if (is_literal_ || (known_ && std::chrono::steady_clock::now() < until_)) return then(known_);
  waiting_.push_back(std::move(then));
  if (waiting_.size() == 1) resolve();
}

void Addresses::resolve() {
  resolver_.async_resolve(
      host_, port_,
      [self = shared_from_this()](const boost::system::error_code& error, const auto& found) {
        std::vector<Endpoint> endpoints;
        if (!error)
          for (const auto& entry : found) endpoints.emplace_back(entry.endpoint());
        self->known_ = std::make_shared<const std::vector<Endpoint>>(std::move(endpoints));
        self->until_ = std::chrono::steady_clock::now() + kHolds;
        if (error) self->forget();
        const Endpoints known = self->known_;
        for (const Then& then : std::exchange(self->waiting_, {})) then(known);
      });
}

void Addresses::forget() { until_ = {}; }

}  // namespace sluice
