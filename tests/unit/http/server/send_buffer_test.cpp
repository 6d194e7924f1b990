#include "http/server/send_buffer.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "http/tls/tls.hpp"

namespace sluice {
namespace {

TEST(SendBuffer, WhatIsNextIsWhatHasNotLeft) {
  SendBuffer buffer;
  EXPECT_EQ(buffer.next(), "");
  buffer.text() += "first, ";
  buffer.text() += "second";
  EXPECT_EQ(buffer.next(), "first, second");
  buffer.sent(7);
  EXPECT_EQ(buffer.next(), "second");
  buffer.text() += ", third";
  EXPECT_EQ(buffer.next(), "second, third");
  EXPECT_FALSE(buffer.empty());
  buffer.sent(13);
  EXPECT_EQ(buffer.next(), "");
  EXPECT_TRUE(buffer.empty());
}

TEST(SendBuffer, OfPlainTextItIsKnownHowMuchHasLeft) {
  SendBuffer buffer;
  buffer.text() = "0123456789";
  buffer.sent(4);
  EXPECT_EQ(buffer.sent_at_least(), 4u);
  EXPECT_EQ(buffer.sent_at_most(), 4u);
  buffer.sent(6);
  EXPECT_EQ(buffer.sent_at_least(), 0u) << "of a text that begins anew";
}

TEST(SendBuffer, BigTextsAreForWhoeverNeedsOneNext) {
  SendBuffer first, second;
  std::string spare;
  first.text().assign(5000, 'x');
  const void* const memory = first.text().data();
  first.sent(5000);
  first.give_back(spare);
  EXPECT_LE(first.text().capacity(), 64u);
  second.borrow(spare);
  EXPECT_EQ(second.text().data(), memory);
  EXPECT_EQ(second.next(), "");

  first.text().assign(2'000'000, 'x');
  first.sent(2'000'000);
  first.give_back(spare);
  EXPECT_LE(spare.capacity(), 1u << 20) << "but not those of rare giants";
}

TEST(SendBuffer, ATextThatIsThereIsNotExchanged) {
  SendBuffer buffer;
  std::string spare;
  spare.reserve(5000);
  buffer.text() = "said";
  buffer.borrow(spare);
  EXPECT_EQ(buffer.next(), "said");
}

/// Both ends of a connection with TLS; what one sends the other receives.
class SealedSendBuffer : public ::testing::Test {
 protected:
  SealedSendBuffer() {
    buffer_.seal_with(server_);
    std::string wire, ignored;
    client_.begin(wire);
    while (!wire.empty()) {
      server_.receive(wire, ignored, buffer_.sealed());
      wire.clear();
      const std::string_view next = buffer_.next();
      client_.receive(next, ignored, wire);
      buffer_.sent(next.size());
    }
  }
  std::string received(std::string_view wire) {
    std::string plain, answer;
    client_.receive(wire, plain, answer);
    return plain;
  }

  TlsSession server_{TlsContext::server(make_self_signed()), ""};
  TlsSession client_{TlsContext::client("", false), "localhost"};
  SendBuffer buffer_;
};

TEST_F(SealedSendBuffer, WhatIsNextIsSealed) {
  buffer_.text() = "secret";
  const std::string first(buffer_.next());
  EXPECT_EQ(first.find("secret"), std::string::npos);
  EXPECT_EQ(received(first), "secret");
}

TEST_F(SealedSendBuffer, TextBehindWhatHasBegunToLeaveIsSealedBehindIt) {
  buffer_.text() = "first, ";
  std::string wire(buffer_.next().substr(0, 5));
  buffer_.sent(5);
  buffer_.text() = "second";
  wire += buffer_.next();
  EXPECT_EQ(received(wire), "first, second");
}

TEST_F(SealedSendBuffer, HowMuchTextHasLeftNobodyCanTell) {
  buffer_.text() = "secret";
  const std::string_view wire = buffer_.next();
  buffer_.sent(wire.size() - 1);
  EXPECT_EQ(buffer_.sent_at_least(), 0u);
  EXPECT_EQ(buffer_.sent_at_most(), SIZE_MAX);
  EXPECT_FALSE(buffer_.empty());
  buffer_.sent(1);
  EXPECT_TRUE(buffer_.empty());
}

}  // namespace
}  // namespace sluice
