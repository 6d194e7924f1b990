// Plays one recorded conversation of a client against a service, and says what a client would miss.
//
// The files and their lines are explained in README.md beside this.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/text/json.hpp"
#include "mock_api/service.hpp"

namespace sluice::test {

/// The connection on which a client reads its events, line by line as the clients do.
class ClientStream : public EventSink {
 public:
  struct Event {
    std::string name;
    std::string session_id;
  };

  void write(std::string_view frame, std::uint64_t run) override;
  void end() override {}

  std::vector<Event> events;
  std::uint64_t stream = 0;
};

/// Keeps the posts until the player answers them.
class PostBox : public WebhookTransport {
 public:
  void post(WebhookPost post) override { waiting.push_back(std::move(post)); }

  std::vector<WebhookPost> waiting, answered;
};

/// One client with one service. Failures are gtest's, with file and line of the conversation.
class Player {
 public:
  Player(Service& service, PostBox& posts) : service_(service), posts_(posts) {}

  void play(const std::string& file, const std::string& text);

 private:
  void play_line(std::string_view line);
  void add_request_line(std::string_view line);
  void send_request();
  void expect(std::string_view text);
  void expect_value(std::string_view pointer, std::string_view rule);
  void keep(const std::string& name, const Json& value);
  void act(std::string_view text);
  void open_stream();
  void pass_until(std::string_view event);
  bool has_told(std::string_view event);
  void pass_to(Time until);
  void settle();
  void answer_posts();
  void expect_webhook(std::string_view event);

  Service& service_;
  PostBox& posts_;
  Time now_ = Time::zero();
  std::string request_;  // as it comes, with LF
  HttpReply reply_;
  Json body_;
  std::map<std::string, std::string> kept_;
  ClientStream stream_;
  std::size_t told_ = 0;  // events of the stream that were waited for already
};

}  // namespace sluice::test
