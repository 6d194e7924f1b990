// The body of POST /run: read, checked and typed.
//
// The one body that is read a thousand times a second, so it is read with simdjson and without
// copies. A key whose value is null counts as not given; unknown keys are kept.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/time.hpp"
#include "pipeline/ids.hpp"

namespace sluice {

/// Of a JSON value; `integer`: a number without fraction and exponent.
enum class JsonKind : std::uint8_t { null, boolean, integer, number, string, array, object };

/// One entry of run_input_variables.
struct InputVariable {
  std::string_view name;
  std::string_view raw;  ///< the value's JSON as sent
  JsonKind kind = JsonKind::null;
  std::string_view text;  ///< of a string, unescaped
  /// An array of nothing but strings (a pool of credentials): its part of StartRun::strings.
  bool is_list_of_strings = false;
  std::uint32_t first_string = 0, strings = 0;
};

/// `webhook`: both variants may be given at once.
struct RequestedWebhook {
  std::string_view metadata;             ///< a JSON object as sent; "" if not given
  std::string_view url;                  ///< "": no webhook of this run's own
  std::vector<std::string_view> events;  ///< event_types_subscribed; empty: all
  std::string_view secret;
  std::optional<Duration> validity;  ///< > 0
};

/// A typed POST /run. Texts are views into the reader: valid until its next read().
struct StartRun {
  std::string_view workflow_id;           ///< not empty
  std::string_view inputs;                ///< run_input_variables: a JSON object as sent
  std::vector<InputVariable> variables;   ///< its members, in order; names are unique
  std::vector<std::string_view> strings;  ///< items of those that are lists of strings
  PriorityLevel priority_level = PriorityLevel::LOW;
  bool dry_run = false;
  std::string_view add_to_output;  ///< a JSON object as sent; "" if not given
  RequestedWebhook webhook;
  std::vector<std::string_view> encrypted_variables;
  bool force_refresh = false, capture_console_logs = false, include_live_view = false;
  bool debug = false;
  bool notifications = true;
  std::optional<std::uint32_t> version_number;  ///< workflow_version as a number
  std::string_view version_id;                  ///< workflow_version as another text
  std::string_view client_id;
  std::string_view additional_context;  ///< JSON as sent; "" if not given
  /// Keys that nobody knows, `webhook.x` for one within, with their JSON as sent.
  std::vector<std::pair<std::string_view, std::string_view>> unknown;

  /// None if there is no such variable. O(variables).
  const InputVariable* find(std::string_view name) const;
  /// Of a variable that is a list of strings.
  std::span<const std::string_view> strings_of(const InputVariable& variable) const {
    return std::span(strings).subspan(variable.first_string, variable.strings);
  }
};

/// Reads one body after the other; keeps its memory. Not thread-safe.
class StartRunReader {
 public:
  StartRunReader();
  ~StartRunReader();
  StartRunReader(StartRunReader&&) noexcept;
  StartRunReader& operator=(StartRunReader&&) noexcept;

  /// The typed body, until the next read; null if it is not one: problem() says why and where. Any
  /// bytes are safe: nesting, members and sizes are bounded, duplicate keys refused. O(body).
  const StartRun* read(std::string_view body);
  const std::string& problem() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace sluice
