#include "mock_api/contract/error_body.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace sluice {

std::string_view reason_phrase(unsigned status) {
  using Phrase = std::pair<unsigned, std::string_view>;
  static constexpr std::array<Phrase, 28> kPhrases{{
      {200, "OK"},
      {201, "Created"},
      {202, "Accepted"},
      {204, "No Content"},
      {400, "Bad Request"},
      {401, "Unauthorized"},
      {402, "Payment Required"},
      {403, "Forbidden"},
      {404, "Not Found"},
      {405, "Method Not Allowed"},
      {406, "Not Acceptable"},
      {408, "Request Timeout"},
      {409, "Conflict"},
      {410, "Gone"},
      {411, "Length Required"},
      {413, "Payload Too Large"},
      {414, "URI Too Long"},
      {415, "Unsupported Media Type"},
      {417, "Expectation Failed"},
      {422, "Unprocessable Entity"},
      {429, "Too Many Requests"},
      {431, "Request Header Fields Too Large"},
      {500, "Internal Server Error"},
      {501, "Not Implemented"},
      {502, "Bad Gateway"},
      {503, "Service Unavailable"},
      {504, "Gateway Timeout"},
      {505, "HTTP Version Not Supported"},
  }};
  const auto* found =
      std::find_if(kPhrases.begin(), kPhrases.end(),
                   [status](const Phrase& phrase) { return phrase.first == status; });
  return found == kPhrases.end() ? "Error" : found->second;
}

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
