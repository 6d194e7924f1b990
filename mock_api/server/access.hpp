// Who may ask what, before the service is asked: pages of other origins (CORS) and the admin API's
// token.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "http/message.hpp"

namespace sluice {

/// Threads: any.
class Access {
 public:
  /// `origins`: whose pages may read answers, `*` for all; of the admin API only those that are
  /// named. `admin_token`: "" for none.
  Access(std::vector<std::string> origins, std::string admin_token);

  /// The answer to a preflight request, or the refusal of one for the admin API without its token;
  /// none: the request is to be answered. O(bytes of its headers).
  std::optional<HttpReply> answer(const HttpRequest& request) const;

  /// Header lines, each with its line break, for the answer to this request; "" for none. As long
  /// valid as this object.
  std::string_view headers(const HttpRequest& request) const;

  /// "", or why `origin` is none that a browser sends.
  static std::string mistake_in(std::string_view origin);

 private:
  struct Origin {
    std::string name;   ///< `*`: all
    std::string lines;  ///< of answers to its pages
  };

  /// None: its pages may not read the answer to this request.
  const Origin* origin_of(const HttpRequest& request) const;
  HttpReply preflight(const HttpRequest& request) const;
  bool has_token(const HttpRequest& request) const;

  std::vector<Origin> origins_;
  std::string admin_token_;
};

}  // namespace sluice
