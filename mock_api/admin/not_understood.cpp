#include "mock_api/admin/not_understood.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <string_view>

#include "mock_api/admin/request_matcher.hpp"
#include "mock_api/openapi/endpoint_table.hpp"

namespace sluice {
namespace {

constexpr std::array<std::string_view, 3> kOwnHeaders{"x-sluice-run", "x-sluice-script",
                                                      "x-sluice-admin-token"};

std::string lower_case(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return lower;
}

/// "/run/{session_id}" as a pattern of path_fits().
std::string pattern_of(std::string_view path) {
  std::string pattern;
  bool in_name = false;
  for (const char c : path) {
    if (c == '{') pattern += '*';
    in_name = c == '{' || (in_name && c != '/');
    if (!in_name) pattern += c;
  }
  return pattern;
}

/// Of the paths that fit, one with fewer names in braces says more.
const Endpoint* endpoint_of(const HttpRequest& request) {
  const std::string_view method = request.method == "HEAD" ? "GET" : request.method;
  const Endpoint* found = nullptr;
  const auto names = [](const Endpoint& e) { return std::ranges::count(e.path, '{'); };
  for (const Endpoint& endpoint : endpoints())
    if (endpoint.method == method && path_fits(pattern_of(endpoint.path), path_of(request.target)))
      if (found == nullptr || names(endpoint) < names(*found)) found = &endpoint;
  return found;
}

/// Whether `query`, "a! b c", has the name; `a[]` and `a[0]` are items of `a`.
bool knows_parameter(std::string_view query, std::string_view name) {
  name = name.substr(0, name.find('['));
  while (!query.empty()) {
    const std::size_t end = std::min(query.find(' '), query.size());
    std::string_view known = query.substr(0, end);
    query.remove_prefix(std::min(end + 1, query.size()));
    if (known.ends_with('!')) known.remove_suffix(1);
    if (known == name) return true;
  }
  return false;
}

void add_unknown(Json& list, const char* where, std::string_view name) {
  list.push_back({{"in", where}, {"name", name}});
}

}  // namespace

Json not_understood(const HttpRequest& request, std::span<const std::string> unknown_keys) {
  Json list = Json::array();
  for (const std::string& key : unknown_keys) add_unknown(list, "body", key);
  const QueryString query = split_target(request.target).query;
  const Endpoint* endpoint = query.names().empty() ? nullptr : endpoint_of(request);
  if (endpoint != nullptr)
    for (const std::string& name : query.names())
      if (!knows_parameter(endpoint->query, name)) add_unknown(list, "query", name);
  for (const auto& [name, value] : request.headers) {
    const std::string lower = lower_case(name);
    if (lower.starts_with("x-sluice-") && std::ranges::count(kOwnHeaders, lower) == 0)
      add_unknown(list, "header", name);
  }
  return list;
}

}  // namespace sluice
