#include "experiments/shard.hpp"

#include <fmt/format.h>

#include <charconv>
#include <limits>
#include <string_view>
#include <vector>

namespace sluice {
namespace {

constexpr std::uint32_t kMostShards = std::numeric_limits<std::uint32_t>::max();
constexpr std::string_view kByHand = "--shard i/n says it by hand";

/// Digits alone, so that "+3", " 3" and "3 " are mistakes.
std::optional<std::uint32_t> parse_digits(std::string_view text) {
  std::uint32_t number = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, problem] = std::from_chars(text.data(), end, number);
  if (problem != std::errc{} || stop != end) return {};
  return number;
}

std::uint32_t parse_count(const std::string& text) {
  const std::optional<std::uint32_t> count = parse_digits(text);
  if (!count || *count == 0)
    throw bad_input(
        fmt::format("--shards {}: must be a whole number from 1 to {}", text, kMostShards));
  return *count;
}

Shard parse_shard(const std::string& text) {
  const std::size_t slash = text.find('/');
  const std::string_view view = text;
  const auto index = parse_digits(view.substr(0, slash));
  const auto count =
      slash == std::string::npos ? std::nullopt : parse_digits(view.substr(slash + 1));
  if (!index || !count)
    throw bad_input(fmt::format("--shard {}: must be i/n, as in 3/16, or auto", text));
  if (*count == 0) throw bad_input(fmt::format("--shard {}: there must be at least 1 shard", text));
  if (*index == 0 || *index > *count)
    throw bad_input(
        fmt::format("--shard {}: i counts from 1 to {}, the number of shards", text, *count));
  return {*index, *count};
}

/// The variables of schedulers, as numbers.
class SchedulerVariables {
 public:
  explicit SchedulerVariables(const EnvironmentLookup& environment) : environment_(environment) {}

  /// An empty variable is none, and so is SGE's "undefined" outside an array.
  std::optional<std::uint32_t> find(const char* name) const {
    const char* const value = environment_(name);
    if (value == nullptr) return {};
    const std::string text = value;
    if (text.empty() || text == "undefined") return {};
    const std::optional<std::uint32_t> number = parse_digits(text);
    if (!number)
      throw bad_input(fmt::format("{}={}: is no whole number from 0 to {}; {}", name, text,
                                  kMostShards, kByHand));
    return number;
  }
  /// One that always stands beside another one.
  std::uint32_t need(const char* name, const char* beside) const {
    const std::optional<std::uint32_t> number = find(name);
    if (!number)
      throw bad_input(fmt::format("{}: is not set, although {} is; {}", name, beside, kByHand));
    return *number;
  }

 private:
  const EnvironmentLookup& environment_;
};

/// A shard, and which variable said so, for messages.
struct FoundShard {
  std::string said;
  Shard shard;
};

struct ArrayVariables {
  const char* id;
  const char* first;
  const char* last;
  const char* step;
  const char* count;   ///< null: what the others say
  const char* option;  ///< how an array is submitted
};
constexpr ArrayVariables kSlurm = {"SLURM_ARRAY_TASK_ID",    "SLURM_ARRAY_TASK_MIN",
                                   "SLURM_ARRAY_TASK_MAX",   "SLURM_ARRAY_TASK_STEP",
                                   "SLURM_ARRAY_TASK_COUNT", "--array="};
constexpr ArrayVariables kGridEngine = {"SGE_TASK_ID",       "SGE_TASK_FIRST", "SGE_TASK_LAST",
                                        "SGE_TASK_STEPSIZE", nullptr,          "-t "};
constexpr ArrayVariables kPbs = {"PBS_ARRAY_INDEX", nullptr, nullptr, nullptr, nullptr, "-J "};

struct RankVariables {
  const char* rank;  ///< from 0
  const char* size;
};
constexpr RankVariables kRanks[] = {{"OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE"},
                                    {"PMI_RANK", "PMI_SIZE"}};

std::string said(const char* name, std::uint32_t value) {
  return fmt::format("{}={}", name, value);
}

/// An array whose numbers are those of the shards; it may be some of them, to be done again.
FoundShard from_numbers(const SchedulerVariables& variables, const ArrayVariables& names,
                        std::uint32_t id, std::uint32_t count) {
  const auto check = [&](const char* name, std::uint32_t number) {
    if (number == 0 || number > count)
      throw bad_input(
          fmt::format("{}: with --shards {} an array's numbers are those of the "
                      "shards, from 1 to {}; submit {}1-{}",
                      said(name, number), count, count, names.option, count));
  };
  // Each task of a wrong array says so, not only those whose own number is out of range.
  for (const char* const name : {names.first, names.last})
    if (name != nullptr)
      if (const auto number = variables.find(name)) check(name, *number);
  check(names.id, id);
  return {said(names.id, id), {id, count}};
}

/// An array that is all of the shards.
FoundShard from_whole(const SchedulerVariables& variables, const ArrayVariables& names,
                      std::uint32_t id) {
  if (names.first == nullptr)
    throw bad_input(
        fmt::format("{}: does not say of how many; add --shards n", said(names.id, id)));
  const std::uint32_t first = variables.need(names.first, names.id);
  const std::uint32_t last = variables.need(names.last, names.id);
  const std::uint32_t step = variables.need(names.step, names.id);
  if (step == 0 || id < first || id > last || (id - first) % step != 0)
    throw bad_input(fmt::format("{}: is none of the numbers from {} to {} in steps of {}; {}",
                                said(names.id, id), first, last, step, kByHand));
  const std::uint64_t count = std::uint64_t{last - first} / step + 1;
  const std::uint32_t tasks = names.count == nullptr ? static_cast<std::uint32_t>(count)
                                                     : variables.need(names.count, names.id);
  // A list, as in --array=1,3,7: the task does not know which place in the list is its own.
  if (tasks != count)
    throw bad_input(fmt::format(
        "{}: the {} numbers of this array, from {} to {}, are not evenly spaced, so they do not "
        "say which shard this is; with --shards n they are the shards' own numbers, from 1 to n",
        said(names.id, id), tasks, first, last));
  return {said(names.id, id), {(id - first) / step + 1, tasks}};
}

void add_array(const SchedulerVariables& variables, const ArrayVariables& names,
               std::optional<std::uint32_t> count, std::vector<FoundShard>& found) {
  if (const auto id = variables.find(names.id))
    found.push_back(count ? from_numbers(variables, names, *id, *count)
                          : from_whole(variables, names, *id));
}

/// Of a scheduler that tells a number, the first being `first`, and not of how many.
void add_numbered(const SchedulerVariables& variables, const char* name, std::uint32_t first,
                  std::optional<std::uint32_t> count, std::vector<FoundShard>& found) {
  const auto number = variables.find(name);
  if (!number) return;
  if (!count)
    throw bad_input(
        fmt::format("{}: does not say of how many; add --shards n", said(name, *number)));
  if (*number < first || *number - first >= *count)
    throw bad_input(fmt::format("{}: with --shards {} it may be {} to {}", said(name, *number),
                                *count, first, *count - 1 + first));
  found.push_back({said(name, *number), {*number - first + 1, *count}});
}

void add_rank(const SchedulerVariables& variables, const RankVariables& names,
              std::optional<std::uint32_t> count, std::vector<FoundShard>& found) {
  const auto rank = variables.find(names.rank);
  if (!rank) return;
  const std::uint32_t size = variables.need(names.size, names.rank);
  if (*rank >= size)
    throw bad_input(fmt::format("{}: must be less than {}; {}", said(names.rank, *rank),
                                said(names.size, size), kByHand));
  if (count && *count != size)
    throw bad_input(fmt::format("{}: contradicts --shards {}; start {} processes, or leave it out",
                                said(names.size, size), *count, *count));
  found.push_back({said(names.rank, *rank), {*rank + 1, size}});
}

Shard from_environment(const std::string& option, std::optional<std::uint32_t> count,
                       const EnvironmentLookup& environment) {
  const SchedulerVariables variables(environment);
  std::vector<FoundShard> found;
  for (const ArrayVariables& names : {kSlurm, kGridEngine, kPbs})
    add_array(variables, names, count, found);
  add_numbered(variables, "JOB_COMPLETION_INDEX", 0, count, found);
  add_numbered(variables, "PARALLEL_SEQ", 1, count, found);
  for (const RankVariables& names : kRanks) add_rank(variables, names, count, found);

  if (found.empty())
    throw bad_input(fmt::format(
        "{}: no variable of a scheduler says which shard this process is (Slurm, SGE, PBS, "
        "Kubernetes, GNU parallel, mpirun were looked for); {}",
        option, kByHand));
  for (const FoundShard& other : found)
    if (other.shard != found.front().shard)
      throw bad_input(fmt::format("{}: {} says shard {}/{}, and {} says {}/{}; {}", option,
                                  found.front().said, found.front().shard.index,
                                  found.front().shard.count, other.said, other.shard.index,
                                  other.shard.count, kByHand));
  return found.front().shard;
}

}  // namespace

std::optional<Shard> find_shard(const ShardRequest& request, const EnvironmentLookup& environment) {
  if (!request.shard && !request.shards) return {};
  std::optional<std::uint32_t> count;
  if (request.shards) count = parse_count(*request.shards);
  if (!request.shard || *request.shard == "auto") {
    const std::string option = count ? fmt::format("--shards {}", *count) : "--shard auto";
    return from_environment(option, count, environment);
  }
  const Shard shard = parse_shard(*request.shard);
  if (count && *count != shard.count)
    throw bad_input(fmt::format("--shard {}: contradicts --shards {}", *request.shard, *count));
  return shard;
}

}  // namespace sluice
