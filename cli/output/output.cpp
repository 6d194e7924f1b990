#include "cli/output/output.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <climits>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <utility>

namespace sluice {
namespace {

/// 0, or the error that kept some of it from being written.
int write_all(int descriptor, const char* data, std::size_t size) {
  while (size > 0) {
    const ssize_t written = ::write(descriptor, data, size);
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return errno;
    data += written;
    size -= static_cast<std::size_t>(written);
  }
  return 0;
}

}  // namespace

DescriptorBuffer::DescriptorBuffer(int descriptor) : descriptor_(descriptor) {
  setp(buffer_.data(), buffer_.data() + buffer_.size());
}

DescriptorBuffer::int_type DescriptorBuffer::overflow(int_type character) {
  if (sync() != 0) return traits_type::eof();
  if (!traits_type::eq_int_type(character, traits_type::eof()))
    sputc(traits_type::to_char_type(character));
  return traits_type::not_eof(character);
}

int DescriptorBuffer::sync() {
  if (error_ == 0)
    error_ = write_all(descriptor_, pbase(), static_cast<std::size_t>(pptr() - pbase()));
  setp(buffer_.data(), buffer_.data() + buffer_.size());
  return error_ == 0 ? 0 : -1;
}

OutputFile::OutputFile(const std::string& name) : name_(name), target_(name) {
  struct stat status {};
  if (name == kStandardOutput) {
    descriptor_ = STDOUT_FILENO;
  } else if (::stat(name.c_str(), &status) == 0 && !S_ISREG(status.st_mode)) {
    descriptor_ = ::open(name.c_str(), O_WRONLY | O_CLOEXEC);
    if (descriptor_ < 0) fail(errno);
    close_ = true;
  } else {
    open_temporary();
  }
  buffer_ = std::make_unique<DescriptorBuffer>(descriptor_);
  stream_ = std::make_unique<std::ostream>(buffer_.get());
}

void OutputFile::open_temporary() {
  char resolved[PATH_MAX];
  if (::realpath(name_.c_str(), resolved) != nullptr) target_ = resolved;
  if (::access(target_.c_str(), F_OK) == 0 && ::access(target_.c_str(), W_OK) != 0) fail(errno);
  std::string name = fmt::format("{}.{}.tmp", target_, ::getpid());
  descriptor_ = ::open(name.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (descriptor_ < 0) fail(errno);
  close_ = true;
  temporary_.hold(std::move(name));
}

OutputFile::~OutputFile() {
  if (close_) ::close(descriptor_);
}

void OutputFile::commit() {
  stream_->flush();
  // Who closes our standard output, as `head` does, wants no more of it: that is no error.
  if (name_ == kStandardOutput && (buffer_->error() == EPIPE || has_hung_up())) return;
  if (buffer_->error() != 0) fail(buffer_->error());
  if (!stream_->good()) fail(EIO);
  if (close_) {
    close_ = false;
    if (::close(descriptor_) != 0) fail(errno);
  }
  if (!temporary_.is_held()) return;
  if (::rename(temporary_.text().c_str(), target_.c_str()) != 0) fail(errno);
  temporary_.forget();
}

/// A terminal that went away.
bool OutputFile::has_hung_up() const {
  struct stat status {};
  return buffer_->error() == EIO && ::fstat(descriptor_, &status) == 0 && S_ISCHR(status.st_mode);
}

void OutputFile::fail(int error) const {
  const std::string what = name_ == kStandardOutput ? "standard output" : name_;
  throw output_failed(fmt::format("cannot write {}: {}", what, std::strerror(error)));
}

void open_if_named(std::optional<OutputFile>& file, const std::string& name) {
  if (!name.empty()) file.emplace(name);
}

void write_if_open(std::optional<OutputFile>& file, const std::function<std::string()>& text) {
  if (!file) return;
  file->stream() << text();
  file->commit();
}

void make_output_folder(const std::string& name) {
  std::error_code error;
  std::filesystem::create_directories(name, error);
  if (!error && ::access(name.c_str(), W_OK | X_OK) != 0)
    error.assign(errno, std::generic_category());
  if (error)
    throw output_failed(fmt::format("cannot write into the folder {}: {}", name, error.message()));
}

void write_output(const std::string& name, std::string_view text) {
  OutputFile file(name);
  file.stream() << text;
  file.commit();
}

void print(std::string_view text) {
  if (!text.empty()) write_output(std::string(kStandardOutput), text);
}

void print_error(std::string_view text) { write_all(STDERR_FILENO, text.data(), text.size()); }

}  // namespace sluice
