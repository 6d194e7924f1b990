// The start-run API with its pipeline behind it: the one Service there is.
//
// Deterministic: the same requests at the same times give the same replies, events and report. What
// it consists of lies in the subfolders, each part with its state; here is who answers which path,
// and the order of time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "mock_api/service.hpp"
#include "mock_api/service_figure.hpp"
#include "pipeline/ids.hpp"
#include "pipeline/observer.hpp"
#include "reports/report.hpp"
#include "scenarios/scenario.hpp"

namespace sluice {

struct ApiOptions {
  /// Unix nanoseconds of the simulated time zero.
  std::int64_t unix_ns_at_zero = 0;
  Engine engine = Engine::live;  ///< of reports: virtual_time with a clock that is held
  bool admin = true;             ///< /_sluice
  /// Real time in Unix nanoseconds, for what clients check against it (stamps of webhooks); empty:
  /// the simulated time stands for it. And how many simulated seconds one real second is.
  std::function<std::int64_t()> unix_ns_now;
  double time_scale = 1;
  std::string build_id;
  /// Of session ids and signed URLs; none: the scenario's, so that two servers give the same ones.
  std::optional<std::uint64_t> id_seed;
  /// Scheme and authority of the URLs of screenshots and files.
  std::string base_url = "http://127.0.0.1";
  /// Sees every transition of the pipeline, in its time, after the API has; may be null. A reset
  /// begins again at zero.
  PipelineObserver* listener = nullptr;
};

/// Not thread-safe. Keeps its own copy of the scenario; a reference to the transport.
class Api final : public Service {
 public:
  /// Throws std::invalid_argument if a schema of the scenario is none.
  Api(const Scenario& scenario, const ApiOptions& options, WebhookTransport& transport);
  ~Api() override;
  Api(const Api&) = delete;
  Api& operator=(const Api&) = delete;

  HttpReply handle(Time now, const HttpRequest& request) override;
  Time next_due() const override;
  void advance(Time now) override;
  std::uint64_t open_stream(Time now, std::string_view client_id, EventSink& sink) override;
  void unsent(Time now, std::uint64_t stream, std::vector<UnsentFrame> frames) override;
  void close_stream(Time now, std::uint64_t stream) override;
  void webhook_done(Time now, std::uint64_t id, const WebhookResult& result) override;
  std::vector<std::pair<std::uint64_t, HttpReply>> take_deferred() override;
  void fault_settled(std::uint64_t mark, FaultOutcome outcome) override;
  void give_up_deferred(std::uint64_t number) override;
  Time next_work() const override;
  bool is_idle() const override;
  std::size_t runs_under_way() const override;
  std::optional<RunPlace> place_of(std::string_view session_id) const override;
  bool has_entered(std::string_view session_id, std::string_view status, Time since) const override;
  void drain(Time now) override;
  std::uint64_t events_dropped() const override;

  /// The report of the time so far. `now`: after advance().
  Report report(Time now);
  /// What was changed by hand since the scenario began, as `incidents:` for it, in YAML.
  std::string commands_as_incidents() const;
  /// For monitoring: what there is now and what was counted since the start, over resets. O(runs
  /// that are not over).
  std::vector<ServiceFigure> figures(Time now) const;
  /// The scenario begins again at `now`: same seed, no runs, vault and workflows as at first.
  /// Streams stay open.
  void reset(Time now);
  /// Once the server knows where it listens.
  void set_base_url(std::string base_url);

 private:
  struct Parts;
  struct Call;

  /// Lets the parts come up to `due`, where something is due.
  void advance_to(Time due);
  /// What the API itself answers, faults apart.
  HttpReply answer(Time now, const HttpRequest& request, WorkspaceId workspace);
  HttpReply answer(const Call& call);
  HttpReply answer_about_run(const Call& call);
  HttpReply answer_about_vault(const Call& call);
  HttpReply start_run(Time now, const HttpRequest& request, WorkspaceId workspace);
  HttpReply other(Time now, const HttpRequest& request, WorkspaceId workspace);
  HttpReply openapi(const HttpRequest& request);
  HttpReply admin(Time now, const HttpRequest& request, const std::vector<std::string>& path);
  /// The reply to a request without a valid key.
  HttpReply unauthenticated(Time now, const HttpRequest& request);
  void add_limits(Time now, WorkspaceId workspace, HttpReply& reply);

  std::unique_ptr<Parts> parts_;
};

}  // namespace sluice
