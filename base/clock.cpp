#include "base/clock.hpp"

namespace sluice {
namespace {

class MachineClock final : public Clock {
 public:
  SteadyTime now() const override { return std::chrono::steady_clock::now(); }
  SystemTime time_of_day() const override { return std::chrono::system_clock::now(); }
};

}  // namespace

const Clock& machine_clock() {
  static const MachineClock clock;
  return clock;
}

}  // namespace sluice
