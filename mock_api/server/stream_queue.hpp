// The frames of one event stream between the service, which writes them, and the connection, which
// sends them.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "http/server/stream_source.hpp"
#include "mock_api/server/held_runs.hpp"
#include "mock_api/service.hpp"

namespace sluice {

class StreamQueue;

/// Where the frames of all streams go while the service runs: they are passed on to their queues
/// when it has returned and the server knows of which runs they are to be held back. Under the
/// service's lock.
struct WrittenFrame {
  StreamQueue* stream = nullptr;
  std::string frame;
  std::uint64_t run = 0;
  bool end = false;  ///< no frame: the stream ends
};
using WrittenFrames = std::vector<WrittenFrame>;

/// Threads: write() and end() under the service's lock, push() and push_end() too; the rest from
/// the connection's thread.
class StreamQueue final : public EventSink, public StreamSource {
 public:
  /// `unsent_frames` counts the frames of all streams that are on their way.
  StreamQueue(WrittenFrames& written, HeldRuns& held, std::atomic<std::int64_t>& unsent_frames,
              std::size_t max_bytes)
      : written_(written), held_(held), unsent_frames_(unsent_frames), max_bytes_(max_bytes) {}
  ~StreamQueue() override { take_all(); }

  /// Called, from any thread, when there may be something to take; may be called after this queue
  /// is gone. Set before the stream is opened.
  void on_wake(std::function<void()> wake) { wake_ = std::move(wake); }
  /// Called by close(). Set when the stream has been opened.
  void on_close(std::function<void(std::vector<UnsentFrame>)> closed) {
    closed_ = std::move(closed);
  }

  void write(std::string_view frame, std::uint64_t run) override;
  void end() override;

  /// What was pushed so far was kept for the client; it does not count against its speed.
  void opened();
  void push(std::string frame, std::uint64_t run);
  void push_end();

  Taken take(SteadyTime now, std::size_t max_bytes) override;
  bool overflowed() override;
  void sent(std::size_t count) override { unsent_frames_ -= static_cast<std::int64_t>(count); }
  void close(std::vector<UnsentFrame> unsent) override;
  /// Empties the queue; what it gives no longer counts as unsent.
  std::vector<UnsentFrame> take_all();

 private:
  void wake();
  std::vector<UnsentFrame> take_first(std::size_t count);

  WrittenFrames& written_;
  HeldRuns& held_;
  std::atomic<std::int64_t>& unsent_frames_;
  std::function<void()> wake_;
  std::function<void(std::vector<UnsentFrame>)> closed_;
  std::atomic<bool> woken_{false};

  std::mutex mutex_;                 // guards what follows
  std::vector<UnsentFrame> frames_;  // a deque would cost each idle stream half a kilobyte
  std::size_t bytes_ = 0;
  std::size_t max_bytes_;
  bool ended_ = false;
};

}  // namespace sluice
