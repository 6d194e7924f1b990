#include "mock_api/server/webhook_url.hpp"

#include <algorithm>

namespace sluice {
namespace {

constexpr std::string_view kHttp = "http://", kHttps = "https://";

/// What would end the request line, or a header line.
bool has_spaces(std::string_view text) {
  return std::ranges::any_of(text, [](char c) { return c >= 0 && (c <= ' ' || c == 0x7f); });
}

/// `host:port` or `[::1]:port`.
bool split_authority(std::string_view authority, WebhookUrl& url) {
  const std::size_t bracket = authority.find(']');
  const std::size_t colon = authority.find(':', bracket == std::string_view::npos ? 0 : bracket);
  url.host = authority.substr(0, colon);
  if (bracket != std::string_view::npos) {
    if (url.host.front() != '[' || url.host.back() != ']') return false;
    url.host = url.host.substr(1, url.host.size() - 2);
  }
  url.port = colon == std::string_view::npos ? (url.tls ? "443" : "80")
                                             : std::string(authority.substr(colon + 1));
  return !url.host.empty() && !url.port.empty() && url.port.size() <= 5 &&
         std::ranges::all_of(url.port, [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

std::string WebhookUrl::authority() const {
  std::string text = host.find(':') == std::string::npos ? host : "[" + host + "]";
  if (port != (tls ? "443" : "80")) text += ":" + port;
  return text;
}

std::optional<WebhookUrl> parse_webhook_url(std::string_view text) {
  WebhookUrl url;
  url.tls = text.starts_with(kHttps);
  if ((!url.tls && !text.starts_with(kHttp)) || has_spaces(text)) return std::nullopt;
  text.remove_prefix(url.tls ? kHttps.size() : kHttp.size());
  text = text.substr(0, text.find('#'));
  const std::size_t path = std::min(text.find_first_of("/?"), text.size());
  std::string_view authority = text.substr(0, path);
  authority.remove_prefix(authority.rfind('@') + 1);  // npos + 1 is 0
  if (authority.empty() || !split_authority(authority, url)) return std::nullopt;
  url.target = text.substr(path);
  if (!url.target.starts_with('/')) url.target.insert(0, "/");
  return url;
}

}  // namespace sluice
