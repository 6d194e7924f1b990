// One connection of a client: a request and its answer, then the next.
#pragma once

#include <boost/intrusive/list.hpp>
#include <string>
#include <string_view>

#include "load/http/channel.hpp"

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
    /// It has ended, with or without a request. `stale`: it had been kept, and the peer closed it
    /// before it answered anything.
    virtual void lost(ClientConnection& connection, ClientRequest* request, std::string_view why,
                      bool stale) = 0;

   protected:
    ~Owner() = default;
  };

  /// `owner` lives until it calls disown().
  ClientConnection(std::shared_ptr<ChannelParts> parts, Owner& owner);

  /// Sends it, first opening the connection if that is fresh. `now`: of a moment ago.
  void begin(ClientRequest& request, SteadyTime now);
  bool is_busy() const { return request_ != nullptr; }
  /// Closes; the owner is not called any more.
  void disown();

  /// Where it is in its owner's lists.
  std::size_t place = 0, idle_place = 0;

 private:
  void opened() override;
  void received(std::string_view bytes, SteadyTime at) override;
  void ended(std::string_view why, bool by_peer) override;
  void complete(SteadyTime at);
  void lose(std::string_view why, bool stale = false);

  Owner* owner_;
  ClientRequest* request_ = nullptr;
  ResponseParser response_;
  bool is_kept_ = false;     // has answered before
  bool is_awaited_ = false;  // nothing of the answer has come
};

}  // namespace sluice
