// Whom a load is aimed at, and by which way.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace sluice {

/// A server's address, from a URL.
struct Target {
  bool tls = false;
  std::string host;       ///< without brackets; "" for a unix socket
  std::string port;       ///< never empty for TCP: 80 or 443 if the URL has none
  std::string unix_path;  ///< not empty: a unix socket
  std::string prefix;     ///< path before every endpoint, without a slash at its end; often ""
  std::string login;      ///< of a proxy alone: "user:password"; never shown

  /// Value of the Host header: without the port if it is the scheme's own.
  std::string authority() const;
  /// "https://api.example.com:8443/prefix" or "unix:/path"; never a user name or a key.
  std::string url() const;
  /// A unix socket, `localhost`, 127.0.0.0/8 or ::1, by its text alone.
  bool is_loopback() const;
  bool operator==(const Target&) const = default;
};

/// http://, https:// or unix:PATH; none if it is no such URL. User names, queries and fragments
/// make it none.
std::optional<Target> parse_target(std::string_view text);

/// The proxy that the environment names for a target (http_proxy, https_proxy, all_proxy, no_proxy,
/// in lower case or upper; HTTP_PROXY in upper case only is left out when REQUEST_METHOD is set, as
/// curl does). None for loopback targets and unix sockets, nor for what no_proxy lists: "*", hosts
/// with all their subdomains, addresses, networks (10.0.0.0/8). `get` reads a variable; "" if
/// unset. Throws bad_input() for what is no HTTP proxy, as leaving it out would go round it; the
/// text says which variable and why, never its value.
std::optional<Target> proxy_for(const Target& target, std::string (*get)(const char*));

/// ASCII letters in lower case.
std::string lower(std::string_view text);

}  // namespace sluice
