#include "mock_api/server/own_endpoints.hpp"

#include <unistd.h>

#include <chrono>
#include <fstream>
#include <utility>
#include <vector>

#include "base/text/units.hpp"
#include "mock_api/contract/error_body.hpp"

namespace sluice {
namespace {

std::string_view target_path(std::string_view target) {
  return target.substr(0, target.find_first_of("?#"));
}

/// Of this process; 0 if the system does not tell.
double resident_bytes() {
  std::ifstream file("/proc/self/statm");
  double total = 0, resident = 0;
  file >> total >> resident;
  return file ? resident * static_cast<double>(::sysconf(_SC_PAGESIZE)) : 0;
}

double unix_seconds() {
  return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

}  // namespace

OwnEndpoints::OwnEndpoints(const ServerOptions& options, ServiceHost& host, ClockDriver& driver,
                           const ServerMetrics& metrics)
    : options_(options),
      host_(host),
      driver_(driver),
      metrics_(metrics),
      started_unix_s_(unix_seconds()) {}

bool OwnEndpoints::is_own(std::string_view target) const {
  const std::string_view path = target_path(target);
  if (path == "/healthz" || path == "/readyz" || path == "/metrics") return true;
  return options_.admin && (path == "/_sluice/clock" || path == "/_sluice/clock/advance");
}

std::optional<HttpReply> OwnEndpoints::answer(const HttpRequest& request,
                                              const std::function<Answer()>& later) {
  const std::string_view path = target_path(request.target);
  const std::string_view allowed = path == "/_sluice/clock/advance" ? "POST" : "GET";
  if (request.method != allowed) {
    HttpReply reply = error_reply(405, "this path knows another method");
    reply.headers.emplace_back("Allow", allowed);
    return reply;
  }
  if (path == "/healthz") return health();
  if (path == "/readyz") return readiness();
  if (path == "/metrics") return metrics_text();
  if (path == "/_sluice/clock") return clock_state();
  return advance(request, later);
}

HttpReply OwnEndpoints::health() const {
  if (const std::string failure = driver_.failure(); !failure.empty())
    return json_reply(500, Json{{"status", "failed"}, {"message", failure}});
  return json_reply(200, Json{{"status", "ok"}});
}

HttpReply OwnEndpoints::readiness() const {
  if (host_.is_ending()) return json_reply(503, Json{{"status", "ending"}});
  return json_reply(200, Json{{"status", "ready"}});
}

HttpReply OwnEndpoints::metrics_text() {
  std::vector<ServiceFigure> figures;
  if (options_.figures)
    host_.look([&](const Service&) { figures = options_.figures(host_.clock().now()); });
  figures.push_back({"sluice_event_frames_unsent",
                     "Frames on their way to a reader.",
                     {},
                     static_cast<double>(host_.unsent_frames())});
  figures.push_back({"process_resident_memory_bytes",
                     "Memory of the process that is in use now.",
                     {},
                     resident_bytes()});
  figures.push_back({"process_start_time_seconds",
                     "When the server started, in Unix time.",
                     {},
                     started_unix_s_});
  HttpReply reply;
  reply.content_type = ServerMetrics::kContentType;
  reply.body = metrics_.text(figures);
  return reply;
}

Json OwnEndpoints::clock_json(Time now, Time due) const {
  const auto text = [&](Time time) -> Json {
    if (time == Time::never()) return nullptr;
    if (options_.time_text) return options_.time_text(time);
    return format_exact(time - Time::zero());
  };
  const auto ns = [](Time time) { return time == Time::never() ? Json(nullptr) : Json(time.ns); };
  const bool held = host_.clock().is_held();
  return Json{{"clock", held ? "manual" : "wall"},
              {"time_scale", held ? Json(nullptr) : Json(host_.clock().scale())},
              {"now", text(now)},
              {"due", text(due)},
              {"now_ns", ns(now)},
              {"due_ns", ns(due)},
              {"held_answers", host_.held_answers()}};
}

HttpReply OwnEndpoints::clock_state() {
  return json_reply(200, clock_json(host_.clock().now(), host_.next_due()));
}

HttpReply OwnEndpoints::moved_reply(const ClockMoved& moved) const {
  using Problem = ClockMoved::Problem;
  if (moved.problem == Problem::no_such_run) return not_found_reply("Run", moved.error);
  if (moved.problem != Problem::none)
    return error_reply(host_.is_ending() || moved.problem == Problem::ending ? 503 : 409,
                       moved.error);
  Json json = clock_json(moved.now, moved.due);
  if (!moved.has_goal) return json_reply(200, json);
  json["reached"] = moved.reached;
  if (!moved.reached) json["because"] = moved.because;
  if (!moved.status.empty()) json["status"] = moved.status;
  json["runs_under_way"] = moved.runs;
  return json_reply(200, json);
}

std::optional<HttpReply> OwnEndpoints::advance(const HttpRequest& request,
                                               const std::function<Answer()>& later) {
  if (!host_.clock().is_held())
    return error_reply(409, "the clock is the wall clock; only a manual clock can be advanced");
  const Parsed<ClockMove> move = parse_clock_move(request.body, options_.read_time);
  if (!move) return error_reply(400, move.error.message);
  driver_.move(*move,
               [this, answer = later()](const ClockMoved& moved) { answer(moved_reply(moved)); });
  return std::nullopt;
}

}  // namespace sluice
