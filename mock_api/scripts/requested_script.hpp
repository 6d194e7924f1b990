// The script that one POST /run brings along itself.
//
// In the header `X-Sluice-Script`; for clients that set no headers as the input `sluice_script`
// (taken out before anything looks at the inputs) or, where the client knows by the workflow's
// schema that there is no such input, as `sluice_script` in `additional_context`.
#pragma once

#include <optional>
#include <string>

#include "http/message.hpp"
#include "mock_api/contract/start_run.hpp"
#include "mock_api/scripts/run_script.hpp"

namespace sluice {

/// Of the places in that order the first counts. O(variables) where there is none.
class RequestedScript {
 public:
  /// The body without the input; `body` itself if it has none. Valid until the next call.
  const StartRun& take(const HttpRequest& request, const StartRun& body);

  /// What was brought along; none without a script.
  const std::optional<StruckScript>& script() const { return script_; }
  /// Not empty: something is wrong with it.
  const std::string& problem() const { return problem_; }

 private:
  void look_in_header(const HttpRequest& request);
  void look_in_input(const InputVariable& variable);
  void look_in_context(std::string_view context);
  void found(std::string by, std::optional<RunScript> script, const std::string& problem);
  const StartRun& without_input(const StartRun& body);

  std::optional<StruckScript> script_;
  std::string problem_;
  StartRun body_;
  std::string inputs_;
};

inline constexpr std::string_view kScriptHeader = "X-Sluice-Script";
inline constexpr std::string_view kScriptInput = "sluice_script";

}  // namespace sluice
