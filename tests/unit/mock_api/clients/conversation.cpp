#include "tests/unit/mock_api/clients/conversation.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>
#include <utility>

#include "mock_api/contract/webhook_signature.hpp"

namespace sluice::test {
namespace {

using namespace literals;

std::string replaced(std::string text, const std::map<std::string, std::string>& kept) {
  for (const auto& [name, value] : kept)
    for (std::size_t at; (at = text.find('{' + name + '}')) != std::string::npos;)
      text.replace(at, name.size() + 2, value);
  return text;
}

std::string_view cut_line(std::string_view& text) {
  const std::string_view line = text.substr(0, text.find('\n'));
  text.remove_prefix(std::min(text.size(), line.size() + 1));
  return line;
}

std::string_view trimmed(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  return text;
}

/// Views into `text`: a header with LF line ends, an empty line, the body.
HttpRequest parsed(std::string_view text) {
  HttpRequest request;
  const std::string_view first = cut_line(text);
  const std::size_t space = first.find(' '), end = first.rfind(' ');
  request.method = first.substr(0, space);
  request.target = first.substr(space + 1, end - space - 1);
  request.peer = "192.0.2.1";
  for (std::string_view line = cut_line(text); !line.empty(); line = cut_line(text)) {
    const std::size_t colon = line.find(':');
    request.headers.emplace_back(line.substr(0, colon), trimmed(line.substr(colon + 1)));
  }
  request.body = text;
  return request;
}

bool has_type(const Json& value, std::string_view type) {
  if (type == "list") return value.is_array() || value.is_null();
  if (type == "integer") return value.is_number_integer();
  return value.type_name() == type;
}

Duration duration_of(std::string_view text) {
  const auto count = static_cast<std::int64_t>(std::stoul(std::string(text)));
  return (text.ends_with('h') ? 1_h : text.ends_with('m') ? 1_min : 1_s) * count;
}

}  // namespace

/// As the strictest client reads it: lines end in LF alone, and there is one line of data.
void ClientStream::write(std::string_view frame, std::uint64_t) {
  EXPECT_EQ(frame.find('\r'), std::string_view::npos);
  const std::string_view event = cut_line(frame);
  const std::string_view data = cut_line(frame);
  EXPECT_EQ(frame, "\n") << "one line of data, one empty line";
  ASSERT_TRUE(event.starts_with("event: ") && data.starts_with("data: "));
  const Json json = Json::parse(data.substr(6));
  if (event == "event: ping") {
    EXPECT_TRUE(json["ts"].is_number());
    return;
  }
  EXPECT_EQ(event, "event: run.event");
  const Json& inner = json["data"];
  events.push_back(
      {inner["event"].get<std::string>(), inner["payload"].value("session_id", std::string())});
}

void Player::play(const std::string& file, const std::string& text) {
  std::string_view rest = text;
  for (int number = 1; !rest.empty() && !::testing::Test::HasFatalFailure(); ++number) {
    SCOPED_TRACE(file + ":" + std::to_string(number));
    play_line(cut_line(rest));
  }
}

void Player::play_line(std::string_view line) {
  if (line.starts_with(">"))
    return add_request_line(line.substr(std::min<std::size_t>(2, line.size())));
  if (!request_.empty()) send_request();
  if (line.starts_with("< ")) return expect(line.substr(2));
  if (line.starts_with("~ ")) return act(line.substr(2));
}

void Player::add_request_line(std::string_view line) {
  // The line after the empty one is the body: nothing follows it.
  const bool is_body = request_.ends_with("\n\n");
  request_.append(line);
  if (!is_body) request_ += '\n';
}

void Player::send_request() {
  const std::string text = replaced(std::exchange(request_, {}), kept_);
  const HttpRequest request = parsed(text);
  const std::string_view length = request.header("content-length");
  EXPECT_EQ(length.empty() ? 0 : std::stoul(std::string(length)), request.body.size());
  reply_ = service_.handle(now_, request);
  settle();
  if (reply_.deferred != 0)
    for (auto& [number, reply] : service_.take_deferred())
      if (number == reply_.deferred) reply_ = std::move(reply);
  body_ = Json::parse(reply_.body, nullptr, false);
  // Clients parse what says that it is JSON, an empty body included.
  const bool says_json = reply_.content_type.starts_with("application/json");
  EXPECT_TRUE(!body_.is_discarded() || !says_json || !reply_.stream_of.empty()) << reply_.body;
}

void Player::expect(std::string_view text) {
  std::istringstream words{std::string(text)};
  std::string first, second;
  words >> first >> second;
  if (!first.starts_with('/') && std::isdigit(first[0]) != 0) {
    EXPECT_EQ(reply_.status, std::stoul(first)) << reply_.body;
    if (second.empty()) second = "application/json";
    EXPECT_TRUE(reply_.content_type.starts_with(second)) << reply_.content_type;
    return;
  }
  const std::size_t space = text.find(' ');
  expect_value(text.substr(0, space), text.substr(space + 1));
}

void Player::expect_value(std::string_view pointer, std::string_view rule) {
  const Json::json_pointer at{std::string(pointer)};
  ASSERT_TRUE(body_.contains(at) || pointer.empty()) << pointer << " is missing in " << reply_.body;
  const Json& value = body_.at(at);
  if (rule.starts_with("keep ")) return keep(std::string(rule.substr(5)), value);
  if (rule.starts_with("= "))
    EXPECT_EQ(value, Json::parse(rule.substr(2))) << pointer;
  else
    EXPECT_TRUE(has_type(value, rule)) << pointer << " is " << value << ", not of type " << rule;
}

void Player::keep(const std::string& name, const Json& value) {
  std::string text = value.get<std::string>();
  if (const std::size_t scheme = text.find("://"); scheme != std::string::npos)
    text.erase(0, text.find('/', scheme + 3));
  kept_[name] = text;
}

void Player::act(std::string_view text) {
  if (text == "stream") return open_stream();
  if (text == "hang up") return service_.close_stream(now_, stream_.stream);
  if (text.starts_with("until ")) return pass_until(text.substr(6));
  if (text.starts_with("by ")) return pass_to(now_ + duration_of(text.substr(3)));
  if (text.starts_with("webhooks ")) return expect_webhook(text.substr(9));
  ADD_FAILURE() << "no such action: " << text;
}

void Player::open_stream() {
  ASSERT_EQ(reply_.status, 200U) << reply_.body;
  ASSERT_FALSE(reply_.stream_of.empty());
  stream_.stream = service_.open_stream(now_, reply_.stream_of, stream_);
}

/// Clients hear of a run only what comes after the answer to its POST: events of before are those
/// of other runs.
bool Player::has_told(std::string_view event) {
  while (told_ < stream_.events.size()) {
    const ClientStream::Event& next = stream_.events[told_++];
    if (next.name == event && next.session_id == kept_["SESSION"]) return true;
  }
  return false;
}

void Player::pass_until(std::string_view event) {
  const Time limit = now_ + 24_h;
  while (!has_told(event)) {
    ASSERT_LE(service_.next_due(), limit) << event << " never came";
    pass_to(service_.next_due());
  }
}

void Player::pass_to(Time until) {
  for (; service_.next_due() <= until; settle()) now_ = std::max(now_, service_.next_due());
  now_ = std::max(now_, until);
}

/// Lets happen what is due now, and answers every webhook that it sends.
void Player::settle() {
  do {
    service_.advance(now_);
    answer_posts();
  } while (service_.next_due() <= now_);
}

void Player::answer_posts() {
  while (!posts_.waiting.empty()) {
    posts_.answered.push_back(posts_.waiting.front());
    posts_.waiting.erase(posts_.waiting.begin());
    service_.webhook_done(now_, posts_.answered.back().id, {200, "ok", "", 1_ms});
  }
}

void Player::expect_webhook(std::string_view event) {
  std::size_t count = 0;
  for (const WebhookPost& post : posts_.answered) {
    if (Json::parse(post.body)["event"] != event) continue;
    ++count;
    const auto& header = post.headers.back();
    EXPECT_EQ(header.first, kSignatureHeader);
    EXPECT_EQ(header.second, webhook_signature("whsec_test", post.body));
  }
  EXPECT_EQ(count, 1U) << event;
}

}  // namespace sluice::test
