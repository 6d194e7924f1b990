#include "base/in_parallel.hpp"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

namespace sluice {
namespace {

class Turns {
 public:
  Turns(std::uint32_t count, const std::function<void(std::uint32_t)>& work)
      : count_(count), work_(work) {}

  void take() {
    for (std::uint32_t number = next_++; number < count_; number = next_++) {
      try {
        work_(number);
      } catch (...) {
        const std::lock_guard lock(mutex_);
        if (!error_) error_ = std::current_exception();
        next_ = count_;
      }
    }
  }
  void rethrow() const {
    if (error_) std::rethrow_exception(error_);
  }

 private:
  std::uint32_t count_;
  const std::function<void(std::uint32_t)>& work_;
  std::atomic<std::uint32_t> next_{0};
  std::mutex mutex_;
  std::exception_ptr error_;
};

}  // namespace

void in_parallel(std::uint32_t count, unsigned threads,
                 const std::function<void(std::uint32_t)>& work) {
  if (threads == 0) threads = std::max(1u, std::thread::hardware_concurrency());
  Turns turns(count, work);
  {
    std::vector<std::jthread> others;
    for (unsigned i = 1; i < std::min<unsigned>(threads, count); ++i)
      others.emplace_back([&turns] { turns.take(); });
    turns.take();
  }
  turns.rethrow();
}

}  // namespace sluice
