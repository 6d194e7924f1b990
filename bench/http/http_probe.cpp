// What wrk does not measure of a server that answers POST /run:
//   sluice_http_probe PORT connect COUNT                 COUNT connections at once, a request on
//   each sluice_http_probe PORT fair CONNECTIONS SECONDS      closed loop: how evenly they are
//   served sluice_http_probe PORT poisson RATE CONNECTIONS SECONDS
//                                   open loop; latency counts from when a request was due
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point begin) {
  return std::chrono::duration<double>(Clock::now() - begin).count();
}

/// The POST /run of wrk's script: 400 bytes of body.
std::string make_request() {
  std::string body = R"({"workflow_id":"claims","priority_level":"MEDIUM","run_input_variables":{)"
                     R"("npi_number":"1234567890","note":")";
  body.append(400 - body.size() - 3, 'x').append("\"}}");
  return "POST /run HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
         "cc-key: sk_acme\r\nContent-Length: " +
         std::to_string(body.size()) + "\r\n\r\n" + body;
}

struct Connection {
  int descriptor = -1;
  std::string in;
  Clock::time_point due;
  long answers = 0;
  bool is_waiting = false;
};

class Probe {
 public:
  explicit Probe(int port) : port_(port), epoll_(::epoll_create1(EPOLL_CLOEXEC)) {}

  void open(std::size_t count) {
    connections_.resize(count);
    for (std::size_t i = 0; i < count; ++i) {
      connections_[i].descriptor = connected();
      epoll_event event{.events = EPOLLIN, .data = {.u64 = i}};
      ::epoll_ctl(epoll_, EPOLL_CTL_ADD, connections_[i].descriptor, &event);
    }
  }
  void ask(Connection& connection, Clock::time_point due) {
    connection.due = due;
    connection.is_waiting = true;
    if (::send(connection.descriptor, request_.data(), request_.size(), MSG_NOSIGNAL) < 0) ++bad_;
  }
  /// Takes answers for at most `timeout`; calls answered(connection) for each.
  template <class F>
  void take(std::chrono::nanoseconds timeout, F answered) {
    std::array<epoll_event, 256> events;
    timespec time{timeout.count() / 1'000'000'000, timeout.count() % 1'000'000'000};
    const int count = ::epoll_pwait2(epoll_, events.data(), events.size(), &time, nullptr);
    for (int i = 0; i < count; ++i)
      if (Connection& connection = connections_[events[static_cast<std::size_t>(i)].data.u64];
          has_answer(connection))
        answered(connection);
  }

  std::vector<Connection>& connections() { return connections_; }
  long bad() const { return bad_; }

 private:
  int connected() const {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port_));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const int descriptor = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const int yes = 1;
    ::setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    if (::connect(descriptor, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
      std::perror("connect");
      std::exit(1);
    }
    return descriptor;
  }

  bool has_answer(Connection& connection) {
    std::array<char, 4096> block;
    const ssize_t size = ::recv(connection.descriptor, block.data(), block.size(), MSG_DONTWAIT);
    if (size <= 0) {
      ++bad_;
      ::epoll_ctl(epoll_, EPOLL_CTL_DEL, connection.descriptor, nullptr);
      return false;
    }
    connection.in.append(block.data(), static_cast<std::size_t>(size));
    if (!connection.in.ends_with('}')) return false;  // of the answer's JSON
    bad_ += !std::string_view(connection.in).starts_with("HTTP/1.1 201");
    connection.in.clear();
    connection.is_waiting = false;
    ++connection.answers;
    return true;
  }

  int port_;
  int epoll_;
  const std::string request_ = make_request();
  std::vector<Connection> connections_;
  long bad_ = 0;
};

int connect_at_once(Probe& probe, std::size_t count) {
  const auto begin = Clock::now();
  probe.open(count);
  for (Connection& connection : probe.connections()) probe.ask(connection, begin);
  std::size_t answered = 0;
  while (answered < count && seconds_since(begin) < 30)
    probe.take(std::chrono::milliseconds(100), [&](Connection&) { ++answered; });
  std::printf("%zu of %zu connections answered in %.3f s\n", answered, count, seconds_since(begin));
  return answered == count && probe.bad() == 0 ? 0 : 1;
}

int fair(Probe& probe, std::size_t count, double seconds) {
  probe.open(count);
  const auto begin = Clock::now();
  for (Connection& connection : probe.connections()) probe.ask(connection, begin);
  while (seconds_since(begin) < seconds)
    probe.take(std::chrono::milliseconds(100),
               [&](Connection& connection) { probe.ask(connection, begin); });
  double sum = 0, squares = 0;
  for (const Connection& connection : probe.connections()) {
    const auto answers = static_cast<double>(connection.answers);
    sum += answers;
    squares += answers * answers;
  }
  std::printf("%.0f requests/s over %zu connections, Jain's index %.4f, %ld bad\n", sum / seconds,
              count, sum * sum / (static_cast<double>(count) * squares), probe.bad());
  return probe.bad() == 0 ? 0 : 1;
}

int poisson(Probe& probe, double rate, std::size_t count, double seconds) {
  probe.open(count);
  std::mt19937_64 random(1);
  std::exponential_distribution<double> gap(rate);
  std::deque<Connection*> idle;  // each has its turn
  for (Connection& connection : probe.connections()) idle.push_back(&connection);
  std::deque<Clock::time_point> waiting;  // due, and no connection is free
  std::vector<double> latencies_ms;
  const auto begin = Clock::now();
  const auto after = [&](double s) {
    return begin + std::chrono::nanoseconds(static_cast<std::int64_t>(s * 1e9));
  };
  double next = gap(random);
  while (seconds_since(begin) < seconds) {
    for (; next <= seconds_since(begin); next += gap(random)) waiting.push_back(after(next));
    for (; !waiting.empty() && !idle.empty(); waiting.pop_front(), idle.pop_front())
      probe.ask(*idle.front(), waiting.front());
    // It spins: a core that sleeps would be measured as well.
    probe.take({}, [&](Connection& connection) {
      latencies_ms.push_back(seconds_since(connection.due) * 1e3);
      idle.push_back(&connection);
    });
  }
  if (latencies_ms.empty()) return 1;
  std::ranges::sort(latencies_ms);
  const auto quantile = [&](double q) {
    return latencies_ms[static_cast<std::size_t>(q * static_cast<double>(latencies_ms.size() - 1))];
  };
  std::printf("%.0f requests/s, p50 %.3f ms, p99 %.3f ms, %ld bad\n",
              static_cast<double>(latencies_ms.size()) / seconds, quantile(0.5), quantile(0.99),
              probe.bad());
  return probe.bad() == 0 ? 0 : 1;
}

void allow_many_connections() {
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

}  // namespace

int main(int argc, char** argv) {
  const std::string_view what = argc > 3 ? argv[2] : "";
  const auto number = [&](int i) { return argc > i ? std::atof(argv[i]) : 0; };
  const auto count = [&](int i) { return static_cast<std::size_t>(number(i)); };
  allow_many_connections();
  Probe probe(argc > 1 ? std::atoi(argv[1]) : 0);
  if (what == "connect" && argc == 4) return connect_at_once(probe, count(3));
  if (what == "fair" && argc == 5) return fair(probe, count(3), number(4));
  if (what == "poisson" && argc == 6) return poisson(probe, number(3), count(4), number(5));
  std::fputs(
      "usage: sluice_http_probe PORT connect COUNT | fair CONNECTIONS SECONDS |\n"
      "                              poisson RATE CONNECTIONS SECONDS\n",
      stderr);
  return 2;
}
