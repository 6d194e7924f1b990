#include "mock_api/server/webhook_sender.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <map>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "base/text/http_url.hpp"
#include "http/query_string.hpp"
#include "mock_api/server/webhook_connection.hpp"

namespace sluice {
namespace {

bool is_clean(const std::string& text) { return text.find_first_of("\r\n") == std::string::npos; }

/// What the user and password of a URL become (RFC 7617).
std::string basic_credentials(std::string_view user_info) {
  std::string plain = percent_decode(user_info);
  if (user_info.find(':') == std::string_view::npos) plain += ':';
  std::string encoded(4 * ((plain.size() + 2) / 3) + 1, '\0');  // and the end that OpenSSL writes
  const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(encoded.data()),
                                   reinterpret_cast<const unsigned char*>(plain.data()),
                                   static_cast<int>(plain.size()));
  encoded.resize(static_cast<std::size_t>(size));
  return "Basic " + encoded;
}

std::string to_request(const HttpUrl& url, const WebhookPost& post) {
  std::string text =
      "POST " + url.target + " HTTP/1.1\r\nHost: " + url.authority() +
      "\r\nUser-Agent: sluice\r\nContent-Length: " + std::to_string(post.body.size()) + "\r\n";
  if (!url.user_info.empty()) text += "Authorization: " + basic_credentials(url.user_info) + "\r\n";
  for (const auto& [name, value] : post.headers)
    if (is_clean(name) && is_clean(value))
      text.append(name).append(": ").append(value).append("\r\n");
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
    idle_.clear();
  }

  void post(WebhookPost post) {
    const SteadyTime now = std::chrono::steady_clock::now();
    const auto timeout = std::chrono::nanoseconds(
        static_cast<std::int64_t>(static_cast<double>(post.timeout.ns) / settings_.time_scale));
    auto job = std::make_shared<Job>();
    job->deadline = now + std::max<SteadyDuration>(timeout, settings_.min_timeout);
    job->begin = now;
    job->post = std::move(post);
    ++unanswered_;
    boost::asio::post(context_, [this, job = std::move(job)] { begin(job); });
  }

  std::int64_t unanswered() const { return unanswered_; }

 private:
  struct Job {
    WebhookPost post;
    std::string origin;  // of its URL
    SteadyTime begin, deadline;
  };
  using Connections = std::vector<std::shared_ptr<WebhookConnection>>;

  void begin(const std::shared_ptr<Job>& job) {
    const Parsed<HttpUrl> url = parse_http_url(job->post.url);
    if (!url) return fail(*job, "no URL to post to: " + url.error.message);
    job->origin = url->origin();
    std::shared_ptr<WebhookConnection> connection = kept_connection(job->origin);
    if (!connection)
      connection = std::make_shared<WebhookConnection>(context_, url->tls ? &tls_ : nullptr);
    // Not shared: the connection holds this, and what it waits for holds the connection.
    const auto ended =
        [this, job, connection = std::weak_ptr(connection)](WebhookConnection::Outcome outcome) {
          done(*job, connection.lock(), std::move(outcome));
        };
    connection->exchange(*url, to_request(*url, job->post), job->deadline, ended);
  }

  /// One that is still open; none if there is none.
  std::shared_ptr<WebhookConnection> kept_connection(const std::string& origin) {
    const auto kept = idle_.find(origin);
    if (kept == idle_.end()) return nullptr;
    std::shared_ptr<WebhookConnection> open;
    while (!open && !kept->second.empty()) {
      auto connection = std::move(kept->second.back());
      kept->second.pop_back();
      connection->is_quiet() ? open.swap(connection) : connection->close();
    }
    if (kept->second.empty()) idle_.erase(kept);
    return open;
  }

  void done(const Job& job, const std::shared_ptr<WebhookConnection>& connection,
            WebhookConnection::Outcome outcome) {
    if (outcome.usable) {
      keep(job.origin, connection);
    } else {
      connection->close();
    }
    report(job, std::move(outcome.result));
  }

  void keep(const std::string& origin, const std::shared_ptr<WebhookConnection>& connection) {
    idle_[origin].push_back(connection);
    connection->keep(std::chrono::steady_clock::now() + settings_.idle_time,
                     [this, origin, connection = connection.get()] {
                       const auto kept = idle_.find(origin);
                       std::erase_if(kept->second,
                                     [&](const auto& each) { return each.get() == connection; });
                       if (kept->second.empty()) idle_.erase(kept);
                     });
  }

  void fail(const Job& job, std::string why) {
    WebhookResult result;
    result.error = std::move(why);
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
  std::map<std::string, Connections> idle_;  // by origin, the last used last; outlives the context
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
