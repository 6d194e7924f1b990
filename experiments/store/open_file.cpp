#include "experiments/store/open_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace sluice {

OpenFile::OpenFile(OpenFile&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}

OpenFile& OpenFile::operator=(OpenFile&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  return *this;
}

OpenFile::~OpenFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

OpenFile open_to_read(const std::string& name) {
  OpenFile file(::open(name.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.is_open())
    throw bad_input(fmt::format("cannot read {}: {}", name, std::strerror(errno)));
  return file;
}

std::string read_at(const OpenFile& file, const std::string& name, std::uint64_t offset,
                    std::size_t size) {
  std::string data(size, '\0');
  std::size_t got = 0;
  while (got < size) {
    const ssize_t part =
        ::pread(file.descriptor(), data.data() + got, size - got, static_cast<off_t>(offset + got));
    if (part < 0 && errno == EINTR) continue;
    if (part < 0) throw bad_input(fmt::format("cannot read {}: {}", name, std::strerror(errno)));
    if (part == 0) break;
    got += static_cast<std::size_t>(part);
  }
  data.resize(got);
  return data;
}

int write_at(const OpenFile& file, std::uint64_t offset, std::string_view data) {
  while (!data.empty()) {
    const ssize_t written =
        ::pwrite(file.descriptor(), data.data(), data.size(), static_cast<off_t>(offset));
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return errno;
    data.remove_prefix(static_cast<std::size_t>(written));
    offset += static_cast<std::uint64_t>(written);
  }
  return 0;
}

void sync_folder(const std::string& folder) {
  const char* name = folder.empty() ? "." : folder.c_str();
  const OpenFile file(::open(name, O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (file.is_open()) ::fsync(file.descriptor());
}

UserError cannot_write(const std::string& name, int error) {
  return {ExitCode::output_failed, fmt::format("cannot write {}: {}", name, std::strerror(error))};
}

}  // namespace sluice
