// Where a webhook goes.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace sluice {

struct WebhookUrl {
  bool tls = false;
  std::string host;    ///< without brackets
  std::string port;    ///< "443" if none is given
  std::string target;  ///< path and query; at least "/"

  /// Value of the Host header.
  std::string authority() const;
};

/// http:// or https:// only; none if it is no such URL. User names and fragments are left out.
std::optional<WebhookUrl> parse_webhook_url(std::string_view text);

}  // namespace sluice
