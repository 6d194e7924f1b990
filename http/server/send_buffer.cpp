#include "http/server/send_buffer.hpp"

#include "base/check.hpp"
#include "http/tls/tls.hpp"

namespace sluice {
namespace {

/// A rare large answer's text is not kept.
constexpr std::size_t kMaxSpare = 1 << 20;
/// What an idle connection may keep.
constexpr std::size_t kMaxIdle = 64;

}  // namespace

std::string_view SendBuffer::next() {
  if (session_ != nullptr && !text_.empty()) {
    session_->send(text_, sealed_);
    text_.clear();
  }
  return std::string_view(wire()).substr(sent_);
}

void SendBuffer::sent(std::size_t bytes) {
  SLUICE_REQUIRE(bytes <= wire().size() - sent_, "no more leaves than is there");
  sent_ += bytes;
  if (sent_ < wire().size()) return;
  wire().clear();
  sent_ = 0;
}

void SendBuffer::give_back(std::string& spare) {
  SLUICE_REQUIRE(text_.empty(), "only an empty text is given away");
  if (text_.capacity() > spare.capacity()) text_.swap(spare);
  if (text_.capacity() > kMaxIdle) std::string().swap(text_);
  if (spare.capacity() > kMaxSpare) std::string().swap(spare);
}

}  // namespace sluice
