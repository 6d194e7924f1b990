// From the bytes of one connection to its requests, one after the other.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string_view>

#include "http/parsing/chunked_decoder.hpp"
#include "http/parsing/read_buffer.hpp"
#include "http/parsing/request_parser.hpp"

namespace sluice {

/// Bytes go in as they come, in pieces of any size; next() says whether a request is whole. Holds
/// one request of at most the size of `limits`, and what has come behind it. Not thread-safe.
class RequestReader {
 public:
  /// `limits` must outlive it.
  explicit RequestReader(const RequestLimits& limits);

  /// Where the next bytes may be put, for commit(); empty while what is there waits for its answer
  /// and no more fits.
  std::span<char> space() { return in_.space(); }
  void commit(std::size_t bytes) { in_.commit(bytes); }
  /// The same in one, however many they are.
  void append(std::string_view bytes) { in_.append(bytes); }

  enum class Next : std::uint8_t {
    incomplete,  ///< more must come
    ready,       ///< a request is in `head`, valid until done(), or until more bytes come
    refused,     ///< no request, and nothing behind it is any: see `error`
  };
  /// `head` may be any, from call to call; of what is refused it has what could be read. O(bytes
  /// that are new), and of one that is incomplete: O(bytes of its head).
  Next next(RequestHead& head, RequestError& error);
  /// Once after next() was incomplete: the sender waits to be told to go on ("100 Continue").
  bool take_continue();
  /// The request that was ready has been handled; what is behind it comes next.
  void done();

  /// Nothing of a next request has come.
  bool empty() const { return in_.empty(); }
  /// Bytes that have come and are not done.
  std::size_t size() const { return in_.size(); }
  /// What has come is thrown away.
  void discard() { in_.consume(in_.size()); }
  /// The same, for one that keeps coming: with room for so many bytes.
  void discard_to(std::size_t capacity) { in_.reset(capacity); }

 private:
  Next next_chunked(RequestHead& head, RequestError& error);
  void make_room(std::size_t bytes);
  void expect_body(const RequestHead& head);

  const RequestLimits& limits_;
  ReadBuffer in_;
  std::size_t scanned_ = 0;  // of in_, in vain
  std::size_t needed_ = 0;   // bytes of the request whose head is known
  std::unique_ptr<ChunkedDecoder> chunked_;
  bool awaits_continue_ = false;
  bool continued_ = false;  // 100 Continue was said
};

}  // namespace sluice
