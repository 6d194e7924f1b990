// What the server counts, as text for Prometheus.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "mock_api/server/clock.hpp"

namespace sluice {

/// One value that somebody else knows, asked for when the metrics are read.
struct ServerGauge {
  std::string name;
  std::string help;
  std::vector<std::pair<std::string, std::string>> labels;
  double value = 0;
};

/// Threads: all functions may be called from any. Cost of an observation: well under a microsecond,
/// no allocation after the first of its kind.
class ServerMetrics {
 public:
  ServerMetrics();
  ~ServerMetrics();

  void answered(std::string_view method, std::string_view target, unsigned status,
                WallDuration took);
  /// A connection's bytes that were no request.
  void refused(unsigned status);
  void connection_opened();
  void connection_closed();
  void stream_opened();
  void stream_closed();
  void stream_cut();
  void frames_sent(std::size_t count);
  /// One attempt: "delivered", "refused" (an answer that is not 2xx) or "failed" (none).
  void webhook(std::string_view outcome, WallDuration took);

  std::string text(const std::vector<ServerGauge>& gauges) const;
  static constexpr std::string_view kContentType = "text/plain; version=0.0.4; charset=utf-8";

 private:
  struct Families;
  std::unique_ptr<Families> families_;
};

}  // namespace sluice
