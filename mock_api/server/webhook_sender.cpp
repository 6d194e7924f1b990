#include "mock_api/server/webhook_sender.hpp"

#include <algorithm>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <deque>
#include <map>
#include <set>
#include <thread>
#include <utility>
#include <vector>

#include "mock_api/server/webhook_connection.hpp"

namespace sluice {
namespace {

bool is_clean(const std::string& text) { return text.find_first_of("\r\n") == std::string::npos; }

std::string to_request(const WebhookUrl& url, const WebhookPost& post) {
  std::string text =
      "POST " + url.target + " HTTP/1.1\r\nHost: " + url.authority() +
      "\r\nUser-Agent: sluice\r\nContent-Length: " + std::to_string(post.body.size()) + "\r\n";
  for (const auto& [name, value] : post.headers)
    if (is_clean(name) && is_clean(value)) text += name + ": " + value + "\r\n";
  return text + "\r\n" + post.body;
}

}  // namespace

/// Everything that happens in the sender's thread.
class WebhookSender::Pool {
 public:
  explicit Pool(const WebhookSenderSettings& settings)
      : settings_(settings), tls_(TlsContext::client(settings.ca_file, settings.verify)) {}

  void serve(Done done) {
    done_ = std::move(done);
    thread_ = std::thread([this] { context_.run(); });
  }

  void stop() {
    if (!thread_.joinable()) return;
    context_.stop();
    thread_.join();
    // Connections do not outlive the context.
    for (auto& [key, host] : hosts_) host.idle.clear();
  }

  void post(WebhookPost post) {
    const WallTime now = std::chrono::steady_clock::now();
    const auto timeout = std::chrono::nanoseconds(
        static_cast<std::int64_t>(static_cast<double>(post.timeout.ns) / settings_.time_scale));
    auto job = std::make_shared<Job>();
    job->deadline = now + std::max<WallDuration>(timeout, settings_.min_timeout);
    job->begin = now;
    job->post = std::move(post);
    const bool too_many = ++unanswered_ > static_cast<std::int64_t>(settings_.max_unanswered);
    boost::asio::post(context_, [this, job = std::move(job), too_many] {
      if (too_many) return fail(*job, "too many webhooks are under way");
      begin(job);
    });
  }

  std::int64_t unanswered() const { return unanswered_; }

 private:
  struct Job {
    WebhookPost post;
    WebhookUrl url;
    WallTime begin, deadline;
    bool again = false;
  };
  using Jobs = std::deque<std::shared_ptr<Job>>;
  struct Host {
    unsigned open = 0;
    std::vector<std::shared_ptr<WebhookConnection>> idle;  // the last used last
    Jobs waiting;
  };

  void begin(const std::shared_ptr<Job>& job) {
    std::optional<WebhookUrl> url = parse_webhook_url(job->post.url);
    if (!url) return fail(*job, "the URL is not http:// or https://");
    job->url = *std::move(url);
    Host& host = hosts_[(job->url.tls ? "s" : "") + job->url.authority()];
    host.waiting.push_back(job);
    start_waiting(host);
  }

  void start_waiting(Host& host) {
    while (!host.waiting.empty()) {
      if (host.waiting.front()->deadline <= std::chrono::steady_clock::now()) {
        fail(*host.waiting.front(), "timed out waiting for a connection");
        host.waiting.pop_front();
        continue;
      }
      std::shared_ptr<WebhookConnection> connection = free_connection(host, *host.waiting.front());
      if (!connection) return;
      const std::shared_ptr<Job> job = std::move(host.waiting.front());
      host.waiting.pop_front();
      send(host, job, connection);
    }
  }

  std::shared_ptr<WebhookConnection> free_connection(Host& host, const Job& job) {
    if (!host.idle.empty() && !job.again) {
      auto connection = std::move(host.idle.back());
      host.idle.pop_back();
      return connection;
    }
    if (host.open >= settings_.connections_per_host) return nullptr;
    ++host.open;
    return std::make_shared<WebhookConnection>(context_, job.url.tls ? &tls_ : nullptr);
  }

  void send(Host& host, const std::shared_ptr<Job>& job,
            const std::shared_ptr<WebhookConnection>& connection) {
    // Not shared: the connection holds this, and what it waits for holds the connection.
    const auto ended = [this, &host, job, connection = std::weak_ptr(connection)](
                           WebhookConnection::Outcome outcome) {
      done(host, job, connection.lock(), std::move(outcome));
    };
    connection->exchange(job->url, to_request(job->url, job->post), job->deadline, ended);
  }

  void done(Host& host, const std::shared_ptr<Job>& job,
            const std::shared_ptr<WebhookConnection>& connection,
            WebhookConnection::Outcome outcome) {
    if (outcome.usable) {
      keep(host, connection);
    } else {
      connection->close();
      --host.open;
    }
    if (outcome.stale && !job->again) {
      job->again = true;
      host.waiting.push_front(job);
    } else {
      report(*job, std::move(outcome.result));
    }
    // Not from within the connection that has just ended.
    boost::asio::post(context_, [this, &host] { start_waiting(host); });
  }

  void keep(Host& host, const std::shared_ptr<WebhookConnection>& connection) {
    host.idle.push_back(connection);
    connection->keep(std::chrono::steady_clock::now() + settings_.idle_time,
                     [this, &host, connection = connection.get()] {
                       std::erase_if(host.idle,
                                     [&](const auto& kept) { return kept.get() == connection; });
                       --host.open;
                       start_waiting(host);
                     });
  }

  void fail(const Job& job, const char* why) {
    WebhookResult result;
    result.error = why;
    report(job, std::move(result));
  }

  void report(const Job& job, WebhookResult result) {
    const std::chrono::nanoseconds took = std::chrono::steady_clock::now() - job.begin;
    result.took = Duration{took.count()};
    done_(job.post.id, result);
    --unanswered_;
  }

  const WebhookSenderSettings settings_;
  const TlsContext tls_;
  Done done_;
  std::atomic<std::int64_t> unanswered_{0};
  std::map<std::string, Host> hosts_;  // outlives what the context holds
  boost::asio::io_context context_{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_{
      context_.get_executor()};
  std::thread thread_;
};

WebhookSender::WebhookSender(const WebhookSenderSettings& settings)
    : pool_(std::make_unique<Pool>(settings)) {}
WebhookSender::~WebhookSender() { stop(); }
void WebhookSender::post(WebhookPost post) { pool_->post(std::move(post)); }
void WebhookSender::serve(Done done) { pool_->serve(std::move(done)); }
std::int64_t WebhookSender::unanswered() const { return pool_->unanswered(); }
void WebhookSender::stop() { pool_->stop(); }

}  // namespace sluice
