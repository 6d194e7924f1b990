#include "mock_api/server/own_endpoints.hpp"

#include <unistd.h>

#include <chrono>
#include <fstream>
#include <utility>
#include <vector>

#include "mock_api/contract/error_body.hpp"
#include "reports/units.hpp"

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

/// `{"by": "10m"}` or `{"to": "3h"}`, lengths as in scenario files, `to` since the start or what
/// `read_time` understands.
Parsed<ClockDriver::Move> parse_move(
    std::string_view body,
    const std::function<std::optional<Time>(const std::string&)>& read_time) {
  using Result = Parsed<ClockDriver::Move>;
  const Json json = Json::parse(body, nullptr, false);
  if (!json.is_object() || json.size() != 1)
    return Result::wrong(0, R"(the body is {"by": DURATION} or {"to": TIME})");
  const std::string& key = json.begin().key();
  if ((key != "by" && key != "to") || !json.begin()->is_string())
    return Result::wrong(0, R"(the body's key is "by" or "to", its value a text such as "10m")");
  const std::string text = json.begin()->get<std::string>();
  if (key == "to" && read_time)
    if (const std::optional<Time> time = read_time(text)) return Result::of(*time);
  const Parsed<Duration> duration = parse_duration(text);
  if (!duration) return Result::wrong(0, key + ": " + duration.error.message);
  if (key == "by") return Result::of(*duration);
  return Result::of(Time::zero() + *duration);
}

}  // namespace

OwnEndpoints::OwnEndpoints(const ServerOptions& options, ServiceHost& host, ClockDriver& driver,
                           ServerMetrics& metrics, const std::atomic<bool>& draining)
    : options_(options),
      host_(host),
      driver_(driver),
      metrics_(metrics),
      draining_(draining),
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
  if (draining_) return json_reply(503, Json{{"status", "ending"}});
  return json_reply(200, Json{{"status", "ready"}});
}

HttpReply OwnEndpoints::metrics_text() {
  std::vector<ServiceFigure> figures;
  if (options_.figures) host_.read([&] { figures = options_.figures(host_.clock().now()); });
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

std::string OwnEndpoints::clock_text(Time now, Time due) const {
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
              {"due_ns", ns(due)}}
      .dump();
}

HttpReply OwnEndpoints::clock_state() {
  HttpReply reply;
  reply.body = clock_text(host_.clock().now(), host_.next_due());
  return reply;
}

std::optional<HttpReply> OwnEndpoints::advance(const HttpRequest& request,
                                               const std::function<Answer()>& later) {
  if (!host_.clock().is_held())
    return error_reply(409, "the clock is the wall clock; only a manual clock can be advanced");
  const Parsed<ClockDriver::Move> move = parse_move(request.body, options_.read_time);
  if (!move) return error_reply(400, move.error.message);
  driver_.move(*move, [this, answer = later()](const ClockDriver::Moved& moved) {
    if (!moved.error.empty()) return answer(error_reply(draining_ ? 503 : 409, moved.error));
    HttpReply reply;
    reply.body = clock_text(moved.now, moved.due);
    answer(std::move(reply));
  });
  return std::nullopt;
}

}  // namespace sluice
