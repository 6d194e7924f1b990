#include "http/client/proxy.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/network_v4.hpp>
#include <boost/asio/ip/network_v6.hpp>
#include <cctype>
#include <charconv>
#include <initializer_list>

#include "base/failure.hpp"

namespace sluice {
namespace {

using Get = std::string (*)(const char*);

struct Named {
  std::string variable, value;
};

Named first_set(Get get, std::initializer_list<const char*> variables) {
  for (const char* const variable : variables)
    if (std::string value = get(variable); !value.empty()) return {variable, std::move(value)};
  return {};
}

Named proxy_variable(bool tls, Get get) {
  if (tls) return first_set(get, {"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"});
  // A server that runs programs for its clients puts their header Proxy into HTTP_PROXY.
  if (!get("REQUEST_METHOD").empty())
    return first_set(get, {"http_proxy", "all_proxy", "ALL_PROXY"});
  return first_set(get, {"http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"});
}

bool is_in_network(const std::string& host, const std::string& network) {
  namespace ip = boost::asio::ip;
  boost::system::error_code error;
  const ip::address address = ip::make_address(host, error);
  if (error) return false;
  if (address.is_v4()) {
    const ip::network_v4 all = ip::make_network_v4(network, error);
    return !error &&
           ip::make_network_v4(address.to_v4(), all.prefix_length()).canonical() == all.canonical();
  }
  const ip::network_v6 all = ip::make_network_v6(network, error);
  return !error &&
         ip::make_network_v6(address.to_v6(), all.prefix_length()).canonical() == all.canonical();
}

/// `entry`: one of no_proxy, in lower case.
bool covers(std::string entry, const Target& target) {
  if (entry == "*") return true;
  if (entry.find('/') != std::string::npos) return is_in_network(target.host, entry);
  if (const std::size_t colon = entry.find(':');
      colon != std::string::npos && colon == entry.rfind(':')) {
    if (entry.substr(colon + 1) != target.port) return false;
    entry.resize(colon);
  }
  if (entry.starts_with('[') && entry.ends_with(']')) entry = entry.substr(1, entry.size() - 2);
  if (entry.starts_with('.')) entry.erase(0, 1);
  if (entry.empty()) return false;
  return target.host == entry || target.host.ends_with("." + entry);
}

bool is_left_out(std::string_view no_proxy, const Target& target) {
  constexpr std::string_view kBetween = ", \t";
  while (true) {
    no_proxy.remove_prefix(std::min(no_proxy.find_first_not_of(kBetween), no_proxy.size()));
    if (no_proxy.empty()) return false;
    const std::string_view entry = no_proxy.substr(0, no_proxy.find_first_of(kBetween));
    if (covers(lower(entry), target)) return true;
    no_proxy.remove_prefix(entry.size());
  }
}

std::string percent_decoded(std::string_view text) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    unsigned char byte = 0;
    const char* const digits = text.data() + i + 1;
    if (text[i] == '%' && i + 2 < text.size() &&
        std::from_chars(digits, digits + 2, byte, 16).ptr == digits + 2) {
      result += static_cast<char>(byte);
      i += 2;
    } else {
      result += text[i];
    }
  }
  return result;
}

Target parse_proxy(const Named& named) {
  std::string text = named.value;
  if (text.find("://") == std::string::npos) text.insert(0, "http://");
  const std::size_t begin = text.find("://") + 3;
  const std::string scheme = lower(text.substr(0, begin));
  if (scheme != "http://")
    throw bad_input(named.variable + ": proxies by " + scheme + " are not supported, only http://");
  const std::size_t at = text.substr(0, text.find('/', begin)).rfind('@');
  std::string login;
  if (at != std::string::npos) {
    login = percent_decoded(std::string_view(text).substr(begin, at - begin));
    text.erase(begin, at + 1 - begin);
  }
  std::optional<Target> proxy = parse_target(text);
  if (!proxy) throw bad_input(named.variable + " is not http://HOST:PORT");
  proxy->login = std::move(login);
  return *std::move(proxy);
}

std::string base64(const std::string& text) {
  std::string result((text.size() + 2) / 3 * 4 + 1, '\0');
  const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(result.data()),
                                   reinterpret_cast<const unsigned char*>(text.data()),
                                   static_cast<int>(text.size()));
  result.resize(static_cast<std::size_t>(size));
  return result;
}

std::string authorization(const Target& proxy) {
  if (proxy.login.empty()) return {};
  return "Proxy-Authorization: Basic " + base64(proxy.login) + "\r\n";
}

}  // namespace

std::optional<Target> proxy_for(const Target& target, Get get) {
  if (target.is_loopback()) return std::nullopt;
  const Named named = proxy_variable(target.tls, get);
  if (named.value.empty()) return std::nullopt;
  if (is_left_out(first_set(get, {"no_proxy", "NO_PROXY"}).value, target)) return std::nullopt;
  return parse_proxy(named);
}

std::string connect_request(const Target& target, const Target& proxy) {
  std::string host = target.authority();
  if (target.port == "443") host += ":443";
  return "CONNECT " + host + " HTTP/1.1\r\nHost: " + host + "\r\n" + authorization(proxy) + "\r\n";
}

void put_into_absolute_form(std::string& request, const Target& target, const Target& proxy) {
  const std::size_t line_end = request.find("\r\n");
  if (line_end != std::string::npos) request.insert(line_end + 2, authorization(proxy));
  const std::size_t space = request.find(' ');
  if (space != std::string::npos) request.insert(space + 1, "http://" + target.authority());
}

}  // namespace sluice
