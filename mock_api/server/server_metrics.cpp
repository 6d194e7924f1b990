#include "mock_api/server/server_metrics.hpp"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <limits>

#include "mock_api/server/route_names.hpp"

namespace sluice {
namespace {

using prometheus::Counter;
using prometheus::Family;
using prometheus::Gauge;
using prometheus::Histogram;

constexpr auto kStatuses = std::to_array<unsigned>(
    {201, 200, 202, 204, 206, 304, 400, 401, 402, 403, 404, 405, 408, 409, 410,
     413, 414, 415, 417, 422, 429, 431, 500, 501, 502, 503, 504, 505, 0});

std::size_t status_index(unsigned status) {
  const auto found = std::ranges::find(kStatuses, status);
  return found == kStatuses.end() ? kStatuses.size() - 1
                                  : static_cast<std::size_t>(found - kStatuses.begin());
}

const Histogram::BucketBoundaries kSeconds = {10e-6,  25e-6, 50e-6, 100e-6, 250e-6, 500e-6, 1e-3,
                                              2.5e-3, 5e-3,  10e-3, 25e-3,  100e-3, 1,      10};

/// What has been observed of one route; made when it is first asked for.
struct RouteCounters {
  std::array<std::atomic<Counter*>, kStatuses.size()> by_status{};
  std::atomic<Histogram*> seconds{};
};

prometheus::MetricType type_of(ServiceFigure::Kind kind) {
  switch (kind) {
    case ServiceFigure::Kind::gauge:
      return prometheus::MetricType::Gauge;
    case ServiceFigure::Kind::counter:
      return prometheus::MetricType::Counter;
    case ServiceFigure::Kind::histogram:
      return prometheus::MetricType::Histogram;
  }
  return prometheus::MetricType::Untyped;
}

prometheus::ClientMetric metric_of(const ServiceFigure& figure) {
  prometheus::ClientMetric metric;
  for (const auto& [name, value] : figure.labels) metric.label.push_back({name, value});
  if (figure.kind == ServiceFigure::Kind::gauge) metric.gauge.value = figure.value;
  if (figure.kind == ServiceFigure::Kind::counter) metric.counter.value = figure.value;
  if (figure.kind != ServiceFigure::Kind::histogram) return metric;
  metric.histogram.sample_count = figure.count;
  metric.histogram.sample_sum = figure.value;
  for (const ServiceFigure::Bucket& bucket : figure.buckets)
    metric.histogram.bucket.push_back({bucket.count, bucket.up_to});
  metric.histogram.bucket.push_back({figure.count, std::numeric_limits<double>::infinity()});
  return metric;
}

double seconds(SteadyDuration duration) { return std::chrono::duration<double>(duration).count(); }

}  // namespace

struct ServerMetrics::Families {
  prometheus::Registry registry;
  Family<Counter>& requests = prometheus::BuildCounter()
                                  .Name("sluice_http_requests_total")
                                  .Help("Requests answered, by route and status.")
                                  .Register(registry);
  Family<Histogram>& latency =
      prometheus::BuildHistogram()
          .Name("sluice_http_request_seconds")
          .Help("From a whole request to its answer, without what is simulated and the wire.")
          .Register(registry);
  Family<Counter>& webhook_attempts = prometheus::BuildCounter()
                                          .Name("sluice_webhook_attempts_total")
                                          .Help("Attempts to deliver a webhook, by outcome.")
                                          .Register(registry);
  Histogram& webhook_seconds = prometheus::BuildHistogram()
                                   .Name("sluice_webhook_seconds")
                                   .Help("How long an attempt to deliver a webhook took.")
                                   .Register(registry)
                                   .Add({}, kSeconds);
  Gauge& connections = gauge("sluice_http_connections", "Connections that are open.");
  Gauge& streams = gauge("sluice_event_streams", "Event streams that are open.");
  Counter& accepted = counter("sluice_http_connections_total", "Connections accepted.");
  Counter& streams_opened = counter("sluice_event_streams_total", "Event streams opened.");
  Counter& streams_cut =
      counter("sluice_event_streams_cut_total", "Event streams cut because their reader was slow.");
  Counter& frames = counter("sluice_event_frames_total", "Frames sent on event streams.");
  std::vector<RouteCounters> routes = std::vector<RouteCounters>(route_count());

  Gauge& gauge(const char* name, const char* help) {
    return prometheus::BuildGauge().Name(name).Help(help).Register(registry).Add({});
  }
  Counter& counter(const char* name, const char* help) {
    return prometheus::BuildCounter().Name(name).Help(help).Register(registry).Add({});
  }
  Counter& answers(std::size_t route, unsigned status) {
    const std::size_t index = status_index(status);
    std::atomic<Counter*>& cached = routes[route].by_status[index];
    if (Counter* const known = cached) return *known;
    const unsigned named = kStatuses[index];
    Counter& added = requests.Add({{"route", std::string(route_name(route))},
                                   {"status", named == 0 ? "other" : std::to_string(named)}});
    cached = &added;
    return added;
  }
  Histogram& seconds_of(std::size_t route) {
    std::atomic<Histogram*>& cached = routes[route].seconds;
    if (Histogram* const known = cached) return *known;
    Histogram& added = latency.Add({{"route", std::string(route_name(route))}}, kSeconds);
    cached = &added;
    return added;
  }
};

ServerMetrics::ServerMetrics() : families_(std::make_unique<Families>()) {}
ServerMetrics::~ServerMetrics() = default;

void ServerMetrics::answered(std::string_view method, std::string_view target, unsigned status,
                             SteadyDuration took) {
  const std::size_t route = route_of(method, target);
  families_->answers(route, status).Increment();
  families_->seconds_of(route).Observe(seconds(took));
}

void ServerMetrics::refused(unsigned status) {
  families_->answers(route_count() - 1, status).Increment();
}

void ServerMetrics::connection_opened() {
  families_->accepted.Increment();
  families_->connections.Increment();
}
void ServerMetrics::connection_closed() { families_->connections.Decrement(); }
void ServerMetrics::stream_opened() {
  families_->streams_opened.Increment();
  families_->streams.Increment();
}
void ServerMetrics::stream_closed() { families_->streams.Decrement(); }
void ServerMetrics::stream_cut() { families_->streams_cut.Increment(); }
void ServerMetrics::frames_sent(std::size_t count) {
  families_->frames.Increment(static_cast<double>(count));
}

void ServerMetrics::webhook(std::string_view outcome, SteadyDuration took) {
  families_->webhook_attempts.Add({{"outcome", std::string(outcome)}}).Increment();
  families_->webhook_seconds.Observe(seconds(took));
}

std::string ServerMetrics::text(const std::vector<ServiceFigure>& figures) const {
  std::vector<prometheus::MetricFamily> all = families_->registry.Collect();
  for (const ServiceFigure& figure : figures) {
    auto family = std::ranges::find(all, figure.name, &prometheus::MetricFamily::name);
    if (family == all.end())
      family = all.insert(all.end(), {figure.name, figure.help, type_of(figure.kind), {}});
    family->metric.push_back(metric_of(figure));
  }
  return prometheus::TextSerializer().Serialize(all);
}

}  // namespace sluice
