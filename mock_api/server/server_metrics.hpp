// What the server counts, as text for Prometheus.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "http/server/http_handler.hpp"
#include "mock_api/service_figure.hpp"

namespace sluice {

/// Threads: all functions may be called from any. Cost of an observation: well under a microsecond,
/// no allocation after the first of its kind.
class ServerMetrics final : public ServerObserver {
 public:
  ServerMetrics();
  ~ServerMetrics() override;

  void answered(std::string_view method, std::string_view target, unsigned status,
                SteadyDuration took) override;
  void refused(unsigned status) override;
  void connection_opened() override;
  void connection_closed() override;
  void stream_opened() override;
  void stream_closed() override;
  void stream_cut() override;
  void frames_sent(std::size_t count) override;
  /// One attempt: "delivered", "refused" (an answer that is not 2xx) or "failed" (none).
  void webhook(std::string_view outcome, SteadyDuration took);

  /// With what others know, asked for when the metrics are read.
  std::string text(const std::vector<ServiceFigure>& figures) const;
  static constexpr std::string_view kContentType = "text/plain; version=0.0.4; charset=utf-8";

 private:
  struct Families;
  std::unique_ptr<Families> families_;
};

}  // namespace sluice
