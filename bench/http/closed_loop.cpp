// How fast the load generator's client can be: CONNECTIONS at a time ask for the same over and
// over, each as soon as it was answered, in one thread; every latency is recorded.
//   sluice_closed_loop URL CONNECTIONS SECONDS
// Prints requests/s, 50th and 99th percentile of the latency in milliseconds, processor time per
// request in microseconds (user, kernel), and failures.
#include <sys/resource.h>

#include <algorithm>
#include <boost/asio/steady_timer.hpp>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include "http/client/client.hpp"

namespace {

using namespace sluice;

double microseconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) * 1e6 + static_cast<double>(time.tv_usec);
}

class ClosedLoop {
 public:
  ClosedLoop(const Target& target, unsigned connections)
      : client_(context_, settings(target, connections)),
        timer_(context_),
        request_("GET " + (target.prefix.empty() ? "/" : target.prefix) +
                 " HTTP/1.1\r\nHost: " + target.authority() + "\r\n\r\n") {
    latencies_.reserve(1 << 22);
    for (unsigned i = 0; i < connections; ++i) ask();
  }

  void run(double seconds) {
    timer_.expires_after(std::chrono::nanoseconds(static_cast<std::int64_t>(seconds * 1e9)));
    timer_.async_wait([this](const auto&) { client_.stop(); });
    const auto begin = std::chrono::steady_clock::now();
    context_.run();
    took_s_ = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  }

  void print() {
    rusage usage;
    ::getrusage(RUSAGE_SELF, &usage);
    const auto count = static_cast<double>(std::max<std::size_t>(1, latencies_.size()));
    std::printf("%.0f %.3f %.3f %.2f %.2f %llu\n", count / took_s_, quantile_ms(0.5),
                quantile_ms(0.99), microseconds(usage.ru_utime) / count,
                microseconds(usage.ru_stime) / count, static_cast<unsigned long long>(failures_));
  }

 private:
  static HttpClientSettings settings(const Target& target, unsigned connections) {
    HttpClientSettings settings;
    settings.target = target;
    settings.max_connections = connections;
    if (target.tls) settings.tls = TlsContext::client("", false);
    return settings;
  }

  void ask() {
    client_.send(request_, [this](const ExchangeResult& result) {
      if (result.status == 200) {
        latencies_.push_back(static_cast<std::uint32_t>((result.answered - result.sent).count()));
      } else {
        ++failures_;
      }
      ask();
    });
  }

  double quantile_ms(double share) {
    if (latencies_.empty()) return 0;
    const auto at = latencies_.begin() +
                    static_cast<std::ptrdiff_t>(share * static_cast<double>(latencies_.size() - 1));
    std::nth_element(latencies_.begin(), at, latencies_.end());
    return *at / 1e6;
  }

  boost::asio::io_context context_{1};
  HttpClient client_;
  boost::asio::steady_timer timer_;
  const std::string request_;
  std::vector<std::uint32_t> latencies_;  // nanoseconds
  std::uint64_t failures_ = 0;
  double took_s_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
  const auto target = argc > 3 ? sluice::parse_target(argv[1]) : std::nullopt;
  if (!target) {
    std::fprintf(stderr, "sluice_closed_loop URL CONNECTIONS SECONDS\n");
    return 2;
  }
  ClosedLoop loop(*target, static_cast<unsigned>(std::atoi(argv[2])));
  loop.run(std::atof(argv[3]));
  loop.print();
  return 0;
}
