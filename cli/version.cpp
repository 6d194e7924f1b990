#include "cli/version.hpp"

namespace sluice {
namespace {

#if defined(__clang__)
constexpr const char* kCompiler = "clang " __clang_version__;
#else
constexpr const char* kCompiler = "gcc " __VERSION__;
#endif

#if defined(NDEBUG)
constexpr const char* kKind = "optimised";
#else
constexpr const char* kKind = "with assertions";
#endif

}  // namespace

std::string version_text() { return "sluice " SLUICE_VERSION; }

std::string build_id() {
  return std::string(SLUICE_VERSION) + " (" + kCompiler + ", " + kKind + ")";
}

}  // namespace sluice
