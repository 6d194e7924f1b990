#include "cli/output/output_names.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <filesystem>
#include <system_error>

#include "base/failure.hpp"
#include "cli/output/output.hpp"

namespace sluice {
namespace {

/// The file behind a name, whether or not it is there yet; empty for what is written directly.
std::filesystem::path file_behind(const std::string& name) {
  if (name.empty() || name == kStandardOutput) return {};
  std::error_code ignored;
  const std::filesystem::file_status status = std::filesystem::status(name, ignored);
  if (std::filesystem::exists(status) && !std::filesystem::is_regular_file(status)) return {};
  const std::filesystem::path file = std::filesystem::absolute(name, ignored);
  std::filesystem::path real = std::filesystem::weakly_canonical(file, ignored);
  return ignored ? file : real;
}

}  // namespace

std::vector<std::string_view> on_standard_output(const std::vector<NamedOutput>& outputs) {
  std::vector<std::string_view> options;
  for (const NamedOutput& output : outputs)
    if (output.name == kStandardOutput) options.push_back(output.option);
  return options;
}

void check_outputs(const std::vector<NamedOutput>& outputs,
                   const std::vector<std::string>& inputs) {
  if (const auto options = on_standard_output(outputs); options.size() > 1)
    throw bad_input(
        fmt::format("only one of {} can go to standard output", fmt::join(options, " and ")));
  for (auto output = outputs.begin(); output != outputs.end(); ++output) {
    const std::filesystem::path file = file_behind(output->name);
    if (file.empty()) continue;
    for (const std::string& input : inputs)
      if (file == file_behind(input))
        throw bad_input(fmt::format("{} {}: would replace the file that is read", output->option,
                                    output->name));
    for (auto other = outputs.begin(); other != output; ++other)
      if (file == file_behind(other->name))
        throw bad_input(fmt::format("{} and {} would both write {}", other->option, output->option,
                                    output->name));
  }
}

}  // namespace sluice
