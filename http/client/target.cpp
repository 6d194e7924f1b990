#include "http/client/target.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/un.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cstdint>

namespace sluice {
namespace {

constexpr std::string_view kHttp = "http://", kHttps = "https://", kUnix = "unix:";
constexpr std::size_t kMaxUnixPath = sizeof(sockaddr_un::sun_path) - 1;

char lower_letter(char c) { return static_cast<char>(std::tolower(static_cast<unsigned char>(c))); }

bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0; }

/// Takes `scheme` off the front.
bool take_scheme(std::string_view& text, std::string_view scheme) {
  if (lower(text.substr(0, scheme.size())) != scheme) return false;
  text.remove_prefix(scheme.size());
  return true;
}

/// What would end a request line or a header line, and what URLs never hold as it is.
bool is_plain(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c > ' ' && c < 0x7f; });
}

bool is_host_name(std::string_view host) {
  return !host.empty() && host.size() <= 253 && std::ranges::all_of(host, [](char c) {
    return is_word(c) || c == '-' || c == '.' || c == '_';
  });
}

bool is_v6(const std::string& host) {
  in6_addr address;
  return ::inet_pton(AF_INET6, host.c_str(), &address) == 1;
}

/// 1 to 65535, without leading zeros in what it gives; "" if it is no port.
std::string port_of(std::string_view digits) {
  std::uint32_t port = 0;
  const char* const end = digits.data() + digits.size();
  const auto [stop, error] = std::from_chars(digits.data(), end, port);
  if (error != std::errc() || stop != end || port == 0 || port > 65535) return {};
  return std::to_string(port);
}

/// `host`, `host:port` or `[v6]:port`.
bool take_authority(std::string_view authority, Target& target) {
  const bool brackets = authority.starts_with('[');
  const std::size_t close = brackets ? authority.find(']') : 0;
  if (close == std::string_view::npos) return false;
  const std::size_t colon = authority.find(':', close);
  const std::string_view host = authority.substr(0, colon);
  if (brackets) {
    if (host.size() != close + 1) return false;
    target.host = lower(host.substr(1, close - 1));
    if (!is_v6(target.host)) return false;
  } else {
    target.host = lower(host);
    if (!is_host_name(host)) return false;
  }
  target.port = colon == std::string_view::npos ? (target.tls ? "443" : "80")
                                                : port_of(authority.substr(colon + 1));
  return !target.port.empty();
}

std::string bracketed(const std::string& host) {
  return host.find(':') == std::string::npos ? host : "[" + host + "]";
}

}  // namespace

std::string lower(std::string_view text) {
  std::string result(text);
  std::ranges::transform(result, result.begin(), [](char c) { return lower_letter(c); });
  return result;
}

std::string Target::authority() const {
  if (!unix_path.empty()) return "localhost";
  std::string text = bracketed(host);
  if (port != (tls ? "443" : "80")) text += ":" + port;
  return text;
}

std::string Target::url() const {
  if (!unix_path.empty()) return std::string(kUnix) + unix_path;
  return std::string(tls ? kHttps : kHttp) + authority() + prefix;
}

bool Target::is_loopback() const {
  if (!unix_path.empty() || host == "localhost" || host == "localhost.") return true;
  in_addr v4;
  if (::inet_pton(AF_INET, host.c_str(), &v4) == 1) return ntohl(v4.s_addr) >> 24 == 127;
  in6_addr v6;
  return ::inet_pton(AF_INET6, host.c_str(), &v6) == 1 && IN6_IS_ADDR_LOOPBACK(&v6);
}

std::optional<Target> parse_target(std::string_view text) {
  Target target;
  if (take_scheme(text, kUnix)) {
    target.unix_path = text;
    const bool fits =
        !text.empty() && text.size() <= kMaxUnixPath && text.find('\0') == std::string_view::npos;
    return fits ? std::optional(target) : std::nullopt;
  }
  target.tls = take_scheme(text, kHttps);
  if ((!target.tls && !take_scheme(text, kHttp)) || !is_plain(text)) return std::nullopt;
  if (text.find_first_of("@?#\\") != std::string_view::npos) return std::nullopt;
  const std::size_t path = std::min(text.find('/'), text.size());
  if (!take_authority(text.substr(0, path), target)) return std::nullopt;
  target.prefix = text.substr(path);
  while (target.prefix.ends_with('/')) target.prefix.pop_back();
  return target;
}

}  // namespace sluice
