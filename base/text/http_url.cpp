#include "base/text/http_url.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>

namespace sluice {
namespace {

constexpr std::string_view kDigits = "0123456789";
constexpr std::string_view kHostLetters = "abcdefghijklmnopqrstuvwxyz0123456789-_";

/// Thrown and caught within this file; `at` lies in the text that was given.
struct NoUrl {
  const char* at;
  std::string why;
};

std::string in_lower_case(std::string_view text) {
  std::string lower(text);
  for (char& c : lower)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return lower;
}

/// Takes `scheme` off the front.
bool take_scheme_of(std::string_view& text, std::string_view scheme) {
  if (in_lower_case(text.substr(0, scheme.size())) != scheme) return false;
  text.remove_prefix(scheme.size());
  return true;
}

/// What would end the request line, or a header line.
void check_no_spaces(std::string_view text) {
  const auto* const found = std::find_if(text.begin(), text.end(), [](char c) {
    return static_cast<unsigned char>(c) <= ' ' || c == 127;
  });
  if (found != text.end())
    throw NoUrl{found, "spaces and control characters must be percent-encoded"};
}

std::string port_of(std::string_view digits, bool tls) {
  if (digits.empty()) return tls ? "443" : "80";
  unsigned port = 0;
  const char* const end = digits.data() + digits.size();
  const auto [stop, error] = std::from_chars(digits.data(), end, port);
  if (stop != end || error != std::errc() || port < 1 || port > 65'535)
    throw NoUrl{digits.data(), "the port must be a number from 1 to 65535"};
  return std::to_string(port);
}

std::string ipv6_of(std::string_view text) {
  in6_addr address;
  if (::inet_pton(AF_INET6, std::string(text).c_str(), &address) != 1)
    throw NoUrl{text.data(), "no IPv6 address is in the brackets"};
  return in_lower_case(text);
}

void check_label(std::string_view label) {
  if (label.empty()) throw NoUrl{label.data(), "the host has an empty part between two dots"};
  if (label.size() > 63)
    throw NoUrl{label.data(), "a part of the host is longer than 63 characters"};
}

/// A name of the DNS, or an IPv4 address.
std::string host_of(std::string_view text) {
  if (text.empty()) throw NoUrl{text.data(), "there is no host"};
  std::string host = in_lower_case(text);
  if (const std::size_t odd = host.find_first_not_of(std::string(kHostLetters) + '.');
      odd != std::string::npos)
    throw NoUrl{text.data() + odd, static_cast<unsigned char>(text[odd]) >= 0x80 || text[odd] == '%'
                                       ? "a host beyond ASCII must be given in its xn-- form"
                                       : "a host has letters, digits, dots and hyphens only"};
  if (host.size() > 253) throw NoUrl{text.data(), "the host is longer than 253 characters"};
  std::string_view rest = text;
  if (rest.size() > 1 && rest.ends_with('.')) rest.remove_suffix(1);
  std::string_view last;
  for (bool more = true; more;) {
    const std::size_t dot = rest.find('.');
    last = rest.substr(0, dot);
    check_label(last);
    more = dot != std::string_view::npos;
    rest.remove_prefix(more ? dot + 1 : rest.size());
  }
  // What ends in a number is an address, or means nothing.
  in_addr address;
  if (last.find_first_not_of(kDigits) == std::string_view::npos &&
      ::inet_pton(AF_INET, host.c_str(), &address) != 1)
    throw NoUrl{text.data(), "this is no IPv4 address"};
  return host;
}

/// `[user@]host[:port]`, the host perhaps an address in brackets.
void take_authority_of(std::string_view text, HttpUrl& url) {
  if (const std::size_t at = text.rfind('@'); at != std::string_view::npos) {
    url.user_info = text.substr(0, at);
    text.remove_prefix(at + 1);
  }
  if (!text.starts_with('[')) {
    const std::size_t colon = std::min(text.find(':'), text.size());
    url.host = host_of(text.substr(0, colon));
    text.remove_prefix(colon);
  } else {
    const std::size_t bracket = text.find(']');
    if (bracket == std::string_view::npos) throw NoUrl{text.data(), "`[` is not closed"};
    url.host = ipv6_of(text.substr(1, bracket - 1));
    text.remove_prefix(bracket + 1);
    if (!text.empty() && text.front() != ':')
      throw NoUrl{text.data(), "only a port can follow the address"};
  }
  url.port = port_of(text.substr(text.empty() ? 0 : 1), url.tls);
}

std::string in_ascii(std::string_view text) {
  constexpr const char* kHexDigits = "0123456789ABCDEF";
  std::string ascii;
  for (const char c : text) {
    const auto byte = static_cast<std::uint8_t>(c);
    if (byte < 0x80) {
      ascii += c;
    } else {
      ascii.append({'%', kHexDigits[byte >> 4], kHexDigits[byte & 15]});
    }
  }
  return ascii;
}

HttpUrl taken_apart(std::string_view text) {
  HttpUrl url;
  const char* const begin = text.data();
  url.tls = take_scheme_of(text, "https://");
  if (!url.tls && !take_scheme_of(text, "http://"))
    throw NoUrl{begin, "it must begin with http:// or https://"};
  check_no_spaces(text);
  text = text.substr(0, text.find('#'));
  const std::size_t path = std::min(text.find_first_of("/?"), text.size());
  take_authority_of(text.substr(0, path), url);
  url.target = in_ascii(text.substr(path));
  if (!url.target.starts_with('/')) url.target.insert(0, "/");
  return url;
}

}  // namespace

std::string HttpUrl::authority() const {
  std::string text = host.find(':') == std::string::npos ? host : "[" + host + "]";
  if (port != (tls ? "443" : "80")) text += ":" + port;
  return text;
}

std::string HttpUrl::origin() const { return (tls ? "https://" : "http://") + authority(); }

Parsed<HttpUrl> parse_http_url(std::string_view text) {
  // An empty text may come without bytes to point to.
  if (text.empty()) return Parsed<HttpUrl>::wrong(0, "it is empty");
  try {
    return Parsed<HttpUrl>::of(taken_apart(text));
  } catch (const NoUrl& no) {
    return Parsed<HttpUrl>::wrong(static_cast<std::size_t>(no.at - text.data()), no.why);
  }
}

}  // namespace sluice
