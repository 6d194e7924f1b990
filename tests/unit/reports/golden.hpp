// Golden files: what a user sees, kept under tests/unit/reports/golden/ or anywhere in the source
// tree.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>

namespace sluice::test {

inline std::string read_source_file(const std::string& path) {
  std::ifstream file(std::string(SLUICE_SOURCE_DIR) + "/" + path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

/// Where two texts part, for a message: the number of the line, and both lines.
inline std::string first_difference(const std::string& expected, const std::string& actual) {
  std::istringstream left(expected), right(actual);
  for (int number = 1;; ++number) {
    std::string a, b;
    const bool more_left = static_cast<bool>(std::getline(left, a));
    const bool more_right = static_cast<bool>(std::getline(right, b));
    if (!more_left && !more_right) return "line ends differ";
    if (a != b || more_left != more_right)
      return "line " + std::to_string(number) + "\n  expected: " + a + "\n  actual:   " + b;
  }
}

/// `path` from the source tree's root. With SLUICE_UPDATE_GOLDEN=1 in the environment the file is
/// written instead.
inline void expect_golden(const std::string& path, const std::string& text) {
  if (std::getenv("SLUICE_UPDATE_GOLDEN") != nullptr) {
    std::ofstream(std::string(SLUICE_SOURCE_DIR) + "/" + path, std::ios::binary) << text;
    return;
  }
  const std::string expected = read_source_file(path);
  if (expected == text) return;
  ADD_FAILURE() << path << ", " << first_difference(expected, text)
                << "\nIf that is meant, run this test with SLUICE_UPDATE_GOLDEN=1.";
}

}  // namespace sluice::test
