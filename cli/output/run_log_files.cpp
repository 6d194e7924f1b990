#include "cli/output/run_log_files.hpp"

#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>
#include <vector>

#include "experiments/replications.hpp"
#include "reports/runs/run_listener.hpp"
#include "reports/runs/run_log.hpp"
#include "sim/scenario_report.hpp"

namespace sluice {

/// The log of one replication until it is appended.
class RunLogFiles::Part {
 public:
  Part() : file_(std::tmpfile()), buffer_(descriptor()), stream_(&buffer_) {}

  std::ostream& stream() { return stream_; }

  void append_to(std::ostream& out) {
    stream_.flush();
    if (buffer_.error() != 0) fail(buffer_.error());
    std::rewind(file_.get());
    std::vector<char> block(1 << 16);
    for (;;) {
      const std::size_t size = std::fread(block.data(), 1, block.size(), file_.get());
      if (size == 0) break;
      out.write(block.data(), static_cast<std::streamsize>(size));
    }
    if (std::ferror(file_.get()) != 0) fail(errno);
  }

 private:
  struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };

  int descriptor() const {
    if (file_ == nullptr) fail(errno);
    return ::fileno(file_.get());
  }
  [[noreturn]] static void fail(int error) {
    throw output_failed(std::string("cannot write a temporary file for --runs: ") +
                        std::strerror(error));
  }

  std::unique_ptr<std::FILE, Close> file_;
  DescriptorBuffer buffer_;
  std::ostream stream_;
};

/// Comes after the log among a replication's listeners: hands its part over when it is whole.
class RunLogFiles::PartDone final : public RunListener {
 public:
  PartDone(RunLogFiles& files, std::uint32_t replication, std::unique_ptr<Part> part)
      : files_(files), replication_(replication), part_(std::move(part)) {}

  std::ostream& stream() { return part_->stream(); }
  void finish(Time) override { files_.done(replication_, std::move(part_)); }

 private:
  RunLogFiles& files_;
  std::uint32_t replication_;
  std::unique_ptr<Part> part_;
};

RunLogFiles::RunLogFiles(const std::string& name, const Scenario& scenario)
    : scenario_(scenario), file_(name) {
  write_run_log_header(file_.stream(), {scenario.name, scenario.hash, scenario.seed,
                                        scenario.replications.value_or(1), scenario.duration});
}

RunLogFiles::~RunLogFiles() = default;

void RunLogFiles::listen(std::uint32_t replication, const Recorder& recorder,
                         Listeners& listeners) {
  auto done = std::make_unique<PartDone>(*this, replication, std::make_unique<Part>());
  listeners.push_back(make_run_log(done->stream(), scenario_.pipeline, submitter_names(scenario_),
                                   replication, recorder));
  listeners.push_back(std::move(done));
}

void RunLogFiles::done(std::uint32_t replication, std::unique_ptr<Part> part) {
  const std::lock_guard lock(mutex_);
  whole_.emplace(replication, std::move(part));
  while (!whole_.empty() && whole_.begin()->first == next_) {
    whole_.begin()->second->append_to(file_.stream());
    whole_.erase(whole_.begin());
    ++next_;
  }
}

}  // namespace sluice
