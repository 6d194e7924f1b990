// Expected texts were made with JSON.stringify(JSON.parse(text)) in a JavaScript engine.
#include "mock_api/contract/stringify.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "base/random/random.hpp"

namespace sluice {
namespace {

TEST(StringifyTest, SpacesGoAndNonAsciiStays) {
  EXPECT_EQ(restringify("{ \"a\" : [ 1 , \"\\u00e9\\u20ac\" ] }"), "{\"a\":[1,\"é€\"]}");
}

TEST(StringifyTest, NumbersAreDoublesInTheirShortestForm) {
  EXPECT_EQ(restringify("[1.0,1e2,1.10,-0,-0.0,0.1,1E-7,0.000001,123456789012345680000]"),
            "[1,100,1.1,0,0,0.1,1e-7,0.000001,123456789012345680000]");
  EXPECT_EQ(restringify("[12345678901234567890,1e21,1.5e300,5e-324,-2.50]"),
            "[12345678901234567000,1e+21,1.5e+300,5e-324,-2.5]");
  EXPECT_EQ(restringify("[9007199254740993,0.00001234,123.456e3]"),
            "[9007199254740992,0.00001234,123456]");
}

TEST(StringifyTest, KeysThatAreArrayIndicesComeFirst) {
  EXPECT_EQ(restringify(R"({"b":1,"10":2,"9":3,"01":4,"-1":5,"4294967295":6,"a":7})"),
            R"({"9":3,"10":2,"b":1,"01":4,"-1":5,"4294967295":6,"a":7})");
}

TEST(StringifyTest, OfEqualKeysTheLastValueAtTheFirstPlace) {
  EXPECT_EQ(restringify(R"({"a":1,"b":2,"a":3})"), R"({"a":3,"b":2})");
}

TEST(StringifyTest, ControlCharactersAreEscapedTheShortWay) {
  EXPECT_EQ(restringify(R"("\u0008\u000c\n\r\t\u0001\/\"\\")"), R"("\b\f\n\r\t\u0001/\"\\")");
  EXPECT_EQ(restringify("\"\x7f\""), "\"\x7f\"");
}

TEST(StringifyTest, WhatIsNoJsonIsNull) {
  EXPECT_EQ(restringify("{"), "null");
  EXPECT_EQ(restringify(""), "null");
}

TEST(StringifyTest, NumbersReadBackAsThemselves) {
  Stream random(1);
  for (int i = 0; i < 20'000; ++i) {
    const auto value = std::bit_cast<double>(random.bits());
    if (!std::isfinite(value)) continue;
    const std::string text = stringify_number(value);
    EXPECT_EQ(Json::parse(text).get<double>(), value) << text;
    EXPECT_EQ(restringify(text), text);
  }
}

TEST(StringifyTest, AnObjectIsWrittenMemberByMember) {
  EXPECT_EQ(JsonObjectText()
                .text("t", "a\"b")
                .text_or_null("n", "")
                .number("i", -3)
                .flag("f", true)
                .raw("r", "[1]")
                .take(),
            R"({"t":"a\"b","n":null,"i":-3,"f":true,"r":[1]})");
  EXPECT_EQ(JsonObjectText().take(), "{}");
}

}  // namespace
}  // namespace sluice
