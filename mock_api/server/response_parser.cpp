#include "mock_api/server/response_parser.hpp"

#include <algorithm>
#include <charconv>

#include "mock_api/server/request_parser.hpp"

namespace sluice {
namespace {

constexpr std::size_t kKept = 1024;
constexpr std::size_t kMaxHead = 64 << 10;
constexpr std::size_t kMaxBody = 16 << 20;

}  // namespace

ResponseParser::State ResponseParser::take(std::string_view bytes) {
  begun_ |= !bytes.empty();
  buffer_.append(bytes);
  while (!has_head_) {
    const State state = parse_head();
    if (state != State::complete) return state;
  }
  return take_body();
}

/// complete: a head was taken out of the buffer; has_head_ tells whether it was the final one.
ResponseParser::State ResponseParser::parse_head() {
  const std::size_t end = buffer_.find("\r\n\r\n");
  if (end == std::string::npos)
    return buffer_.size() > kMaxHead ? State::malformed : State::incomplete;
  std::string_view lines = std::string_view(buffer_).substr(0, end + 2);
  const auto next_line = [&] {
    const std::size_t size = lines.find("\r\n");
    const std::string_view line = lines.substr(0, size);
    lines.remove_prefix(size + 2);
    return line;
  };
  if (!parse_status_line(next_line())) return State::malformed;
  while (!lines.empty())
    if (!parse_header(next_line())) return State::malformed;
  buffer_.erase(0, end + 4);
  has_head_ = status_ >= 200;
  if (status_ == 204 || status_ == 304) framing_ = Body::length, left_ = 0;
  if (framing_ == Body::chunked) chunked_.emplace(kMaxBody);
  if (framing_ == Body::until_close) keep_alive_ = false;
  return State::complete;
}

bool ResponseParser::parse_status_line(std::string_view line) {
  framing_ = Body::until_close;
  if (line.size() < 12 || !line.starts_with("HTTP/1.") || line[8] != ' ') return false;
  const auto [stop, error] = std::from_chars(line.data() + 9, line.data() + 12, status_);
  keep_alive_ = line[7] != '0';
  return error == std::errc() && stop == line.data() + 12 && status_ >= 100;
}

bool ResponseParser::parse_header(std::string_view line) {
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos) return false;
  const std::string_view name = line.substr(0, colon);
  const std::string_view value = trimmed(line.substr(colon + 1));
  if (same_letters(name, "transfer-encoding")) {
    if (!same_letters(value, "chunked")) return false;
    framing_ = Body::chunked;
  } else if (same_letters(name, "content-length") && framing_ != Body::chunked) {
    framing_ = Body::length;
    const auto [stop, error] = std::from_chars(value.data(), value.data() + value.size(), left_);
    return error == std::errc() && stop == value.data() + value.size();
  } else if (same_letters(name, "connection") && same_letters(value, "close")) {
    keep_alive_ = false;
  }
  return true;
}

ResponseParser::State ResponseParser::take_body() {
  if (framing_ == Body::chunked) {
    std::size_t used = 0;
    const ChunkedDecoder::State state = chunked_->take(buffer_, used);
    buffer_.erase(0, used);
    if (state == ChunkedDecoder::State::incomplete) return State::incomplete;
    return state == ChunkedDecoder::State::complete ? State::complete : State::malformed;
  }
  const std::size_t size =
      framing_ == Body::length ? std::min(left_, buffer_.size()) : buffer_.size();
  body_.append(buffer_, 0, std::min(size, kKept - std::min(kKept, body_.size())));
  if (framing_ == Body::length) left_ -= size;
  buffer_.erase(0, size);
  return framing_ == Body::length && left_ == 0 ? State::complete : State::incomplete;
}

ResponseParser::State ResponseParser::end() const {
  return has_head_ && framing_ == Body::until_close ? State::complete : State::malformed;
}

std::string ResponseParser::body() const {
  return chunked_ ? chunked_->body().substr(0, kKept) : body_;
}

}  // namespace sluice
