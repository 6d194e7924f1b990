#include "reports/runs/run_name.hpp"

#include <fmt/format.h>

#include <charconv>
#include <vector>

#include "base/text/suggestion.hpp"

namespace sluice {

Parsed<RunName> parse_run_name(std::string_view text, const std::vector<std::string>& submitters) {
  const std::size_t sign = text.rfind('#');
  if (sign == std::string_view::npos)
    return Parsed<RunName>::wrong(0, "a run is named submitter#number, as in nightly#42");

  RunName run;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data() + sign + 1, end, run.index);
  if (error != std::errc() || stop != end)
    return Parsed<RunName>::wrong(sign + 1, "after the # comes the number of the run, from 0");

  const std::string_view submitter = text.substr(0, sign);
  std::vector<std::string_view> names;
  for (const std::string& name : submitters) {
    if (name == submitter) run.submitter = SubmitterId::at(names.size());
    names.emplace_back(name);
  }
  if (!run.submitter.valid())
    return Parsed<RunName>::wrong(
        0, fmt::format("there is no submitter '{}'{}", submitter, did_you_mean(submitter, names)));
  return Parsed<RunName>::of(run);
}

std::string to_string(const RunName& run, const std::vector<std::string>& submitters) {
  return fmt::format("{}#{}", submitters[run.submitter.index()], run.index);
}

}  // namespace sluice
