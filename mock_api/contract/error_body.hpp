// The bodies of error replies: `{statusCode, error[, code], message}`.
#pragma once

#include <string>
#include <string_view>

#include "base/text/json.hpp"
#include "http/message.hpp"

namespace sluice {

HttpReply json_reply(unsigned status, const Json& body);
HttpReply json_reply(unsigned status, std::string text);

/// `{"statusCode":…,"message":…,"error":…}` with the status' reason phrase.
HttpReply error_reply(unsigned status, std::string_view message);
/// With a machine-readable `code`; members of `extra` are added at the end.
HttpReply coded_error_reply(unsigned status, std::string_view code, std::string_view message,
                            const Json& extra = {});

HttpReply unauthenticated_reply();                                      ///< 401 UNAUTHENTICATED
HttpReply not_found_reply(std::string_view what, std::string_view id);  ///< 404 "Run x not found"
HttpReply bad_request_reply(std::string_view message);                  ///< 400 VALIDATION_FAILED

}  // namespace sluice
