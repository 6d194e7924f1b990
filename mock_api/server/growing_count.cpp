#include "mock_api/server/growing_count.hpp"

#include <chrono>

namespace sluice {
namespace {

constexpr auto kQuiet = std::chrono::seconds(10);

}  // namespace

void GrowingCount::reached(std::uint64_t total, SteadyTime now) {
  total_ = total;
  if (total_ == told_ || now < quiet_until_) return;
  tell();
  quiet_until_ = now + kQuiet;
}

void GrowingCount::end() {
  if (total_ != told_) tell();
}

void GrowingCount::tell() {
  log_.write(ServerLog::Level::warning, event_,
             {{"new", static_cast<std::int64_t>(total_ - told_)},
              {"total", static_cast<std::int64_t>(total_)}});
  told_ = total_;
}

}  // namespace sluice
