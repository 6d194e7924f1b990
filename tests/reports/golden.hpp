// Golden files: what a user sees, kept under tests/reports/golden/ or anywhere in the source tree.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>

namespace sluice::testing {

inline std::string read_source_file(const std::string& path) {
  std::ifstream file(std::string(SLUICE_SOURCE_DIR) + "/" + path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

/// `path` from the source tree's root. With SLUICE_UPDATE_GOLDEN=1 in the environment the file is
/// written instead.
inline void expect_golden(const std::string& path, const std::string& text) {
  if (std::getenv("SLUICE_UPDATE_GOLDEN") != nullptr) {
    std::ofstream(std::string(SLUICE_SOURCE_DIR) + "/" + path, std::ios::binary) << text;
    return;
  }
  EXPECT_EQ(read_source_file(path), text)
      << path << " differs; if that is meant, run this test with SLUICE_UPDATE_GOLDEN=1";
}

}  // namespace sluice::testing
