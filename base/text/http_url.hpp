// URLs to which something is posted, taken apart as RFC 3986 has them.
#pragma once

#include <string>
#include <string_view>

#include "base/text/units.hpp"

namespace sluice {

struct HttpUrl {
  bool tls = false;       ///< https
  std::string user_info;  ///< `user` or `user:password`, still percent-encoded; "" if none is given
  std::string host;       ///< in lower case, an IPv6 address without its brackets
  std::string port;       ///< without leading zeros; "443" or "80" if none is given
  std::string target;     ///< path and query as a request line may have them; at least "/"

  /// Value of the Host header.
  std::string authority() const;
  /// Scheme, host and port: the same for all that one server answers.
  std::string origin() const;
};

/// http:// or https:// only, in upper or lower case. Everything that no request could be sent to is
/// refused here, not when it is: impossible hosts, addresses and ports, spaces and controls. A
/// fragment is left out; bytes beyond ASCII in path and query are percent-encoded. O(text).
Parsed<HttpUrl> parse_http_url(std::string_view text);

}  // namespace sluice
