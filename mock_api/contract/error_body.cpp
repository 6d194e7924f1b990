#include "mock_api/contract/error_body.hpp"

#include <utility>

#include "http/reason_phrase.hpp"

namespace sluice {

HttpReply json_reply(unsigned status, std::string text) {
  HttpReply reply;
  reply.status = status;
  reply.body = std::move(text);
  return reply;
}

HttpReply json_reply(unsigned status, const Json& body) { return json_reply(status, dump(body)); }

HttpReply error_reply(unsigned status, std::string_view message) {
  return json_reply(
      status, Json{{"statusCode", status}, {"message", message}, {"error", reason_phrase(status)}});
}

HttpReply coded_error_reply(unsigned status, std::string_view code, std::string_view message,
                            const Json& extra) {
  Json body{{"statusCode", status},
            {"error", reason_phrase(status)},
            {"code", code},
            {"message", message}};
  if (extra.is_object()) body.update(extra);
  return json_reply(status, body);
}

HttpReply unauthenticated_reply() {
  return coded_error_reply(401, "UNAUTHENTICATED", "Unauthorized");
}

HttpReply not_found_reply(std::string_view what, std::string_view id) {
  return error_reply(404, std::string(what) + " " + std::string(id) + " not found");
}

HttpReply bad_request_reply(std::string_view message) {
  return coded_error_reply(400, "VALIDATION_FAILED", message);
}

}  // namespace sluice
