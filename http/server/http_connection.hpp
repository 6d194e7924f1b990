// One connection of a client: requests in, replies out in the same order, or an event stream.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "http/server/event_stream_writer.hpp"
#include "http/server/http_worker.hpp"
#include "http/server/reply_writer.hpp"
#include "http/server/request_reader.hpp"
#include "http/server/send_buffer.hpp"

namespace sluice {

/// The socket and its deadlines; RequestReader makes requests of bytes, EventStreamWriter bytes of
/// events. Reads one request after the other; while an answer cannot leave, it reads no more, so
/// what it holds is bounded by the request limits and one answer. Owned by its worker and by what
/// it waits for; all functions from the worker's thread. An idle one holds about 3 kB, an idle
/// event stream 1 kB.
class HttpConnection : public std::enable_shared_from_this<HttpConnection> {
 public:
  HttpConnection(HttpWorker& worker, HttpWorker::Socket socket, std::string peer);
  ~HttpConnection();

  void start();
  /// The server is about to end.
  void drain();
  /// At once, without a word. Streams and held runs are given back to the service.
  void close();

  SteadyTime deadline() const { return deadline_; }
  void on_deadline();

  /// Where it is in its worker's list.
  std::size_t place() const { return place_; }
  void set_place(std::size_t place) { place_ = place; }

 private:
  enum class State : std::uint8_t {
    reading,    // requests
    answering,  // an answer is made elsewhere, or waits for its time
    stalled,    // no answer ever comes, because a test asked for it
    streaming,  // events
    closing,    // when everything has left
    resetting,  // as closing, with a reset
    lingering,  // everything has left; the peer is given time to read it
    closed,
  };
  struct Tls;

  // Bytes.
  void read();
  void read_soon();
  void on_read(const boost::system::error_code& error, std::size_t bytes);
  bool take_bytes(std::size_t bytes);
  void on_peer_ended();
  bool flush();
  void await_write();
  void note_flushed();
  void go_on();
  void finish();
  void reset_soon();
  void wait(SteadyTime until, void (HttpConnection::*then)());

  // Requests.
  void process();
  void done_with_request();
  void refuse(const RequestError& error, const HttpRequest& request = {});
  void answer(RequestHead& head);

  // Replies.
  HttpHandler::Answer answer_later();
  void answered_elsewhere(HttpReply reply);
  void deliver(HttpReply reply);
  void deliver_delayed();
  void resume();
  void send(HttpReply& reply);
  void drop_fault_of_body(HttpReply& reply);
  void break_off(const HttpReply& reply);
  void stall(const HttpReply& reply);
  void report_fault(std::uint64_t mark, FaultOutcome outcome);
  void note_struck(std::uint64_t mark);
  bool waits_to_answer() const { return state_ == State::answering || state_ == State::stalled; }
  void watch_peer();
  void read_ahead();

  // Events.
  void open_stream(const HttpReply& reply);
  void pump_stream();
  bool write_frames();
  void end_stream(State state);
  void cut_stream();
  void close_stream();

  HttpWorker& worker_;
  HttpWorker::Socket socket_;
  const std::string peer_;
  std::size_t place_ = 0;
  SteadyTime deadline_;
  State state_ = State::reading;
  bool reading_ = false;
  bool writing_ = false;
  bool yielded_ = false;   // more requests are in the buffer already
  bool watching_ = false;  // for the peer to go, while it waits for an answer
  bool peer_ended_ = false;

  RequestReader reader_;
  std::size_t lingered_bytes_ = 0;

  ReplyFraming framing_;  // of the request that is being answered
  SendBuffer unsent_;
  std::uint64_t pending_ = 0;  // the answer that the host will give; 0: unknown to it

  std::unique_ptr<Tls> tls_;
  std::unique_ptr<EventStreamWriter> stream_;
  std::unique_ptr<HttpReply> delayed_;
  std::unique_ptr<HttpWorker::Timer> timer_;
};

}  // namespace sluice
