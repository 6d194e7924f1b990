#include "mock_api/admin/not_understood.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <vector>

#include "http/query_string.hpp"
#include "mock_api/openapi/endpoint_table.hpp"

namespace sluice {
namespace {

constexpr std::array<std::string_view, 3> kOwnHeaders{"x-sluice-run", "x-sluice-script",
                                                      "x-sluice-admin-token"};

/// A header of the mock's own that means nothing.
bool is_unknown_header(std::string_view name) {
  constexpr std::string_view kPrefix = "x-sluice-";
  if (!is_same_header(name.substr(0, kPrefix.size()), kPrefix)) return false;
  return std::ranges::none_of(kOwnHeaders,
                              [name](std::string_view own) { return is_same_header(name, own); });
}

/// Of the paths that fit, one with fewer names in braces says more.
const Endpoint* endpoint_of(const HttpRequest& request, const std::vector<std::string>& path) {
  const std::string_view method = request.method == "HEAD" ? "GET" : request.method;
  const Endpoint* found = nullptr;
  const auto names = [](const Endpoint& e) { return std::ranges::count(e.path, '{'); };
  for (const Endpoint& endpoint : endpoints())
    if (endpoint.method == method && is_at(endpoint, path))
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
  const RequestTarget target = split_target(request.target);
  const std::vector<std::string> names = target.query.names();
  const Endpoint* endpoint = names.empty() ? nullptr : endpoint_of(request, target.segments);
  if (endpoint != nullptr)
    for (const std::string& name : names)
      if (!knows_parameter(endpoint->query, name)) add_unknown(list, "query", name);
  for (const auto& [name, value] : request.headers)
    if (is_unknown_header(name)) add_unknown(list, "header", name);
  return list;
}

}  // namespace sluice
