// What a workflow's FILE_DOWNLOAD nodes leave behind.
#pragma once

#include <cstdint>
#include <string>

namespace sluice {

/// A file that a step leaves behind.
struct StepDownload {
  std::uint32_t step = 0;  ///< of the workflow, from 0
  std::string file_name;
};

}  // namespace sluice
