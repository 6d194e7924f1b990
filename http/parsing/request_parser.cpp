#include "http/parsing/request_parser.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace sluice {
namespace {

constexpr std::array<bool, 256> make_token_table() {
  std::array<bool, 256> table{};
  for (int c = '0'; c <= '9'; ++c) table[c] = true;
  for (int c = 'a'; c <= 'z'; ++c) table[c] = table[c - 32] = true;
  for (const char c : std::string_view("!#$%&'*+-.^_`|~"))
    table[static_cast<unsigned char>(c)] = true;
  return table;
}
constexpr std::array<bool, 256> make_value_table() {
  std::array<bool, 256> table{};
  for (int c = 0x20; c < 256; ++c) table[c] = c != 0x7f;
  table['\t'] = true;
  return table;
}
constexpr auto kToken = make_token_table();
constexpr auto kValue = make_value_table();

template <std::size_t N>
bool all_in(const std::array<bool, N>& table, std::string_view text) {
  return std::ranges::all_of(text, [&](char c) { return table[static_cast<unsigned char>(c)]; });
}

bool is_target(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c > 0x20 && c < 0x7f; });
}

constexpr std::array<std::string_view, 7> kMethods = {"GET",  "POST",   "PUT",    "PATCH",
                                                      "HEAD", "DELETE", "OPTIONS"};

/// `http://host/path` → `/path`: what proxies are sent, and servers must understand.
std::string_view origin_form(std::string_view target) {
  const std::size_t scheme = target.find("://");
  if (target.front() == '/' || scheme == std::string_view::npos) return target;
  const std::size_t path = target.find_first_of("/?", scheme + 3);
  return path == std::string_view::npos ? "/" : target.substr(path);
}

RequestError parse_version(std::string_view version, RequestHead& head) {
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  if (version.size() != 8 || !version.starts_with("HTTP/") || !digit(version[5]) ||
      version[6] != '.' || !digit(version[7]))
    return {400, "the request line does not end in an HTTP version"};
  if (version[5] != '1') return {505, "only HTTP/1.0 and HTTP/1.1 are spoken here"};
  head.minor_version = version[7] == '0' ? 0 : 1;
  return {};
}

RequestError parse_request_line(std::string_view line, const RequestLimits& limits,
                                RequestHead& head) {
  const std::size_t first = line.find(' ');
  const std::size_t last = line.rfind(' ');
  if (first == std::string_view::npos || first == last)
    return {400, "the request line is not made of a method, a target and a version"};
  const std::string_view method = line.substr(0, first);
  const std::string_view target = line.substr(first + 1, last - first - 1);
  if (!is_token(method)) return {400, "the method is not a token"};
  if (target.size() > limits.target) return {414, "the target is too long"};
  if (!is_target(target)) return {400, "the target has characters that must be percent-encoded"};
  if (const RequestError error = parse_version(line.substr(last + 1), head); error.status != 0)
    return error;
  if (std::ranges::find(kMethods, method) == kMethods.end())
    return {501, "this method is not implemented"};
  head.is_head = method == "HEAD";
  head.request.method = head.is_head ? std::string_view("GET") : method;
  head.request.target = origin_form(target);
  return {};
}

/// What the header lines say about the message itself.
struct Framing {
  int hosts = 0;
  int lengths = 0;
  int encodings = 0;
  bool close = false;
  bool keep_alive = false;
};

RequestError read_length(std::string_view value, const RequestLimits& limits, RequestHead& head) {
  std::uint64_t length = 0;
  const char* const end = value.data() + value.size();
  const auto [stop, failed] = std::from_chars(value.data(), end, length);
  if (value.empty() || value.front() == '-' || stop != end || failed == std::errc::invalid_argument)
    return {400, "Content-Length is not a number"};
  if (failed != std::errc() || length > limits.body) return {413, "the body is too long"};
  head.content_length = length;
  return {};
}

void read_connection(std::string_view value, Framing& framing) {
  while (!value.empty()) {
    const std::size_t comma = std::min(value.find(','), value.size());
    const std::string_view option = trimmed(value.substr(0, comma));
    framing.close |= same_letters(option, "close");
    framing.keep_alive |= same_letters(option, "keep-alive");
    value.remove_prefix(std::min(comma + 1, value.size()));
  }
}

/// The few headers that frame the message; told apart by length first, as most are none of them.
RequestError read_framing(std::string_view name, std::string_view value,
                          const RequestLimits& limits, Framing& framing, RequestHead& head) {
  switch (name.size()) {
    case 4:
      if (same_letters(name, "host")) ++framing.hosts;
      break;
    case 6:
      if (!same_letters(name, "expect")) break;
      if (!same_letters(value, "100-continue")) return {417, "this expectation cannot be met"};
      head.expects_continue = true;
      break;
    case 10:
      if (same_letters(name, "connection")) read_connection(value, framing);
      break;
    case 14:
      if (!same_letters(name, "content-length")) break;
      ++framing.lengths;
      return read_length(value, limits, head);
    case 17:
      if (!same_letters(name, "transfer-encoding")) break;
      ++framing.encodings;
      if (!same_letters(value, "chunked")) return {501, "only chunked is a known encoding"};
      head.chunked = true;
      break;
    default:
      break;
  }
  return {};
}

RequestError parse_header_line(std::string_view line, const RequestLimits& limits, Framing& framing,
                               RequestHead& head) {
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos || !is_token(line.substr(0, colon)))
    return {400, "a header line does not begin with a name and a colon"};
  const std::string_view name = line.substr(0, colon);
  const std::string_view value = trimmed(line.substr(colon + 1));
  if (!all_in(kValue, value)) return {400, "a header has control characters"};
  if (head.request.headers.size() == limits.headers) return {431, "there are too many headers"};
  head.request.headers.emplace_back(name, value);
  return read_framing(name, value, limits, framing, head);
}

RequestError check_framing(const Framing& framing, RequestHead& head) {
  const bool is_1_0 = head.minor_version == 0;
  if (framing.hosts > 1 || (framing.hosts == 0 && !is_1_0))
    return {400, "there must be exactly one Host header"};
  if (framing.lengths + framing.encodings > 1) return {400, "the length is given more than once"};
  if (head.chunked && is_1_0) return {400, "HTTP/1.0 knows no chunks"};
  head.keep_alive = !framing.close && (!is_1_0 || framing.keep_alive);
  head.expects_continue = head.expects_continue && !is_1_0;
  return {};
}

/// What is wrong first. The headers behind it are taken all the same: some say who may read why.
RequestError parse_lines(std::string_view lines, const RequestLimits& limits, RequestHead& head) {
  Framing framing;
  RequestError error;
  bool first = true;
  while (!lines.empty()) {
    const std::size_t end = lines.find("\r\n");
    const std::string_view line = lines.substr(0, end);
    lines.remove_prefix(end + 2);
    const RequestError wrong = first ? parse_request_line(line, limits, head)
                                     : parse_header_line(line, limits, framing, head);
    if (first && wrong.status != 0) return wrong;
    if (error.status == 0) error = wrong;
    first = false;
  }
  return error.status != 0 ? error : check_framing(framing, head);
}

/// Empty lines before a request are from old clients that ended a body with one.
std::size_t leading_empty_lines(std::string_view input) {
  std::size_t size = 0;
  while (size < 8 && input.substr(size).starts_with("\r\n")) size += 2;
  return size;
}

/// Before the head is whole: is it hopeless already?
RequestError check_incomplete(std::string_view input, std::size_t skipped,
                              const RequestLimits& limits) {
  const std::size_t end = input.find('\n', skipped);
  const std::string_view line = input.substr(skipped, end - skipped);
  if (end != std::string_view::npos && !line.ends_with('\r'))
    return {400, "lines end in CR and LF"};
  if (!line.empty() && line != "\r" && !is_token(line.substr(0, 1)))
    return {400, "this is not an HTTP request"};
  // A method is at most seven letters: what has no space by now is no request.
  const std::size_t method = std::min(line.find(' '), line.size());
  if (method > 32) return {400, "this is not an HTTP request"};
  if (line.size() - method > limits.target + 16) return {414, "the target is too long"};
  if (input.size() - skipped > limits.head) return {431, "the headers are too long"};
  return {};
}

}  // namespace

bool same_letters(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  return a.size() == b.size() &&
         std::ranges::equal(a, b, [&](char x, char y) { return lower(x) == lower(y); });
}

bool is_token(std::string_view text) { return !text.empty() && all_in(kToken, text); }

HeadState parse_head(std::string_view input, const RequestLimits& limits, std::size_t& scanned,
                     RequestHead& head, RequestError& error) {
  const std::size_t skipped = leading_empty_lines(input);
  const std::size_t from = std::max(skipped, scanned < 3 ? 0 : scanned - 3);
  const std::size_t end = input.find("\r\n\r\n", from);
  scanned = input.size();
  if (end == std::string_view::npos) {
    error = check_incomplete(input, skipped, limits);
    if (error.status == 0) return HeadState::incomplete;
    head = RequestHead{};
    return HeadState::refused;
  }
  std::vector<HttpRequest::Header> headers = std::move(head.request.headers);
  headers.clear();
  head = RequestHead{};
  head.request.headers = std::move(headers);
  head.size = end + 4;
  error = parse_lines(input.substr(skipped, end + 2 - skipped), limits, head);
  if (error.status == 0 && head.size - skipped > limits.head)
    error = {431, "the headers are too long"};
  return error.status == 0 ? HeadState::complete : HeadState::refused;
}

}  // namespace sluice
