#include "http/server/server_log.hpp"

#include <spdlog/logger.h>
#include <spdlog/sinks/stdout_sinks.h>

#include <nlohmann/json.hpp>

namespace sluice {
namespace {

spdlog::level::level_enum to_spdlog(ServerLog::Level level) {
  switch (level) {
    case ServerLog::Level::debug:
      return spdlog::level::debug;
    case ServerLog::Level::info:
      return spdlog::level::info;
    case ServerLog::Level::warning:
      return spdlog::level::warn;
    case ServerLog::Level::error:
      return spdlog::level::err;
    case ServerLog::Level::off:
      break;
  }
  return spdlog::level::off;
}

}  // namespace

ServerLog::ServerLog(Level level)
    : level_(level),
      logger_(std::make_shared<spdlog::logger>("sluice",
                                               std::make_shared<spdlog::sinks::stderr_sink_mt>())) {
  logger_->set_level(to_spdlog(level));
  logger_->set_pattern(R"({"time":"%Y-%m-%dT%H:%M:%S.%eZ","level":"%l",%v})",
                       spdlog::pattern_time_type::utc);
}

ServerLog::~ServerLog() = default;

void ServerLog::write(Level level, std::string_view event,
                      std::initializer_list<Field> fields) const {
  if (!has(level)) return;
  nlohmann::ordered_json object = {{"event", event}};
  for (const Field& field : fields) {
    auto& place = object[std::string(field.first)];
    std::visit([&place](const auto& v) { place = v; }, field.second);
  }
  const std::string text =
      object.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
  // Without its braces: the pattern has them.
  logger_->log(to_spdlog(level), "{}", std::string_view(text).substr(1, text.size() - 2));
}

}  // namespace sluice
