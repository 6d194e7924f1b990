#include "load/target/spawned_mock.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <system_error>
#include <thread>

#include "base/failure.hpp"

namespace sluice {
namespace {

using namespace std::chrono_literals;
using SteadyClock = std::chrono::steady_clock;

constexpr auto kStartMayTake = 20s;
constexpr auto kEndMayTake = 3s;
constexpr std::string_view kListening = "listening on ";

/// In the child; only calls that are allowed between fork and exec.
[[noreturn]] void become(char* const* arguments, int errors, pid_t parent) {
  ::prctl(PR_SET_PDEATHSIG, SIGTERM);
  if (::getppid() != parent) ::_exit(127);
  // Signals of the terminal are for the one who drives the load; it ends this one itself.
  ::setpgid(0, 0);
  const int nothing = ::open("/dev/null", O_RDWR);
  ::dup2(nothing, STDIN_FILENO);
  ::dup2(nothing, STDOUT_FILENO);
  ::dup2(errors, STDERR_FILENO);
  ::execv(arguments[0], arguments);
  ::_exit(127);
}

}  // namespace

SpawnedMock::SpawnedMock(const std::vector<std::string>& arguments) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0)
    throw UserError(ExitCode::target_unreachable,
                    std::string("cannot start the mock: ") + std::strerror(errno));
  std::vector<std::string> copies = arguments;
  std::vector<char*> pointers;
  pointers.reserve(copies.size() + 1);
  for (std::string& copy : copies) pointers.push_back(copy.data());
  pointers.push_back(nullptr);
  const pid_t parent = ::getpid();
  process_ = ::fork();
  if (process_ == 0) become(pointers.data(), ends[1], parent);
  ::close(ends[1]);
  errors_ = ends[0];
  if (process_ < 0) {
    ::close(errors_);
    throw UserError(ExitCode::target_unreachable,
                    std::string("cannot start the mock: ") + std::strerror(errno));
  }
  try {
    wait_until_listening();
  } catch (...) {
    end();
    throw;
  }
}

void SpawnedMock::wait_until_listening() {
  const auto limit = SteadyClock::now() + kStartMayTake;
  std::string said;
  for (;;) {
    pollfd ready{errors_, POLLIN, 0};
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(limit - SteadyClock::now());
    if (left <= 0ms || ::poll(&ready, 1, static_cast<int>(left.count())) <= 0)
      throw UserError(ExitCode::target_unreachable, "the mock did not start in time: " + said);
    std::array<char, 4096> piece;
    const ssize_t size = ::read(errors_, piece.data(), piece.size());
    if (size <= 0) throw UserError(ExitCode::target_unreachable, "the mock did not start: " + said);
    said.append(piece.data(), static_cast<std::size_t>(size));
    const std::size_t begin = said.find(kListening);
    if (begin == std::string::npos) continue;
    const std::size_t url = begin + kListening.size();
    const std::size_t line_end = said.find('\n', url);
    if (line_end == std::string::npos) continue;
    url_ = said.substr(url, line_end - url);
    reader_ = std::thread([errors = errors_] {
      std::array<char, 4096> rest;
      while (::read(errors, rest.data(), rest.size()) > 0) continue;
    });
    return;
  }
}

SpawnedMock::~SpawnedMock() { end(); }

void SpawnedMock::end() {
  ::kill(process_, SIGTERM);
  const auto limit = SteadyClock::now() + kEndMayTake;
  while (::waitpid(process_, nullptr, WNOHANG) == 0) {
    if (SteadyClock::now() > limit) {
      ::kill(process_, SIGKILL);
      ::waitpid(process_, nullptr, 0);
      break;
    }
    std::this_thread::sleep_for(5ms);
  }
  if (reader_.joinable()) reader_.join();
  ::close(errors_);
}

std::string own_program() {
  std::string path(4096, '\0');
  const ssize_t size = ::readlink("/proc/self/exe", path.data(), path.size());
  if (size < 0)
    throw UserError(ExitCode::target_unreachable,
                    std::string("cannot find my own program: ") + std::strerror(errno));
  path.resize(static_cast<std::size_t>(size));
  return path;
}

}  // namespace sluice
