// A mock of the start-run API in a process of its own.
#pragma once

#include <string>
#include <thread>
#include <vector>

namespace sluice {

/// Runs from construction to destruction; ends with this process, however that ends.
class SpawnedMock {
 public:
  /// `arguments`: the program and what it is given. Waits until it has said `listening on URL` on
  /// its standard error; what else it says there is read and left out. Throws UserError
  /// (target_unreachable) with what it said if it does not start.
  explicit SpawnedMock(const std::vector<std::string>& arguments);
  /// SIGTERM, and SIGKILL to one that has not ended after 3 s.
  ~SpawnedMock();
  SpawnedMock(const SpawnedMock&) = delete;
  SpawnedMock& operator=(const SpawnedMock&) = delete;

  const std::string& url() const { return url_; }

 private:
  void wait_until_listening();
  void end();

  int process_ = -1;
  int errors_ = -1;  // the reading end of its standard error
  std::string url_;
  std::thread reader_;  // of what it says later, so that a full pipe does not hold it
};

/// The path of the running program. Throws UserError.
std::string own_program();

}  // namespace sluice
