// What the server counts, as text for Prometheus.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "mock_api/server/clock.hpp"
#include "mock_api/service_figure.hpp"

namespace sluice {

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

  /// With what others know, asked for when the metrics are read.
  std::string text(const std::vector<ServiceFigure>& figures) const;
  static constexpr std::string_view kContentType = "text/plain; version=0.0.4; charset=utf-8";

 private:
  struct Families;
  std::unique_ptr<Families> families_;
};

}  // namespace sluice
