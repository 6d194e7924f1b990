#include "http/client/client_connection.hpp"

#include <utility>

namespace sluice {

ClientConnection::ClientConnection(const std::shared_ptr<ChannelParts>& parts, Owner& owner)
    : Channel(parts), owner_(&owner), response_(parts->settings.max_body) {}

bool ClientConnection::begin(ClientRequest& request, SteadyTime now) {
  if (is_open()) {
    if (!is_quiet() || !write(request.bytes)) {
      close();
      return false;
    }
    request.sent = now;
    request.was_sent = true;
  }
  request_ = &request;
  request.connection = this;
  is_awaited_ = true;
  if (!is_open()) open();
  return true;
}

void ClientConnection::opened() {
  was_open_ = true;
  owner_->opened(*this);
  request_->sent = std::chrono::steady_clock::now();
  request_->was_sent = write(request_->bytes);
}

void ClientConnection::received(std::string_view bytes, SteadyTime at) {
  // Between two requests a peer has nothing to say but that it closes.
  if (request_ == nullptr) return lose("no HTTP");
  // Not before: the answer before this one was still in use when its request began.
  if (std::exchange(is_awaited_, false)) response_.reset(request_->bytes.starts_with("HEAD "));
  const ResponseParser::State state = response_.take(bytes);
  if (state == ResponseParser::State::complete) complete(at);
  if (state == ResponseParser::State::malformed) lose("no HTTP");
}

void ClientConnection::ended(std::string_view why, bool by_peer) {
  if (request_ == nullptr || is_awaited_) return lose(why);
  if (by_peer && response_.end() == ResponseParser::State::complete)
    return complete(std::chrono::steady_clock::now());
  lose(why);
}

void ClientConnection::complete(SteadyTime at) {
  if (!response_.keep_alive()) close();
  if (owner_ != nullptr) owner_->answered(*this, *std::exchange(request_, nullptr), response_, at);
}

void ClientConnection::lose(std::string_view why) {
  close();
  if (owner_ != nullptr) owner_->lost(*this, std::exchange(request_, nullptr), why);
}

void ClientConnection::disown() {
  owner_ = nullptr;
  request_ = nullptr;
  close();
}

}  // namespace sluice
