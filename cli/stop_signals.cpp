#include "cli/stop_signals.hpp"

#include <unistd.h>

#include <array>
#include <csignal>

#include "base/temporary_files.hpp"

namespace sluice {
namespace {

// A signal handler can reach nothing but what is static.
std::atomic<bool> stop_flag{false}, at_once_flag{false};
std::atomic<int> stop_signal{0};
static_assert(std::atomic<bool>::is_always_lock_free && std::atomic<int>::is_always_lock_free);

constexpr std::array<int, 4> kSignals{SIGINT, SIGTERM, SIGHUP, SIGPIPE};
std::array<struct sigaction, kSignals.size()> previous;

void on_signal(int number) {
  if (!stop_flag.exchange(true)) {
    stop_signal = number;
  } else if (at_once_flag.exchange(true)) {
    remove_temporary_files();
    ::_exit(128 + number);
  }
}

}  // namespace

StopSignals::StopSignals() {
  stop_flag = false;
  at_once_flag = false;
  stop_signal = 0;
  for (std::size_t i = 0; i < kSignals.size(); ++i) {
    struct sigaction action {};
    if (kSignals[i] == SIGPIPE) {
      action.sa_handler = SIG_IGN;
    } else {
      action.sa_handler = on_signal;
      action.sa_flags = SA_RESTART;
    }
    ::sigaction(kSignals[i], &action, &previous[i]);
    if (kSignals[i] == SIGHUP && previous[i].sa_handler == SIG_IGN)
      ::sigaction(SIGHUP, &previous[i], nullptr);
  }
}

StopSignals::~StopSignals() {
  for (std::size_t i = 0; i < kSignals.size(); ++i) ::sigaction(kSignals[i], &previous[i], nullptr);
}

const std::atomic<bool>& StopSignals::stop() const { return stop_flag; }
const std::atomic<bool>& StopSignals::at_once() const { return at_once_flag; }
int StopSignals::signal() const { return stop_signal; }

}  // namespace sluice
