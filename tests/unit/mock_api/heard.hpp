// An api whose events a client reads.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "tests/unit/mock_api/api_world.hpp"

namespace sluice::test {

inline constexpr const char* kClient = R"("client_id":"c")";
inline constexpr const char* kPortal = R"({"USER":"portal-1"})";

/// An api whose client `c` listens.
struct Heard {
  explicit Heard(const Scenario& scenario) : world(scenario) {
    world.api->open_stream(world.now, world.get("/run/clients/c/events").stream_of, frames);
  }
  /// Payloads of the events of that name.
  std::vector<Json> payloads(std::string_view event) const {
    std::vector<Json> found;
    for (const Json& frame : frames.frames)
      if (frame.contains("data") && frame["data"]["event"] == event)
        found.push_back(frame["data"]["payload"]);
    return found;
  }
  /// Names of steps and questions in the order in which they were told.
  std::string path() const {
    std::string names;
    for (const Json& frame : frames.frames) {
      if (!frame.contains("data")) continue;
      const std::string event = frame["data"]["event"];
      const Json& payload = frame["data"]["payload"];
      if (event == "execution.step") names += payload["current_step"].get<std::string>() + ' ';
      if (event == "interaction.waiting")
        names += payload["current_step"].get<std::string>() + "? ";
    }
    return names;
  }
  ApiWorld world;
  KeptFrames frames;
};

}  // namespace sluice::test
