#include "http/client/ask.hpp"

#include <boost/asio/io_context.hpp>
#include <chrono>
#include <utility>

namespace sluice {

AskedAnswer ask(const HttpClientSettings& settings, std::string request,
                const std::atomic<bool>* stop) {
  boost::asio::io_context context(1);
  HttpClient client(context, settings);
  AskedAnswer answer{0, "", "stopped"};
  client.send(std::move(request), [&](const ExchangeResult& result) {
    answer = {result.status, std::string(result.body), std::string(result.failure)};
    context.stop();
  });
  while (!context.stopped() && (stop == nullptr || !*stop))
    context.run_for(std::chrono::milliseconds(50));
  return answer;
}

}  // namespace sluice
