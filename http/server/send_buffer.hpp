// What a connection has yet to send, and who is to be told when it has left.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sluice {

class TlsSession;

/// Text is appended; what is next is asked for, and taken back when the socket has it. With TLS it
/// is sealed on the way, all that is there in one piece. Not thread-safe.
class SendBuffer {
 public:
  /// From now on everything is sealed by this session, which outlives the buffer.
  void seal_with(TlsSession& session) { session_ = &session; }

  /// Not yet sealed, or of which not all has left. Callers append to it.
  std::string& text() { return text_; }
  /// Sealed already: a session's own records go here.
  std::string& sealed() { return sealed_; }
  bool empty() const { return text_.empty() && sealed_.empty(); }

  /// Seals what is text and gives what is to be sent next; empty: everything has left. Valid until
  /// the buffer changes.
  std::string_view next();
  /// So many bytes of next() have left.
  void sent(std::size_t bytes);
  /// How many bytes of text() have left for certain, or may have: of what was sealed nobody can
  /// tell.
  std::size_t sent_at_least() const { return session_ == nullptr ? sent_ : 0; }
  std::size_t sent_at_most() const { return session_ == nullptr ? sent_ : SIZE_MAX; }

  // ---- what it holds of others

  /// Runs whose start it answers, and marks of faults that are in its text.
  std::vector<std::uint64_t>& started_runs() { return started_runs_; }
  std::vector<std::uint64_t>& struck() { return struck_; }

  // ---- memory: big texts are for whoever needs one next

  /// Takes a big empty text, if it has none. REQUIRES: `spare` is empty.
  void borrow(std::string& spare) {
    if (text_.empty()) text_.swap(spare);
  }
  /// Gives it back. REQUIRES: text() is empty.
  void give_back(std::string& spare);

 private:
  std::string& wire() { return session_ == nullptr ? text_ : sealed_; }

  TlsSession* session_ = nullptr;
  std::string text_, sealed_;
  std::size_t sent_ = 0;  // of wire()
  std::vector<std::uint64_t> started_runs_, struck_;
};

}  // namespace sluice
