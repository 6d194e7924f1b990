// One connection of a client: a request and its answer, then the next.
#pragma once

#include <boost/intrusive/list.hpp>
#include <cstdint>
#include <string>
#include <string_view>

#include "http/client/channel.hpp"

namespace sluice {

class ClientConnection;

/// One that was given to send(), until it is done; used again afterwards.
struct ClientRequest {
  using Hook = boost::intrusive::list_member_hook<
      boost::intrusive::link_mode<boost::intrusive::normal_link>>;

  std::string bytes;
  HttpClient::Done done;
  SteadyTime deadline, sent;
  bool was_sent = false;
  bool is_overdue = false;  ///< without having got a connection
  std::uint32_t resent = 0;
  ClientConnection* connection = nullptr;  ///< none: it waits for one
  Hook by_deadline, waiting;
};

class ClientConnection final : public Channel {
 public:
  class Owner {
   public:
    /// `request` is over; the connection is open if it can be used again. The answer is in
    /// `response` while this runs. Nothing of the connection is used after it.
    virtual void answered(ClientConnection& connection, ClientRequest& request,
                          const ResponseParser& response, SteadyTime at) = 0;
    /// It is open, for the request that it was opened for.
    virtual void opened(ClientConnection& connection) = 0;
    /// It has ended, with or without a request.
    virtual void lost(ClientConnection& connection, ClientRequest* request,
                      std::string_view why) = 0;

   protected:
    ~Owner() = default;
  };

  /// `owner` lives until it calls disown().
  ClientConnection(const std::shared_ptr<ChannelParts>& parts, Owner& owner);

  /// Sends it, first opening the connection if that is fresh. False: it had been kept, and the peer
  /// has closed it meanwhile; nothing of the request was written, and the connection is of no use.
  /// `now`: of a moment ago.
  bool begin(ClientRequest& request, SteadyTime now);
  bool is_busy() const { return request_ != nullptr; }
  /// Closes; the owner is not called any more.
  void disown();

  /// Has been open, be it closed now.
  bool was_open() const { return was_open_; }

  /// Where it is in its owner's lists.
  std::size_t place = 0, idle_place = 0;

 private:
  void opened() override;
  void received(std::string_view bytes, SteadyTime at) override;
  void ended(std::string_view why, bool by_peer) override;
  void complete(SteadyTime at);
  void lose(std::string_view why);

  Owner* owner_;
  ClientRequest* request_ = nullptr;
  ResponseParser response_;
  bool was_open_ = false;
  bool is_awaited_ = false;  // nothing of the answer has come
};

}  // namespace sluice
