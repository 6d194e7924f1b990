#include "load/ask.hpp"

#include <boost/asio/io_context.hpp>
#include <utility>

namespace sluice {

AskedAnswer ask(const HttpClientSettings& settings, std::string request) {
  boost::asio::io_context context(1);
  HttpClient client(context, settings);
  AskedAnswer answer;
  client.send(std::move(request), [&](const ExchangeResult& result) {
    answer = {result.status, std::string(result.body), std::string(result.failure)};
    context.stop();
  });
  context.run();
  return answer;
}

}  // namespace sluice
