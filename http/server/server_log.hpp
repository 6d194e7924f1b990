// The server's log: one JSON object a line on standard error.
//
// Never logged: headers (keys), queries, bodies.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace spdlog {
class logger;
}

namespace sluice {

/// Threads: all functions may be called from any.
class ServerLog {
 public:
  enum class Level : std::uint8_t { debug, info, warning, error, off };
  using Value = std::variant<std::string_view, std::int64_t, double>;
  using Field = std::pair<std::string_view, Value>;

  /// Writes nothing below `level`.
  explicit ServerLog(Level level);
  ~ServerLog();

  bool has(Level level) const { return level >= level_; }
  /// `{"time":"…","level":"info","event":"connection cut", …fields}`.
  void write(Level level, std::string_view event, std::initializer_list<Field> fields = {}) const;

 private:
  Level level_;
  std::shared_ptr<spdlog::logger> logger_;
};

}  // namespace sluice
