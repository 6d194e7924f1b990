// From the frames of an event stream to the bytes of its connection, broken where a test asks for
// it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "http/message.hpp"
#include "http/server/stream_fault_plan.hpp"
#include "http/server/stream_source.hpp"

namespace sluice {

/// Knows which frames are on the wire and which are not, so that what never leaves goes back to
/// the source. Where its bytes go, `out`, is empty before write(), unless it says so. Not
/// thread-safe. An idle one holds some 200 bytes.
class EventStreamWriter {
 public:
  /// `source`: null for a stream that never says anything. `chunked`: not for HTTP/1.0. Of `fault`
  /// what is to happen to the stream.
  EventStreamWriter(std::shared_ptr<StreamSource> source, bool chunked,
                    const ReplyFault& fault = {});

  struct Step {
    enum class Kind : std::uint8_t {
      idle,    ///< nothing may be sent before `more_at`, or before the source wakes
      frames,  ///< some are in `out`
      silent,  ///< nothing more ever comes: fall_silent(), when `out` has left
      ends,    ///< with what is in `out` the stream is over
      resets,  ///< … and a reset follows
    };
    Kind kind = Kind::idle;
    SteadyTime more_at = SteadyTime::max();
  };
  /// Puts what may be sent at `now` into `out`, up to some 64 kB.
  Step write(SteadyTime now, std::string& out);
  /// The mark of the fault, once, when it has struck; 0 otherwise. To be told before `out` leaves:
  /// who has seen it and asks finds it counted.
  std::uint64_t take_struck();

  /// All of `out` has left; how many frames those were.
  std::size_t flushed();
  /// The reader takes less than what comes.
  bool is_behind() const { return source_ && source_->overflowed(); }
  /// Gives up the frames in `out` of which nothing has left, and ends the stream behind those that
  /// have begun. `sent`: bytes of `out` that have left; SIZE_MAX if that cannot be told.
  void cut(std::string& out, std::size_t sent);
  /// Nothing is behind it any more; it stays open without a word.
  void fall_silent();
  bool is_silent() const { return !source_; }
  /// Its last bytes, behind what is in `out`.
  void end(std::string& out) const;

  /// The connection is gone, `sent` bytes of `out` before it: the source gets back what did not
  /// leave whole. The mark of a fault that has not struck; 0 if there is none.
  std::uint64_t close(std::size_t sent);

 private:
  void add_frames(std::vector<UnsentFrame> frames, std::string& out);
  bool add_frame(const UnsentFrame& frame, std::string& out);
  void add_part(std::string_view bytes, std::string& out) const;
  Step break_off(std::string& out);
  void note_struck();

  std::shared_ptr<StreamSource> source_;
  bool chunked_;
  std::vector<UnsentFrame> sending_;     // in out
  std::vector<std::size_t> ends_;        // where each of them ends there
  std::vector<UnsentFrame> taken_back_;  // of a reader that is cut, of a stream that is broken
  StreamFaultPlan plan_;
  std::uint64_t mark_ = 0;    // of its fault, until that has struck
  std::uint64_t struck_ = 0;  // has, and was not told
};

}  // namespace sluice
