// Files under a temporary name, which are removed whatever ends the process, `kill -9` apart.
#pragma once

#include <atomic>
#include <string>

namespace sluice {

/// The name of a file that exists until it is renamed or this object ends. One thread.
class TemporaryName {
 public:
  TemporaryName() = default;
  /// Removes the file if it still has this name.
  ~TemporaryName();
  TemporaryName(const TemporaryName&) = delete;
  TemporaryName& operator=(const TemporaryName&) = delete;

  /// The file has been made. REQUIRES that it holds no name.
  void hold(std::string name);
  /// The file is gone, or has another name.
  void forget();
  const std::string& text() const { return name_; }
  bool is_held() const { return !name_.empty(); }

 private:
  std::string name_;
  std::atomic<const char*>* known_ = nullptr;  // where it is for a signal handler
};

/// Those of all names that are held, for a process that ends by a signal: only calls that a signal
/// handler may make.
void remove_temporary_files();

}  // namespace sluice
