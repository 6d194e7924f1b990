// What the server costs without an API behind it: every request gets the same answer, every stream
// is silent.
//   sluice_bare_server THREADS   prints where it listens on standard error, ends at end of input.
#include <cstdio>
#include <cstdlib>
#include <iostream>

#include "mock_api/server/api_server.hpp"

namespace {

using namespace sluice;

class BareService final : public Service {
 public:
  HttpReply handle(Time, const HttpRequest& request) override {
    HttpReply reply;
    if (request.method == "GET") {
      reply.stream_of = "somebody";
      return reply;
    }
    reply.status = 201;
    reply.body = R"({"session_id":"00000000-0000-4000-8000-000000000000"})";
    return reply;
  }
  Time next_due() const override { return Time::never(); }
  void advance(Time) override {}
  std::uint64_t open_stream(Time, std::string_view, EventSink&) override { return ++streams_; }
  void close_stream(Time, std::uint64_t) override {}
  void webhook_done(Time, std::uint64_t, const WebhookResult&) override {}
  void drain(Time) override {}

 private:
  std::uint64_t streams_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
  BareService service;
  WebhookSender webhooks({});
  ServerOptions options;
  if (argc > 1) options.threads = static_cast<unsigned>(std::atoi(argv[1]));
  ApiServer server(service, webhooks, options);
  std::fprintf(stderr, "listening on %s\n", server.url().c_str());
  for (std::string line; std::getline(std::cin, line);) {
  }
  return 0;
}
