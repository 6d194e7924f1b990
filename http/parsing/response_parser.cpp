#include "http/parsing/response_parser.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>

#include "http/message.hpp"
#include "http/parsing/request_parser.hpp"

namespace sluice {
namespace {

constexpr std::size_t kMaxHead = 64 << 10;
constexpr std::size_t kMaxLocation = 1 << 10;
constexpr std::string_view kVersion = "HTTP/1.";

bool has_controls(std::string_view line) {
  bool found = false;
  for (const char c : line) found |= static_cast<unsigned char>(c) < ' ' && c != '\t';
  return found;
}

/// False unless all of `text` is one decimal number.
template <class T>
bool to_number(std::string_view text, T& number) {
  if (text.empty() || text.front() < '0' || text.front() > '9') return false;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  return error == std::errc() && stop == end;
}

}  // namespace

void ResponseParser::reset(bool without_body) {
  without_body_ = without_body;
  begun_ = has_head_ = false;
  retry_after_.reset();
  location_.clear();
  scanned_ = 0;
  head_.clear();
  line_.clear();
  drop_body();
}

ResponseParser::State ResponseParser::take(std::string_view bytes) {
  begun_ |= !bytes.empty();
  if (has_head_) return take_body(bytes);
  const bool is_kept = !head_.empty();
  if (is_kept) bytes = head_.append(bytes);
  const State state = take_heads(bytes);
  if (state == State::complete) return take_body(bytes);
  if (state == State::incomplete) {
    scanned_ = bytes.size();
    if (is_kept) {
      head_.erase(0, head_.size() - bytes.size());
    } else {
      head_.assign(bytes);
    }
  }
  return state;
}

/// complete: the final response's head was taken off `input`.
ResponseParser::State ResponseParser::take_heads(std::string_view& input) {
  while (!has_head_) {
    if (input.substr(0, kVersion.size()) != kVersion.substr(0, input.size()))
      return State::malformed;
    const std::size_t end = input.find("\r\n\r\n", scanned_ - std::min<std::size_t>(scanned_, 3));
    scanned_ = 0;
    if (std::min(end, input.size()) > kMaxHead) return State::malformed;
    if (end == std::string_view::npos) return State::incomplete;
    if (!parse_head(input.substr(0, end + 2))) return State::malformed;
    input.remove_prefix(end + 4);
  }
  return State::complete;
}

bool ResponseParser::parse_head(std::string_view lines) {
  const auto next_line = [&] {
    const std::size_t size = lines.find("\r\n");
    const std::string_view line = lines.substr(0, size);
    lines.remove_prefix(size + 2);
    return line;
  };
  if (!parse_status_line(next_line())) return false;
  while (!lines.empty())
    if (!parse_header(next_line())) return false;
  if (framing_ == Body::chunked && (has_length_ || is_1_0_)) return false;
  if (status_ == 101) return false;  // nothing asked for another protocol
  has_head_ = status_ >= 200;
  if (without_body_ || status_ == 204 || status_ == 304) framing_ = Body::length, left_ = 0;
  if (framing_ == Body::chunked) chunked_.reset();
  if (framing_ == Body::until_close) keep_alive_ = false;
  return true;
}

bool ResponseParser::parse_status_line(std::string_view line) {
  framing_ = Body::until_close;
  has_length_ = is_event_stream_ = false;
  if (line.size() < 12 || line[8] != ' ' || (line[7] != '0' && line[7] != '1')) return false;
  if (line.size() > 12 && line[12] != ' ') return false;
  is_1_0_ = line[7] == '0';
  keep_alive_ = !is_1_0_;
  return to_number(line.substr(9, 3), status_) && status_ >= 100 && !has_controls(line);
}

bool ResponseParser::parse_header(std::string_view line) {
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos || colon == 0 || has_controls(line)) return false;
  const std::string_view name = line.substr(0, colon);
  if (name.find_first_of(" \t") != std::string_view::npos) return false;
  const std::string_view value = trimmed(line.substr(colon + 1));
  switch (name.size()) {  // most are none of these
    case 8:
      if (same_letters(name, "location")) location_ = value.substr(0, kMaxLocation);
      return true;
    case 10:
      if (same_letters(name, "connection")) parse_connection(value);
      return true;
    case 11:
      if (same_letters(name, "retry-after")) retry_after_ = parse_retry_after(value);
      return true;
    case 12:
      if (same_letters(name, "content-type"))
        is_event_stream_ = same_letters(trimmed(value.substr(0, value.find(';'))),  //
                                        "text/event-stream");
      return true;
    case 14:
      return !same_letters(name, "content-length") || parse_length(value);
    case 17:
      if (!same_letters(name, "transfer-encoding")) return true;
      if (framing_ == Body::chunked || !same_letters(value, "chunked")) return false;
      framing_ = Body::chunked;
      return true;
    default:
      return true;
  }
}

bool ResponseParser::parse_length(std::string_view value) {
  if (has_length_) return false;
  has_length_ = true;
  if (framing_ != Body::chunked) framing_ = Body::length;
  return to_number(value, left_);
}

std::optional<std::int64_t> ResponseParser::retry_after_s() const {
  if (!retry_after_) return std::nullopt;
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return retry_after_->seconds_left(
      std::chrono::duration_cast<std::chrono::nanoseconds>(now).count());
}

void ResponseParser::parse_connection(std::string_view value) {
  while (!value.empty()) {
    const std::size_t comma = value.find(',');
    const std::string_view option = trimmed(value.substr(0, comma));
    if (same_letters(option, "close")) keep_alive_ = false;
    if (is_1_0_ && same_letters(option, "keep-alive")) keep_alive_ = true;
    value.remove_prefix(comma == std::string_view::npos ? value.size() : comma + 1);
  }
}

ResponseParser::State ResponseParser::take_body(std::string_view input) {
  if (framing_ == Body::length) return take_length(input);
  if (framing_ == Body::chunked) return take_chunks(input);
  keep(input);
  return State::incomplete;
}

ResponseParser::State ResponseParser::take_length(std::string_view input) {
  if (input.size() > left_) return State::malformed;
  left_ -= input.size();
  if (left_ == 0 && body_.empty()) {
    whole_body_ = input.substr(0, kept_);
  } else {
    keep(input);
  }
  return left_ == 0 ? State::complete : State::incomplete;
}

ResponseParser::State ResponseParser::take_chunks(std::string_view input) {
  const bool is_kept = !line_.empty();
  if (is_kept) input = line_.append(input);
  std::size_t used = 0;
  const ChunkedDecoder::State state = chunked_.take(input, used);
  keep(chunked_.body());
  chunked_.drop_body();
  if (state == ChunkedDecoder::State::complete)
    return used == input.size() ? State::complete : State::malformed;
  if (state != ChunkedDecoder::State::incomplete) return State::malformed;
  if (is_kept) {
    line_.erase(0, used);
  } else {
    line_.assign(input.substr(used));
  }
  return State::incomplete;
}

void ResponseParser::keep(std::string_view bytes) {
  body_.append(bytes.substr(0, kept_ - std::min(kept_, body_.size())));
}

ResponseParser::State ResponseParser::end() const {
  return has_head_ && framing_ == Body::until_close ? State::complete : State::malformed;
}

}  // namespace sluice
