#include "experiments/store/replaced_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <utility>

namespace sluice {
namespace {

constexpr std::size_t kReplacedFileBuffer = 1 << 20;
constexpr int kMostTemporaryNames = 1000;

}  // namespace

ReplacedFile::ReplacedFile(const std::string& name) : name_(name) {
  // Processes of several machines may write it at the same time, with equal process ids.
  for (int i = 0; i < kMostTemporaryNames && !file_.is_open(); ++i) {
    std::string temporary = fmt::format("{}.{}.tmp", name, ::getpid() + i);
    file_ = OpenFile(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666));
    if (file_.is_open())
      temporary_.hold(std::move(temporary));
    else if (errno != EEXIST)
      break;
  }
  if (!file_.is_open()) throw cannot_write(name, errno);
}

void ReplacedFile::write(std::string_view text) {
  buffer_ += text;
  if (buffer_.size() >= kReplacedFileBuffer) flush();
}

void ReplacedFile::flush() {
  if (const int error = write_at(file_, length_, buffer_); error != 0)
    throw cannot_write(name_, error);
  length_ += buffer_.size();
  buffer_.clear();
}

void ReplacedFile::commit() {
  flush();
  if (::fsync(file_.descriptor()) != 0) throw cannot_write(name_, errno);
  if (std::rename(temporary_.text().c_str(), name_.c_str()) != 0) throw cannot_write(name_, errno);
  temporary_.forget();
  sync_folder(std::filesystem::path(name_).parent_path().string());
}

}  // namespace sluice
