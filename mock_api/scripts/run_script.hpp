// What a test wants of a run: how long it takes, where and with which words it fails or asks, what
// it puts out.
//
// Written as JSON, `{"outcome": "fail", "step": 3, "category": "SERVICE_UNAVAILABLE"}`, or short,
// `fail; step=3; category=SERVICE_UNAVAILABLE`.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/text/json.hpp"
#include "base/time.hpp"

namespace sluice {

struct RunScript {
  enum class Outcome : std::uint8_t {
    success,
    fail,         ///< at `step`
    timeout,      ///< as if its workflow's time limit had ended it
    login_fails,  ///< each login of it; without one it fails at once
  };
  /// What it asks a person before it goes on.
  struct Question {
    bool input_required = false;  ///< asked by execution.input_required, not interaction.waiting
    std::uint32_t step = 0;       ///< from 1; 0: the last
    std::string message;          ///< "": the workflow's
    std::string expected;         ///< JSON Schema of the answer; "": the workflow's
    std::optional<Duration> timeout;
  };

  Outcome outcome = Outcome::success;
  std::optional<Duration> takes;  ///< each attempt, logins and the person apart; none: as drawn
  std::uint32_t step = 0;         ///< at which it fails, from 1; 0: the last
  std::uint32_t retries = 0;      ///< so many attempts fail and are retried before `outcome`
  /// Of the error (contract 2.4); "": as the mock words such an end.
  std::string category, sub_type, error_code, message, description;
  std::optional<Question> asks;
  std::string output;  ///< JSON object; "": the workflow's
  std::string text;    ///< all of it as JSON
};

/// An object, or a string that holds what the other form reads. None: `problem` says what is wrong.
std::optional<RunScript> read_script(const Json& json, std::string& problem);
/// JSON, or the short form.
std::optional<RunScript> read_script(std::string_view text, std::string& problem);
/// "fails at step 3", for people.
std::string describe(const RunScript& script);

/// A script on the run that it holds for.
struct StruckScript {
  RunScript script;
  std::string by;  ///< where it came from: "X-Sluice-Script", "rule 2"
};

/// The steps of a failing attempt, and those before a question: `wanted` from 1, 0 is the last.
constexpr std::uint32_t scripted_step(std::uint32_t wanted, std::uint32_t steps) {
  return wanted == 0 || wanted > steps ? steps : wanted;
}

}  // namespace sluice
