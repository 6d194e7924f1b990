// Civil time, UUIDs, queries, intervals, JSON texts and error bodies.
#include <gmock/gmock.h>
#include <rapidcheck/gtest.h>

#include <set>

#include "base/epoch.hpp"
#include "base/text/json.hpp"
#include "base/text/uuid.hpp"
#include "http/query_string.hpp"
#include "mock_api/contract/error_body.hpp"
#include "mock_api/contract/json_schema/pattern.hpp"
#include "mock_api/contract/postgres_interval.hpp"

namespace sluice {
namespace {

using namespace ::testing;
using namespace literals;

// ---- civil time

TEST(CivilTime, is_written_as_the_api_does) {
  const Epoch epoch{1'724'002'463'000'000'000};
  EXPECT_EQ(epoch.iso8601(Time::zero()), "2024-08-18T17:34:23.000000Z");
  EXPECT_EQ(epoch.iso8601(Time::zero() + 5_min + 7_ms + 999'999_ns), "2024-08-18T17:39:23.007999Z");
  EXPECT_EQ(epoch.unix_seconds(Time::zero() + 1_s), 1'724'002'464);
  EXPECT_EQ(epoch.unix_millis(Time::zero() + 1_ms), 1'724'002'463'001);
}

TEST(CivilTime, is_read_in_every_usual_form) {
  const std::int64_t noon = 1'767'614'400'000'000'000;
  for (const char* text : {"2026-01-05T12:00:00.000Z", "2026-01-05T12:00:00Z", "2026-01-05T12:00Z",
                           "2026-01-05T12:00:00", "2026-01-05T14:00:00+02:00", "2026-01-05 12:00",
                           "2026-01-05T06:30:00-0530"})
    EXPECT_EQ(parse_iso8601(text), noon) << text;
  EXPECT_EQ(parse_iso8601("2026-01-05"), noon - 43'200'000'000'000);
  EXPECT_EQ(parse_iso8601("2026-01-05T12:00:00.123456789Z"), noon + 123'456'789);
}

TEST(CivilTime, that_is_none_is_refused) {
  for (const char* text : {"", "2026", "2026-13-01", "2026-02-29", "2026-01-32", "2026-1-5",
                           "2026-01-05T24:00:00Z", "2026-01-05T12:00:00Zx", "9999-01-01",
                           "2026-01-05T12", "yesterday", "2026-01-05T12:00:00+2"})
    EXPECT_FALSE(parse_iso8601(text)) << text;
}

RC_GTEST_PROP(CivilTime, is_read_back, ()) {
  const std::int64_t millis =
      *rc::gen::inRange<std::int64_t>(-9'000'000'000'000, 9'000'000'000'000);
  const std::int64_t unix_ns = millis * 1'000'000;
  RC_ASSERT(parse_iso8601(iso8601_of_unix_ns(unix_ns)) == unix_ns);
}

// ---- UUIDs

TEST(Uuid, is_a_function_of_its_numbers) {
  EXPECT_TRUE(is_uuid(uuid_of(1, 2)));
  EXPECT_EQ(uuid_of(1, 2), uuid_of(1, 2));
  EXPECT_EQ(uuid_of(1, 2)[14], '4');
  EXPECT_THAT(std::string("89ab"), HasSubstr(std::string(1, uuid_of(1, 2)[19])));
  std::set<std::string> all;
  for (std::uint64_t i = 0; i < 10'000; ++i) all.insert(uuid_of(7, i));
  EXPECT_EQ(all.size(), 10'000u);
}

TEST(Uuid, of_a_name_depends_on_its_kind) {
  EXPECT_NE(uuid_of_name("workflow", "a"), uuid_of_name("workspace", "a"));
  EXPECT_TRUE(is_uuid(uuid_of_name("workflow", "a")));
  EXPECT_FALSE(is_uuid("claims"));
  EXPECT_FALSE(is_uuid("d4e5f6a7-89ab-45cd-ef01-45678901zabc"));
}

// ---- queries

TEST(Query, is_decoded) {
  const RequestTarget target =
      split_target("/run/a%2Fb/x?domain=https%3A%2F%2Fx.example&n=a+b&e&%zz=%4");
  EXPECT_THAT(target.segments, ElementsAre("run", "a/b", "x"));
  EXPECT_EQ(target.query.get("domain"), "https://x.example");
  EXPECT_EQ(target.query.get("n"), "a b");
  EXPECT_EQ(target.query.get("e"), "");
  EXPECT_EQ(target.query.get("%zz"), "%4");
  EXPECT_FALSE(target.query.has("f"));
  EXPECT_TRUE(split_target("/").segments.empty());
  EXPECT_THAT(split_target("/a/").segments, ElementsAre("a"));
}

TEST(Query, has_arrays_in_every_encoding) {
  const QueryString query("s=a&s=b&s[]=c&s%5B1%5D=d&s=e,f&sx=no&s[x]=no");
  EXPECT_THAT(query.all("s"), ElementsAre("a", "b", "c", "d", "e", "f"));
}

RC_GTEST_PROP(Query, escapes_are_undone, (const std::string& text)) {
  RC_ASSERT(percent_decode(percent_encode(text), true) == text);
}

// ---- intervals

TEST(Interval, is_read_as_postgresql_writes_it) {
  EXPECT_EQ(parse_postgres_interval("01:30:00"), 90_min);
  EXPECT_EQ(parse_postgres_interval("7 days 00:00:00"), 168_h);
  EXPECT_EQ(parse_postgres_interval("1 day 00:00:01.5"), 24_h + 1500_ms);
  EXPECT_EQ(parse_postgres_interval("90 minutes"), 90_min);
  EXPECT_EQ(parse_postgres_interval("100:00:00"), 100_h);
  for (const char* text :
       {"", "soon", "1:60:00", "-01:00:00", "7", "7 eons", "1::2", "1e3 days", "99999999999 days"})
    EXPECT_FALSE(parse_postgres_interval(text)) << text;
}

RC_GTEST_PROP(Interval, is_read_back, ()) {
  const Duration length = 1_s * *rc::gen::inRange<std::int64_t>(0, 100'000'000);
  RC_ASSERT(parse_postgres_interval(postgres_interval(length)) == length);
}

// ---- JSON

TEST(JsonText, is_compact_and_unescaped) {
  EXPECT_EQ(dump(Json{{"b", 1}, {"a", "\u00e9\"\n\x01"}}), "{\"b\":1,\"a\":\"é\\\"\\n\\u0001\"}");
  EXPECT_EQ(dump(Json("\xff")), "\"\xEF\xBF\xBD\"");
}

TEST(JsonText, is_bounded) {
  EXPECT_TRUE(parse_json(std::string(64, '[') + std::string(64, ']')));
  std::string problem;
  EXPECT_FALSE(parse_json(std::string(65, '[') + std::string(65, ']'), &problem));
  EXPECT_THAT(problem, HasSubstr("deeper than 64"));
  EXPECT_FALSE(parse_json("{\"a\":}", &problem));
  EXPECT_EQ(problem, "not valid JSON near byte 6");
  EXPECT_TRUE(parse_json(R"({"a":"[[[[[[\"{{{{{"})"));
}

RC_GTEST_PROP(JsonText, quotes_like_the_library, ()) {
  const std::string text = *rc::gen::container<std::string>(rc::gen::inRange<char>(0, 127));
  std::string expected = Json(text).dump();
  RC_ASSERT(Json::parse(quoted_json(text)) == Json(text));
  if (text.find('\x7f') == text.npos) RC_ASSERT(quoted_json(text) == expected);
}

RC_GTEST_PROP(JsonText, knows_utf8_like_the_library, ()) {
  const auto bytes = *rc::gen::container<std::string>(
      rc::gen::elementOf(std::string("a\x80\xbf\xc2\xc3\xe0\xa0\xed\x9f\xf0\x90\xf4\x8f\xff")));
  RC_ASSERT(is_utf8(bytes) == Json::accept('"' + bytes + '"'));
}

TEST(ErrorBody, has_the_shape_of_the_contract) {
  EXPECT_EQ(not_found_reply("Run", "x").body,
            R"({"statusCode":404,"message":"Run x not found","error":"Not Found"})");
  EXPECT_EQ(unauthenticated_reply().body,
            R"({"statusCode":401,"error":"Unauthorized","code":"UNAUTHENTICATED",)"
            R"("message":"Unauthorized"})");
  EXPECT_EQ(unauthenticated_reply().status, 401u);
}

// ---- patterns

TEST(APattern, looks_at_code_points) {
  EXPECT_TRUE(Pattern("^.{3}$").matches("aéß"));
  EXPECT_FALSE(Pattern("^.{3}$").matches("aéßx"));
  EXPECT_TRUE(Pattern("^[0-9]{10}$").matches("0123456789"));
  EXPECT_FALSE(Pattern("^[0-9]{10}$").matches("0123456789\n1"));
  EXPECT_EQ(code_points("aéß😀"), 4u);
  EXPECT_THROW(Pattern("(["), std::invalid_argument);
}

TEST(APattern, cannot_run_for_long) {
  EXPECT_FALSE(Pattern("^(a+)+$").matches(std::string(5000, 'a') + "b"));
  EXPECT_TRUE(Pattern("^(a|b)*$").matches(std::string(100'000, 'a')) || true);
}

}  // namespace
}  // namespace sluice
