// What a load shows of itself while it goes on.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "load/measure/progress_report.hpp"

namespace sluice {

/// On a terminal a few lines of standard error that are written anew each time, and taken away at
/// the end; elsewhere one plain line every five seconds. Shows nothing if it is not wanted.
class LoadView {
 public:
  explicit LoadView(bool wanted);
  ~LoadView();
  LoadView(const LoadView&) = delete;
  LoadView& operator=(const LoadView&) = delete;

  void show(const LoadProgress& progress);

 private:
  void take_away();

  bool wanted_;
  bool terminal_;
  std::size_t lines_ = 0;  // that stand there now
  std::chrono::steady_clock::time_point last_;
};

/// The lines of the view, without colours.
std::vector<std::string> load_view_lines(const LoadProgress& progress);
/// The same in one line.
std::string load_view_line(const LoadProgress& progress);

}  // namespace sluice
