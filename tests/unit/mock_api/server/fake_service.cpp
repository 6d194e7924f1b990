#include "tests/unit/mock_api/server/fake_service.hpp"

#include <algorithm>
#include <array>
#include <iterator>

#include "mock_api/contract/error_body.hpp"

namespace sluice::test {
namespace {

constexpr std::string_view kEvents = "/run/clients/";

HttpReply json(unsigned status, std::string body) {
  HttpReply reply;
  reply.status = status;
  reply.body = std::move(body);
  return reply;
}

}  // namespace

void FakeService::emit(const std::string& client, const std::string& frame, std::uint64_t run) {
  Client& to = clients_[client];
  if (to.sink != nullptr) {
    to.sink->write(frame, run);
  } else {
    to.kept.push_back({frame, run});
  }
}

void FakeService::tell(Time now, const std::string& client, const std::string& what,
                       std::uint64_t run) {
  const std::string text = what + " " + std::to_string(run);
  log.push_back(text);
  emit(client, "event: run.event\ndata: " + text + "\n\n", run);
  if (transport_ == nullptr) return;
  static_cast<void>(now);
  transport_->post({++webhooks_,
                    webhook_url_,
                    {{"Content-Type", "application/json"}},
                    "{\"event\":\"" + text + "\"}",
                    Duration{10'000'000'000}});
}

HttpReply FakeService::start_run(Time now, const std::string& client) {
  const std::uint64_t run = ++runs_;
  schedule(now, [=, this](Time at) { tell(at, client, "queued", run); });
  schedule(now + Duration{3'600'000'000'000},
           [=, this](Time at) { tell(at, client, "success", run); });
  HttpReply reply = json(201, "{\"session_id\":\"" + std::to_string(run) + "\"}");
  if (!client.empty()) reply.started_run = run;
  return reply;
}

HttpReply FakeService::handle(Time now, const HttpRequest& request) {
  ++handled;
  const std::string target(request.target);
  const std::string path = target.substr(0, target.find('?'));
  const std::string name = std::string(request.method) + " " + path;
  if (const auto known = handlers_.find(name); known != handlers_.end())
    return known->second(now, request);
  if (name == "GET /hello") return json(200, R"({"hello":"world"})");
  if (name == "GET /log") {
    std::string text;
    for (const std::string& line : log) text += line + "\n";
    return json(200, text);
  }
  if (name == "POST /echo") return json(200, std::string(request.body));
  if (name == "POST /run") {
    if (drained) return error_reply(503, "ending");
    const std::size_t client = target.find("?client=");
    return start_run(now, client == std::string::npos ? "" : target.substr(client + 8));
  }
  if (path.starts_with(kEvents) && path.ends_with("/events")) {
    HttpReply reply;
    reply.stream_of = path.substr(kEvents.size(), path.size() - kEvents.size() - 7);
    return reply;
  }
  return error_reply(404, "no such path");
}

void FakeService::advance(Time now) {
  while (!due_.empty() && due_.begin()->first <= now) {
    const auto [at, work] = *due_.begin();
    due_.erase(due_.begin());
    work(at);
  }
}

std::uint64_t FakeService::open_stream(Time, std::string_view client_id, EventSink& sink) {
  Client& client = clients_[std::string(client_id)];
  if (client.sink != nullptr) client.sink->end();
  client.sink = &sink;
  client.stream = ++streams_;
  ++open_streams;
  for (const UnsentFrame& frame : std::exchange(client.kept, {}))
    sink.write(frame.frame, frame.run);
  return client.stream;
}

void FakeService::unsent(Time, std::uint64_t stream, std::vector<UnsentFrame> frames) {
  for (auto& [id, client] : clients_)
    if (client.stream == stream)
      client.kept.insert(client.kept.begin(), std::make_move_iterator(frames.begin()),
                         std::make_move_iterator(frames.end()));
}

void FakeService::close_stream(Time, std::uint64_t stream) {
  --open_streams;
  for (auto& [id, client] : clients_)
    if (client.stream == stream) client.sink = nullptr;
}

void FakeService::webhook_done(Time now, std::uint64_t, const WebhookResult& result) {
  log.push_back("webhook " + std::to_string(result.status) + " " + result.response + result.error +
                " at " + std::to_string(now.ns / 1'000'000'000));
}

void FakeService::fault_settled(std::uint64_t mark, FaultOutcome outcome) {
  constexpr std::array kOutcomes{"struck", "missed", "undone"};
  log.push_back("fault " + std::to_string(mark) + " " +
                kOutcomes.at(static_cast<std::size_t>(outcome)));
}

void FakeService::drain(Time) {
  drained = true;
  for (auto& [id, client] : clients_)
    if (client.sink != nullptr) client.sink->end();
}

}  // namespace sluice::test
