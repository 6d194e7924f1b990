// libFuzzer target: however bytes are cut into pieces on their way, the server's parsers make the
// same of them, stay in their bounds, and never crash.
//
// The first byte says what the rest is (`q` the requests of a connection, `c` chunks, `r` the
// response of a webhook's receiver, `u` its URL), the second how many bytes come at once.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/text/http_url.hpp"
#include "http/parsing/chunked_decoder.hpp"
#include "http/parsing/request_parser.hpp"
#include "http/parsing/response_parser.hpp"
#include "http/query_string.hpp"
#include "http/server/request_reader.hpp"

namespace {

using namespace sluice;

void require(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "%s\n", what);
  std::abort();
}

void check_head(const RequestHead& head, const RequestLimits& limits) {
  require(head.size <= limits.head + 8, "a head above the limit");
  require(head.request.body.size() <= limits.body, "a body above the limit");
  require(head.chunked || head.request.body.size() == head.content_length, "another length");
  require(head.request.headers.size() <= limits.headers, "too many headers");
  require(!(head.chunked && head.content_length > 0), "two lengths");
  for (const auto& [name, value] : head.request.headers)
    require(is_token(name) && value == trimmed(value), "a header that is none");
  split_target(head.request.target);
}

/// The requests of a connection, and how it ended.
struct Requests {
  std::vector<std::string> seen;  ///< method, target and body, each with its length
  bool refused = false;

  bool operator==(const Requests&) const = default;
};

std::string in_one(const HttpRequest& request) {
  std::string text;
  for (const std::string_view part : {request.method, request.target, request.body})
    text += std::to_string(part.size()) + ":" + std::string(part);
  return text;
}

Requests requests_of(std::string_view bytes, std::size_t step) {
  const RequestLimits limits{200, 800, 8, 1000};
  RequestReader reader(limits);
  Requests requests;
  RequestHead head;
  while (!bytes.empty()) {
    const std::span<char> space = reader.space();
    const std::size_t size = std::min({step, bytes.size(), space.size()});
    require(size > 0, "no room for what must come");
    std::copy_n(bytes.begin(), size, space.begin());
    reader.commit(size);
    bytes.remove_prefix(size);
    for (;;) {
      RequestError error;
      const RequestReader::Next next = reader.next(head, error);
      require((next == RequestReader::Next::refused) == (error.status != 0),
              "no reason, or no need");
      if (next == RequestReader::Next::incomplete) break;
      if (next == RequestReader::Next::refused) return requests.refused = true, requests;
      check_head(head, limits);
      requests.seen.push_back(in_one(head.request));
      reader.done();
    }
  }
  return requests;
}

/// However the bytes of a connection come.
void requests(std::string_view bytes, std::size_t step) {
  require(requests_of(bytes, SIZE_MAX) == requests_of(bytes, step), "pieces make a difference");
}

struct Chunks {
  ChunkedDecoder::State state = ChunkedDecoder::State::incomplete;
  std::string body;
  std::size_t used = 0;
};

Chunks chunks_of(std::string_view bytes, std::size_t step) {
  constexpr std::size_t kMost = 500;
  ChunkedDecoder decoder(kMost);
  Chunks result;
  for (std::size_t size = 0; size < bytes.size();) {
    size = std::min(size + step, bytes.size());
    std::size_t used = 0;
    result.state = decoder.take(bytes.substr(result.used, size - result.used), used);
    result.used += used;
    require(result.used <= size, "more was taken than given");
    if (result.state != ChunkedDecoder::State::incomplete) break;
  }
  result.body = decoder.body();
  require(result.body.size() <= kMost, "a body above the limit");
  return result;
}

void chunks(std::string_view bytes, std::size_t step) {
  const Chunks whole = chunks_of(bytes, bytes.size() + 1), pieces = chunks_of(bytes, step);
  require(whole.state == pieces.state, "pieces make a difference");
  require(whole.body == pieces.body, "pieces make another body");
  if (whole.state == ChunkedDecoder::State::complete)
    require(whole.used == pieces.used, "another end");
}

/// Gives `bytes` in steps until something is clear; how many that took.
std::size_t feed(ResponseParser& parser, std::string_view bytes, std::size_t step,
                 ResponseParser::State& state) {
  std::size_t at = 0;
  state = ResponseParser::State::incomplete;
  for (; at < bytes.size() && state == ResponseParser::State::incomplete; at += step)
    state = parser.take(bytes.substr(at, step));
  return std::min(at, bytes.size());
}

void responses(std::string_view bytes, std::size_t step) {
  ResponseParser::State whole_state, state;
  ResponseParser whole, pieces;
  const std::size_t taken = feed(pieces, bytes, step, state);
  feed(whole, bytes.substr(0, taken), taken + 1, whole_state);
  require(state == whole_state, "pieces make a difference");
  require(pieces.body().size() <= 1024, "too much of the body is kept");
  if (state == ResponseParser::State::malformed) return;
  require(pieces.body() == whole.body(), "pieces make another body");
  require(pieces.end() == whole.end(), "pieces make another end");
  if (state != ResponseParser::State::complete) return;
  require(whole.status() == pieces.status() && whole.status() >= 200, "no final status");
}

void urls(std::string_view text) {
  if (const auto url = parse_http_url(text)) {
    require(!url->host.empty() && url->target.starts_with('/'), "half a URL");
    require(url->target.find_first_of("\r\n ") == std::string::npos, "a request could be split");
    require(url->authority().find_first_of("\r\n ") == std::string::npos,
            "a header could be split");
  }
  require(percent_decode(percent_encode(text)) == text, "an escape is lost");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 2, size - 2);
  const std::size_t step = 1 + data[1] % 64;
  switch (data[0]) {
    case 'q':
      requests(bytes, step);
      break;
    case 'c':
      chunks(bytes, step);
      break;
    case 'r':
      responses(bytes, step);
      break;
    case 'u':
      urls(bytes);
      break;
    default:
      break;
  }
  return 0;
}
