// What only some connections have; for http_connection*.cpp alone.
#pragma once

#include "mock_api/server/http_connection.hpp"
#include "mock_api/server/stream_fault_plan.hpp"

namespace sluice {

struct HttpConnection::Tls {
  explicit Tls(const TlsContext& context) : session(context, "") {}

  TlsSession session;
  std::array<char, 4096> in;
  std::string wire;  // encrypted, has not left
  bool ended = false;
};

struct HttpConnection::Stream {
  std::shared_ptr<StreamQueue> queue;  // none: one that never says anything
  std::uint64_t number = 0;
  bool chunked = true;
  std::vector<UnsentFrame> sending;     // in out_
  std::vector<std::size_t> ends;        // where each of them ends there
  std::vector<UnsentFrame> taken_back;  // of a reader that is cut, of a stream that is broken
  StreamFaultPlan plan;
  std::uint64_t mark = 0;  // of its fault, until that is settled
};

}  // namespace sluice
