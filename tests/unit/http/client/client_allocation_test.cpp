// A generator that allocates per request is slower than it must be, and late when the allocator is.
#include <gmock/gmock.h>

#include <cstdlib>
#include <new>

#include "tests/unit/http/client/client_under_test.hpp"
#include "tests/unit/http/scripted_server.hpp"

namespace {

thread_local std::uint64_t allocations = 0;  // of this thread; the server has one of its own

}  // namespace

// Not inlined, or g++ takes free() for a mistake.
[[gnu::noinline]] void* operator new(std::size_t size) {
  ++allocations;
  if (void* const memory = std::malloc(size)) return memory;
  throw std::bad_alloc();
}
[[gnu::noinline]] void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  ++allocations;
  return std::malloc(size);
}
[[gnu::noinline]] void operator delete(void* memory) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

namespace sluice::test {
namespace {

/// Closed loop: each answer is followed by the next of `requests`.
class Loop {
 public:
  Loop(HttpClient& client, std::size_t count, const std::string& request)
      : client_(client), requests_(count, request) {}

  void ask() {
    if (begun_ == requests_.size()) return;
    client_.send(std::move(requests_[begun_++]), [this](const ExchangeResult& result) {
      if (result.status == 200) ++answered;
      ask();
    });
  }
  std::size_t answered = 0;

 private:
  HttpClient& client_;
  std::vector<std::string> requests_;
  std::size_t begun_ = 0;
};

/// Allocations for 500 requests, after as many to get warm, with `connections` at a time.
std::uint64_t allocations_for(const std::string& answer_to_all, unsigned connections) {
  ScriptedServer server([&](const ScriptedRequest&) -> Steps { return {{{}, answer_to_all}}; });
  boost::asio::io_context context{1};
  HttpClientSettings settings = settings_for(server.url());
  settings.max_connections = connections;
  HttpClient client(context, settings);
  std::uint64_t begin = 0;
  for (int round = 0; round < 2; ++round) {
    Loop loop(client, 500, ClientUnderTest::get_request("/a-path-that-does-not-fit-into-a-string"));
    const std::function<bool()> is_over = [&] { return loop.answered == 500; };
    begin = allocations;
    for (unsigned i = 0; i < 2 * connections; ++i) loop.ask();
    EXPECT_TRUE(run_until(context, is_over));
  }
  return allocations - begin;
}

TEST(HttpClientAllocations, AreNoneOnceItIsWarm) {
  EXPECT_EQ(allocations_for(answer_bytes(200, "hello"), 1), 0u);
  EXPECT_EQ(allocations_for(answer_bytes(200, "hello"), 16), 0u);
  EXPECT_EQ(allocations_for(answer_bytes(200, std::string(20'000, 'x')), 4), 0u);
  EXPECT_EQ(allocations_for("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                            "20\r\n0123456789abcdef0123456789abcdef\r\n0\r\n\r\n",
                            4),
            0u);
}

TEST(HttpClientAllocations, AreCounted) {
  const std::uint64_t begin = allocations;
  ::operator delete(::operator new(1000));
  EXPECT_EQ(allocations - begin, 1u);
}

}  // namespace
}  // namespace sluice::test
