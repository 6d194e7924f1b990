// Which requests are meant: by the journal's searches and by faults.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/text/json.hpp"
#include "http/message.hpp"
#include "http/query_string.hpp"

namespace sluice {

/// The first segment of a path, or of a pattern, which is taken off it; "" at its end.
std::string_view next_segment(std::string_view& path);

/// A path pattern: `*` stands for one segment, `**` for any rest. "/run/*/interrupt", "/vault/**".
bool path_fits(std::string_view pattern, std::string_view path);

/// Whether the header holds a key that is not shown to anybody.
bool is_secret_header(std::string_view name);

/// One thing of a request that is not as a matcher wants it.
struct RequestDifference {
  std::string field;  ///< "method", "headers.x-test", "body.run_input_variables.claim"
  Json wanted, got;   ///< `got` is null for what is not there
};

/// Everything that is given must fit.
class RequestMatcher {
 public:
  RequestMatcher() = default;
  /// `{"method", "path", "workspace", "status", "headers": {…}, "query": {…}, "body": {…}}`, all
  /// optional. None: `problem` says what is wrong.
  static std::optional<RequestMatcher> from_json(const Json& json, std::string& problem);

  /// `workspace`: the sender's name, "" for nobody's.
  bool fits(const HttpRequest& request, std::string_view workspace) const;
  /// Everything in which the request, and the status of its reply, differ from what is wanted:
  /// empty if it fits. API keys are not shown.
  std::vector<RequestDifference> differences(const HttpRequest& request, std::string_view workspace,
                                             unsigned status) const;
  /// Of the reply; only the journal knows it. True if the matcher does not care.
  bool fits_status(unsigned status) const { return !status_ || *status_ == status; }
  Json to_json() const { return json_; }

 private:
  Json json_ = Json::object();
  std::string method_, path_, workspace_;
  std::optional<unsigned> status_;
  std::vector<std::pair<std::string, std::string>> headers_, query_;
  std::optional<Json> body_;
};

}  // namespace sluice
