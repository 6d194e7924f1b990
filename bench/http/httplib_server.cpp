// A yardstick: the least that answers POST /run with cpp-httplib.
//   sluice_httplib_server THREADS   prints its port on standard output.
#include <httplib.h>

#include <cstdio>
#include <cstdlib>

int main(int, char** argv) {
  httplib::Server server;
  const auto threads = static_cast<std::size_t>(std::atoi(argv[1] == nullptr ? "8" : argv[1]));
  server.new_task_queue = [threads] { return new httplib::ThreadPool(threads); };
  server.set_tcp_nodelay(true);
  server.set_keep_alive_max_count(1'000'000'000);
  server.Post("/run", [](const httplib::Request&, httplib::Response& reply) {
    reply.status = 201;
    reply.set_content(R"({"session_id":"00000000-0000-4000-8000-000000000000"})",
                      "application/json");
  });
  const int port = server.bind_to_any_port("127.0.0.1");
  std::printf("%d\n", port);
  std::fflush(stdout);
  server.listen_after_bind();
  return 0;
}
