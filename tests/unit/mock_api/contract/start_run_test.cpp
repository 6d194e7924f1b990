// The body of POST /run: every key, and any bytes at all.
#include "mock_api/contract/start_run.hpp"

#include <gmock/gmock.h>
#include <rapidcheck/gtest.h>

#include "base/text/json.hpp"

namespace sluice {
namespace {

using namespace ::testing;

class ABody : public Test {
 protected:
  const StartRun& read(std::string_view body) {
    const StartRun* run = reader_.read(body);
    EXPECT_NE(run, nullptr) << reader_.problem();
    static const StartRun kNothing;
    return run != nullptr ? *run : kNothing;
  }
  std::string refused(std::string_view body) {
    return reader_.read(body) == nullptr ? reader_.problem() : "accepted";
  }
  /// A body that is good but for `more`.
  static std::string with(const std::string& more) {
    return R"({"workflow_id": "w", "run_input_variables": {}, )" + more + "}";
  }
  StartRunReader reader_;
};

TEST_F(ABody, of_the_documentation_is_read) {
  const StartRun& run = read(R"({
    "workflow_id": "d4e5f6a7-89ab-45cd-ef01-456789012abc",
    "run_input_variables": {
      "USER": ["a1b2c3d4", "b2c3d4e5"],
      "other_input": "value"
    }
  })");
  EXPECT_EQ(run.workflow_id, "d4e5f6a7-89ab-45cd-ef01-456789012abc");
  ASSERT_EQ(run.variables.size(), 2u);
  EXPECT_TRUE(run.variables[0].is_list_of_strings);
  EXPECT_THAT(run.strings_of(run.variables[0]), ElementsAre("a1b2c3d4", "b2c3d4e5"));
  EXPECT_EQ(run.find("other_input")->text, "value");
  EXPECT_EQ(run.find("nothing"), nullptr);
  EXPECT_EQ(run.priority_level, PriorityLevel::LOW);
  EXPECT_TRUE(run.notifications);
}

TEST_F(ABody, has_each_option) {
  const StartRun& run =
      read(R"({"workflow_id":"w","run_input_variables":{"n":1.5,"o":{"a":[1, {}]}},
    "dry_run":{"enabled":true,"add_to_output":{"x": 1}},
    "webhook":{"metadata":{"k":"v"},"url":"https://x.example/h","secret":"s","validity":60,
               "event_types_subscribed":["execution.start","execution.pause"]},
    "priority_level":"HIGH","encrypted_variables":["n"],"force_refresh":true,
    "capture_console_logs":true,"include_live_view":true,"client_id":"c","debug":true,
    "additional_context":{"phone":"1"},"workflow_version":3,"notifications":{"enabled":false},
    "something_new":[1,2]})");
  EXPECT_EQ(run.inputs, R"({"n":1.5,"o":{"a":[1, {}]}})");
  EXPECT_EQ(run.find("n")->kind, JsonKind::number);
  EXPECT_EQ(run.find("o")->raw, R"({"a":[1, {}]})");
  EXPECT_TRUE(run.dry_run && run.force_refresh && run.capture_console_logs);
  EXPECT_TRUE(run.include_live_view && run.debug && !run.notifications);
  EXPECT_EQ(run.add_to_output, R"({"x": 1})");
  EXPECT_EQ(run.webhook.metadata, R"({"k":"v"})");
  EXPECT_EQ(run.webhook.url, "https://x.example/h");
  EXPECT_EQ(run.webhook.secret, "s");
  EXPECT_EQ(run.webhook.validity, Duration{60'000'000'000});
  EXPECT_THAT(run.webhook.events, ElementsAre("execution.start", "execution.pause"));
  EXPECT_EQ(run.priority_level, PriorityLevel::HIGH);
  EXPECT_THAT(run.encrypted_variables, ElementsAre("n"));
  EXPECT_EQ(run.client_id, "c");
  EXPECT_EQ(run.additional_context, R"({"phone":"1"})");
  EXPECT_EQ(run.version_number, 3u);
  EXPECT_THAT(run.unknown, ElementsAre(Pair("something_new", "[1,2]")));
}

TEST_F(ABody, with_null_has_not_given_it) {
  const StartRun& run = read(with(
      R"("dry_run":null,"webhook":null,"additional_context":null,"client_id":null,
         "priority_level":null,"workflow_version":null,"unheard_of":null)"));
  EXPECT_FALSE(run.dry_run);
  EXPECT_EQ(run.webhook.url, "");
  EXPECT_EQ(run.additional_context, "");
  EXPECT_EQ(run.client_id, "");
  EXPECT_EQ(run.priority_level, PriorityLevel::LOW);
  EXPECT_TRUE(run.unknown.empty());
}

TEST_F(ABody, keeps_null_among_inputs) {
  EXPECT_EQ(read(R"({"workflow_id":"w","run_input_variables":{"a":null}})").find("a")->kind,
            JsonKind::null);
}

TEST_F(ABody, may_pin_a_version_by_its_id) {
  EXPECT_EQ(read(with(R"("workflow_version":"9f-x")")).version_id, "9f-x");
  EXPECT_EQ(read(with(R"("workflow_version":"12")")).version_number, 12u);
}

TEST_F(ABody, is_unescaped) {
  const StartRun& run = read(
      R"({"workflow_id":"w","run_input_variables":{"n\u0061me":"\ud83d\ude00\n","x":"\"\\"}})");
  EXPECT_EQ(run.find("name")->text, "\xF0\x9F\x98\x80\n");
  EXPECT_EQ(run.find("name")->raw, R"("\ud83d\ude00\n")");
  EXPECT_EQ(run.find("x")->text, "\"\\");
}

TEST_F(ABody, keeps_numbers_of_any_size) {
  const StartRun& run = read(R"({"workflow_id":"w",
    "run_input_variables":{"a":123456789012345678901234567890,"b":-0.5e-400,"c":0, "d":1E+2}})");
  EXPECT_EQ(run.find("a")->raw, "123456789012345678901234567890");
  EXPECT_EQ(run.find("a")->kind, JsonKind::integer);
  EXPECT_EQ(run.find("b")->kind, JsonKind::number);
  EXPECT_EQ(run.find("d")->kind, JsonKind::number);
}

TEST_F(ABody, with_a_webhook_that_can_never_work_is_refused) {
  const auto refused_url = [this](const std::string& url) {
    return refused(with(R"("webhook":{"secret":"s","url":")" + url + R"("})"));
  };
  EXPECT_EQ(refused_url("gopher://h/"),
            "webhook.url must be a URL address: it must begin with http:// or https://");
  EXPECT_EQ(refused_url("http://a b/"),
            "webhook.url must be a URL address: spaces and control characters must be "
            "percent-encoded");
  for (const char* port : {"http://h:80:80/", "http://[::1]:99999/", "http://h:0/"})
    EXPECT_EQ(refused_url(port),
              "webhook.url must be a URL address: the port must be a number from 1 to 65535");
  EXPECT_EQ(read(with(R"("webhook":{"secret":"s","url":"HTTP://127.0.0.1:9/x"})")).webhook.url,
            "HTTP://127.0.0.1:9/x");
}

TEST_F(ABody, that_is_wrong_is_refused_with_the_field) {
  EXPECT_EQ(refused(R"({"run_input_variables":{}})"), "workflow_id should not be empty");
  EXPECT_EQ(refused(R"({"workflow_id":"w"})"), "run_input_variables must be an object");
  EXPECT_EQ(refused(R"({"workflow_id":7,"run_input_variables":{}})"),
            "workflow_id must be a string");
  EXPECT_EQ(refused(R"({"workflow_id":"w","run_input_variables":[]})"),
            "run_input_variables must be an object");
  EXPECT_EQ(refused(with(R"("priority_level":"high")")),
            "priority_level must be one of the following values: LOW, MEDIUM, HIGH");
  EXPECT_EQ(refused(with(R"("priority_level":["HIGH"])")), "priority_level must be a string");
  EXPECT_EQ(refused(with(R"("debug":"yes")")), "debug must be a boolean value");
  EXPECT_EQ(refused(with(R"("dry_run":true)")), "dry_run must be an object");
  EXPECT_EQ(refused(with(R"("dry_run":{"enabled":1})")), "dry_run.enabled must be a boolean value");
  EXPECT_EQ(refused(with(R"("encrypted_variables":"a")")),
            "encrypted_variables must be an array of strings");
  EXPECT_EQ(refused(with(R"("encrypted_variables":[1])")),
            "each value in encrypted_variables must be a string");
  EXPECT_EQ(refused(with(R"("webhook":{"secret":"s"})")), "webhook.url should not be empty");
  EXPECT_EQ(refused(with(R"("webhook":{"url":"ftp://x"})")),
            "webhook.url must be a URL address: it must begin with http:// or https://");
  EXPECT_EQ(refused(with(R"("webhook":{"url":"http://x","validity":0})")),
            "webhook.validity must be a positive number of seconds");
  EXPECT_EQ(refused(with(R"("workflow_version":1.5)")),
            "workflow_version must be a version's number or its id");
}

TEST_F(ABody, that_is_no_json_is_refused_with_the_place) {
  EXPECT_THAT(refused(""), HasSubstr("not valid JSON"));
  EXPECT_THAT(refused("[]"), HasSubstr("must be an object"));
  EXPECT_THAT(refused("{"), HasSubstr("not valid JSON near byte 2"));
  EXPECT_THAT(refused(with(R"("a":tru)")), HasSubstr("not valid JSON"));
  // Breaks off before a value; what an earlier, longer body left behind is not taken for it.
  for (const char* text : {R"({"10")", R"({"workflow_id")", R"({"workflow_id":)", R"({"a":{"b")"})
    EXPECT_THAT(refused(text), HasSubstr("not valid JSON")) << text;
  EXPECT_THAT(refused(with(R"("a":01)")), HasSubstr("not valid JSON"));
  EXPECT_THAT(refused(with(R"("a":{"b":1.})")), HasSubstr("not valid JSON"));
  EXPECT_THAT(refused(with(R"("a":"\x")")), HasSubstr("not valid JSON"));
  EXPECT_THAT(refused(with(R"("a":1) ") + "{}"), HasSubstr("not valid JSON"));
  EXPECT_THAT(refused(with(R"("a":1)") +
                      " 2"),
              HasSubstr("not valid JSON"));
  EXPECT_EQ(refused(with("\"a\":\"\xff\"")), "the body is not UTF-8");
}

TEST_F(ABody, with_a_key_twice_is_refused) {
  EXPECT_EQ(refused(R"({"workflow_id":"w","workflow_id":"v","run_input_variables":{}})"),
            "the body has the key `workflow_id` twice");
  EXPECT_EQ(refused(R"({"workflow_id":"w","run_input_variables":{"a":1,"\u0061":2}})"),
            "run_input_variables has the key `a` twice");
}

TEST_F(ABody, is_bounded_in_depth_and_members) {
  std::string deep = "1";
  for (int i = 0; i < 100'000; ++i) deep = "[" + deep;
  EXPECT_THAT(refused(with("\"a\":" + deep)), Not("accepted"));
  deep = std::string(2000, '[') + std::string(2000, ']');
  EXPECT_THAT(refused(with("\"a\":" + deep)), HasSubstr("nested deeper than 64"));
  std::string many = R"({"workflow_id":"w","run_input_variables":{"a":1)";
  for (int i = 0; i < 5000; ++i) many += ",\"k" + std::to_string(i) + "\":1";
  EXPECT_EQ(refused(many + "}}"), "run_input_variables has too many members");
}

RC_GTEST_FIXTURE_PROP(ABody, of_any_bytes_is_survived, (const std::string& bytes)) {
  reader_.read(bytes);
}

/// What the reader accepts is JSON, and is read as nlohmann reads it; and the other way round.
RC_GTEST_FIXTURE_PROP(ABody, of_broken_json_is_judged_as_by_another_parser, ()) {
  std::string body =
      with(R"("client_id":"c","x":[1,{"y":null,"z":"\u00e9"},-0.5e3,true],"d":{}, "e":[])");
  const int changes = *rc::gen::inRange(0, 4);
  for (int i = 0; i < changes; ++i) {
    const auto at = static_cast<std::size_t>(*rc::gen::inRange(0, static_cast<int>(body.size())));
    const char c = *rc::gen::elementOf(std::string("{}[]\",:\\ 0179.e+-tfn\x80\t\n"));
    if (*rc::gen::arbitrary<bool>())
      body[at] = c;
    else
      body.insert(at, 1, c);
  }
  const Json other = Json::parse(body, nullptr, false);
  const StartRun* run = reader_.read(body);
  if (run != nullptr) {
    RC_ASSERT(other.is_object());
    RC_ASSERT(other["workflow_id"] == std::string(run->workflow_id));
  } else if (reader_.problem().find("not valid JSON") != std::string::npos) {
    RC_ASSERT(other.is_discarded());
  }
}

}  // namespace
}  // namespace sluice
