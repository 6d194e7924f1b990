// A receiver of webhooks that dies in every way that there is, as its script says, and remembers
// every post that it saw whole.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace sluice::test {

/// What becomes of a connection from here to the end of the next post.
enum class Fate : std::uint8_t {
  answer,
  answer_and_close,  ///< without having said so
  answer_late,       ///< some milliseconds
  close_unread,      ///< at once, without reading anything
  reset_unread,
  close_half_read,
  close_after_work,  ///< the post was read and carried out, and not answered
  reset_after_work,
  cut_answer,  ///< closed in the middle of a 200
  reset_in_answer,
  garbage,
  silent_then_close,  ///< some milliseconds
  silent,             ///< until the sender gives up
};

struct Reaction {
  Fate fate = Fate::answer;
  unsigned status = 200;
  std::string headers{};  ///< of the answer, each with its CRLF
};

/// One post that was read whole.
struct SeenPost {
  std::string target, head, body;
  Reaction reaction;
};

/// Listens on a free loopback port from construction to destruction, a thread for each connection.
/// Threads: all functions from any.
class ScriptedReceiver {
 public:
  /// Asked on each connection before the next post is read, from its thread, under a lock.
  using Script = std::function<Reaction()>;

  /// Told of each post that was read whole before it is answered, from its connection's thread.
  using Hear = std::function<void(const SeenPost&)>;

  explicit ScriptedReceiver(Script script, Hear hear = nullptr);
  ~ScriptedReceiver();
  ScriptedReceiver(const ScriptedReceiver&) = delete;
  ScriptedReceiver& operator=(const ScriptedReceiver&) = delete;

  /// Without a path.
  std::string url() const;
  std::vector<SeenPost> seen() const;
  /// Connections that were ended before a post was read whole: so many posts may be unseen.
  std::size_t ended_unread() const { return ended_unread_; }
  std::size_t connections() const { return connections_; }

 private:
  void accept();
  void serve(int socket);
  Reaction next_reaction();
  /// False: the peer has closed before a post was whole, or half of it was enough.
  static bool read_post(int socket, bool half, SeenPost& post);

  const Script script_;
  const Hear hear_;
  int listener_ = -1;
  unsigned port_ = 0;
  mutable std::mutex mutex_;
  std::vector<SeenPost> seen_;
  std::vector<int> open_;
  std::vector<std::thread> threads_;
  std::atomic<bool> stop_{false};
  std::atomic<std::size_t> ended_unread_{0}, connections_{0};
  std::thread acceptor_;  // last: it uses all of the above
};

}  // namespace sluice::test
