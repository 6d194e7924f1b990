#include "mock_api/api.hpp"

#include "mock_api/api_impl.hpp"

namespace sluice {

Api::Api(const Scenario& scenario, const ApiOptions& options, WebhookTransport& transport)
    : impl_(std::make_unique<Impl>(scenario, options, transport)) {}
Api::~Api() = default;

HttpReply Api::handle(Time now, const HttpRequest& request) { return impl_->handle(now, request); }
Time Api::next_due() const { return impl_->next_due(); }
void Api::advance(Time now) { impl_->advance(now); }

std::uint64_t Api::open_stream(Time now, std::string_view client_id, EventSink& sink) {
  return impl_->streams().open(now, client_id, sink);
}
void Api::unsent(Time now, std::uint64_t stream, std::vector<UnsentFrame> frames) {
  impl_->streams().unsent(now, stream, std::move(frames));
}
void Api::close_stream(Time now, std::uint64_t stream) { impl_->streams().close(now, stream); }

void Api::webhook_done(Time now, std::uint64_t id, const WebhookResult& result) {
  impl_->outbox().done(now, id, result);
}
std::vector<std::pair<std::uint64_t, HttpReply>> Api::take_deferred() {
  return impl_->take_deferred();
}
void Api::give_up_deferred(std::uint64_t number) { impl_->give_up_deferred(number); }

Time Api::next_work() const { return impl_->next_work(); }
bool Api::is_idle() const { return impl_->is_idle(); }
std::size_t Api::runs_under_way() const { return impl_->runs_under_way(); }
std::optional<Service::RunPlace> Api::place_of(std::string_view session_id) const {
  return impl_->place_of(session_id);
}
bool Api::has_entered(std::string_view session_id, std::string_view status, Time since) const {
  return impl_->has_entered(session_id, status, since);
}

void Api::fault_settled(std::uint64_t mark, FaultOutcome outcome) {
  impl_->fault_settled(mark, outcome);
}
void Api::drain(Time) { impl_->drain(); }
std::uint64_t Api::events_dropped() const { return std::as_const(*impl_).streams().lost_events(); }
Report Api::report(Time now) { return impl_->report(now); }
std::string Api::commands_as_incidents() const { return impl_->commands_as_incidents(); }
std::vector<ServiceFigure> Api::figures(Time now) const { return impl_->figures(now); }
void Api::reset(Time now) { impl_->reset(now); }
void Api::set_base_url(std::string base_url) { impl_->set_base_url(std::move(base_url)); }

}  // namespace sluice
