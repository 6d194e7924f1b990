#include "experiments/store/point_log.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>

#include "base/check.hpp"

namespace sluice {
namespace {

/// Whether `name` is still the file that was opened: a merge puts another one in its place.
bool is_still(const std::string& name, const OpenFile& file) {
  struct stat opened {};
  struct stat named {};
  return ::fstat(file.descriptor(), &opened) == 0 && ::stat(name.c_str(), &named) == 0 &&
         opened.st_ino == named.st_ino && opened.st_dev == named.st_dev;
}

OpenFile open_locked(const std::string& name) {
  constexpr int kTries = 100;
  for (int i = 0; i < kTries; ++i) {
    OpenFile file(::open(name.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666));
    if (!file.is_open()) throw cannot_write(name, errno);
    if (::flock(file.descriptor(), LOCK_EX | LOCK_NB) != 0) {
      if (errno == EWOULDBLOCK) break;
      throw cannot_write(name, errno);
    }
    if (is_still(name, file)) return file;
  }
  throw bad_input(fmt::format(
      "{} is being written by another process: let it end, or give this one another --store or "
      "--shard",
      name));
}

}  // namespace

PointLog::PointLog(const std::string& name) : name_(name), file_(open_locked(name)) {}

PointLog::~PointLog() {
  struct stat status {};
  if (::fstat(file_.descriptor(), &status) == 0 && status.st_size == 0 && is_still(name_, file_))
    ::unlink(name_.c_str());
}

void PointLog::begin(std::uint64_t whole, std::string_view header) {
  SLUICE_REQUIRE(length_ == 0, "a file begins once");
  if (::ftruncate(file_.descriptor(), static_cast<off_t>(whole)) != 0)
    throw cannot_write(name_, errno);
  length_ = whole;
  // What a process wrote that was killed before its sync counts from now on.
  if (const std::string problem = append(whole == 0 ? header : ""); !problem.empty())
    throw UserError(ExitCode::output_failed, problem);
  sync_folder(std::filesystem::path(name_).parent_path().string());
}

std::string PointLog::append(std::string_view records) {
  if (!broken_.empty()) return broken_;
  if (const int error = write_at(file_, length_, records); error != 0) return undo(error);
  if (::fdatasync(file_.descriptor()) != 0) {
    // Nobody knows what of it the disk has, and a second sync would not tell.
    broken_ = undo(errno);
    return broken_;
  }
  length_ += records.size();
  return {};
}

std::string PointLog::undo(int error) {
  const std::string problem = cannot_write(name_, error).what();
  if (::ftruncate(file_.descriptor(), static_cast<off_t>(length_)) != 0) broken_ = problem;
  return problem;
}

}  // namespace sluice
