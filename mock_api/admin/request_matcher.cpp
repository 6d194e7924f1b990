#include "mock_api/admin/request_matcher.hpp"

#include <algorithm>

#include "http/query_string.hpp"

namespace sluice {
namespace {

using Pairs = std::vector<std::pair<std::string, std::string>>;

bool read_text(const Json& json, const char* name, std::string& out, std::string& problem) {
  const auto found = json.find(name);
  if (found == json.end() || found->is_null()) return true;
  if (found->is_string()) return out = found->get<std::string>(), true;
  problem = std::string(name) + " must be a string";
  return false;
}

bool read_pairs(const Json& json, const char* name, Pairs& out, std::string& problem) {
  const auto found = json.find(name);
  if (found == json.end() || found->is_null()) return true;
  if (found->is_object())
    for (auto it = found->begin(); it != found->end(); ++it)
      if (it->is_string()) out.emplace_back(it.key(), it->get<std::string>());
  if (found->is_object() && out.size() == found->size()) return true;
  problem = std::string(name) + " must be an object of strings";
  return false;
}

}  // namespace

bool is_secret_header(std::string_view name) {
  return is_same_header(name, "cc-key") || is_same_header(name, "authorization") ||
         is_same_header(name, "x-sluice-admin-token");
}

std::string_view next_segment(std::string_view& path) {
  if (path.starts_with('/')) path.remove_prefix(1);
  const std::string_view segment = path.substr(0, path.find('/'));
  path.remove_prefix(segment.size());
  return segment;
}

bool path_fits(std::string_view pattern, std::string_view path) {
  while (!pattern.empty() && pattern != "/") {
    const std::string_view wanted = next_segment(pattern);
    if (wanted == "**") return true;
    if (path.empty() || path == "/") return false;
    const std::string_view segment = next_segment(path);
    if (wanted != "*" && wanted != segment) return false;
  }
  return path.empty() || path == "/";
}

std::optional<RequestMatcher> RequestMatcher::from_json(const Json& json, std::string& problem) {
  RequestMatcher matcher;
  if (!json.is_object()) return problem = "a matcher must be an object", std::nullopt;
  constexpr std::string_view kKeys = " method path workspace status headers query body ";
  for (auto it = json.begin(); it != json.end(); ++it)
    if (kKeys.find(' ' + it.key() + ' ') == kKeys.npos)
      return problem = "a matcher has no key `" + it.key() + '`', std::nullopt;
  const bool good = read_text(json, "method", matcher.method_, problem) &&
                    read_text(json, "path", matcher.path_, problem) &&
                    read_text(json, "workspace", matcher.workspace_, problem) &&
                    read_pairs(json, "headers", matcher.headers_, problem) &&
                    read_pairs(json, "query", matcher.query_, problem);
  if (!good) return std::nullopt;
  if (const auto status = json.find("status"); status != json.end()) {
    if (!status->is_number_unsigned() || *status > 999)
      return problem = "status must be a number", std::nullopt;
    matcher.status_ = status->get<unsigned>();
  }
  if (json.contains("body")) matcher.body_ = json["body"];
  matcher.json_ = json;
  return matcher;
}

bool RequestMatcher::fits(const HttpRequest& request, std::string_view workspace) const {
  if (!method_.empty() && request.method != method_) return false;
  if (!path_.empty() && !path_fits(path_, path_of(request.target))) return false;
  if (!workspace_.empty() && workspace != workspace_) return false;
  for (const auto& [name, value] : headers_)
    if (request.header(name) != value) return false;
  if (!query_.empty()) {
    const QueryString query = split_target(request.target).query;
    for (const auto& [name, value] : query_)
      if (query.get(name) != value) return false;
  }
  if (!body_) return true;
  const std::optional<Json> body = parse_json(request.body);
  return body && contains_json(*body, *body_);
}

namespace {

/// Deeply, as contains_json() compares.
void add_json_differences(const std::string& field, const Json& wanted, const Json* got,
                          std::vector<RequestDifference>& out) {
  if (got != nullptr && contains_json(*got, wanted)) return;
  if (!wanted.is_object() || wanted.empty() || (got != nullptr && !got->is_object())) {
    out.push_back({field, wanted, got != nullptr ? *got : Json(nullptr)});
    return;
  }
  for (auto it = wanted.begin(); it != wanted.end(); ++it) {
    const auto found = got != nullptr ? got->find(it.key()) : Json::const_iterator();
    const bool is_there = got != nullptr && found != got->end();
    add_json_differences(field + '.' + it.key(), *it, is_there ? &*found : nullptr, out);
  }
}

}  // namespace

std::vector<RequestDifference> RequestMatcher::differences(const HttpRequest& request,
                                                           std::string_view workspace,
                                                           unsigned status) const {
  std::vector<RequestDifference> all;
  const auto text = [](std::string_view value) {
    return value.empty() ? Json(nullptr) : Json(value);
  };
  if (!method_.empty() && request.method != method_)
    all.push_back({"method", method_, request.method});
  if (const auto path = path_of(request.target); !path_.empty() && !path_fits(path_, path))
    all.push_back({"path", path_, path});
  if (!workspace_.empty() && workspace != workspace_)
    all.push_back({"workspace", workspace_, text(workspace)});
  if (!fits_status(status)) all.push_back({"status", *status_, status});
  for (const auto& [name, value] : headers_)
    if (const auto got = request.header(name); got != value) {
      const bool is_hidden = is_secret_header(name);
      all.push_back({"headers." + name, is_hidden ? "…" : value,
                     is_hidden && !got.empty() ? Json("…") : text(got)});
    }
  const QueryString query = query_.empty() ? QueryString() : split_target(request.target).query;
  for (const auto& [name, value] : query_)
    if (const auto got = query.get(name); got != value)
      all.push_back({"query." + name, value, got ? Json(*got) : Json(nullptr)});
  if (!body_) return all;
  const std::optional<Json> body = parse_json(request.body);
  add_json_differences("body", *body_, body ? &*body : nullptr, all);
  return all;
}

}  // namespace sluice
