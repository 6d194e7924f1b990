// Opens many event streams on a server, holds them, and says what that costs:
//   sluice_sse_holder PORT PID [STREAMS [SECONDS]]
// prints how long opening took and the resident memory of process PID, before, with the streams,
// and after holding them for a while.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;

double resident_mib(const std::string& pid) {
  std::ifstream file("/proc/" + pid + "/statm");
  long total = 0, resident = 0;
  file >> total >> resident;
  return static_cast<double>(resident * ::sysconf(_SC_PAGESIZE)) / (1 << 20);
}

double seconds_since(Clock::time_point begin) {
  return std::chrono::duration<double>(Clock::now() - begin).count();
}

/// -1 if the server does not take it.
int open_stream(int port, int number) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const int descriptor = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const std::string request = "GET /run/clients/held-" + std::to_string(number) +
                              "/events HTTP/1.1\r\nHost: localhost\r\ncc-key: sk_acme\r\n"
                              "Accept: text/event-stream\r\n\r\n";
  const bool sent =
      ::connect(descriptor, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0 &&
      ::send(descriptor, request.data(), request.size(), MSG_NOSIGNAL) > 0;
  return sent ? descriptor : -1;
}

bool has_begun(int descriptor) {
  pollfd poll{descriptor, POLLIN, 0};
  std::array<char, 1024> block;
  if (::poll(&poll, 1, 5000) != 1) return false;
  const ssize_t size = ::recv(descriptor, block.data(), block.size(), 0);
  return size > 12 && std::string(block.data(), 12) == "HTTP/1.1 200";
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3)
    return std::fputs("usage: sluice_sse_holder PORT PID [STREAMS [SECONDS]]\n", stderr), 2;
  const int port = std::atoi(argv[1]);
  const std::string pid = argv[2];
  const int count = argc > 3 ? std::atoi(argv[3]) : 10'000;
  const int hold = argc > 4 ? std::atoi(argv[4]) : 5;
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);

  const double before = resident_mib(pid);
  const auto begin = Clock::now();
  std::vector<int> streams;
  for (int i = 0; i < count; ++i) streams.push_back(open_stream(port, i));
  int begun = 0;
  for (const int stream : streams) begun += stream >= 0 && has_begun(stream);
  const double took = seconds_since(begin);
  const double opened = resident_mib(pid);
  std::this_thread::sleep_for(std::chrono::seconds(hold));
  std::printf(
      "%d of %d streams in %.2f s; server resident %.1f MiB before, %.1f with them, "
      "%.1f after %d s\n",
      begun, count, took, before, opened, resident_mib(pid), hold);
  return begun == count ? 0 : 1;
}
