#include "tests/model/swarm/scenario_draw.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <vector>

#include "base/random/random.hpp"
#include "tests/model/swarm/draw.hpp"

namespace sluice::swarm {
namespace {

struct DrawnWorkflow {
  std::string name;
  std::vector<std::string> families;  ///< of credentials, one for each alias
};

class ScenarioDraw {
 public:
  explicit ScenarioDraw(std::uint64_t seed) : draw_(seed), seed_(seed) {}

  DrawnScenario make() {
    length_ = draw_.among({30, 60, 120, 240});
    tree_["duration"] = fmt::format("{}s", length_);
    tree_["seed"] = seed_ % 1000 + 1;
    if (draw_.has("warm-up")) tree_["warm_up"] = draw_.time(1, length_ / 2);
    if (draw_.has("thresholds")) tree_["starvation_threshold"] = draw_.time(1, 20);
    if (draw_.has("thresholds")) tree_["slo"] = draw_.time(1, 20);
    if (draw_.has("stop_queued_siblings")) tree_["stop_queued_siblings"] = true;
    if (draw_.has("api")) tree_["api"] = api();
    if (draw_.has("webhooks"))
      tree_["webhooks"] = {{"latency", draw_.times(0, 2)}, {"failure_rate", "30%"}};
    groups();
    workspaces();
    credentials();
    workflows();
    submitters();
    calendar();
    if (draw_.has("incidents")) incidents();
    if (draw_.has("expect")) tree_["expect"] = Tree::array({expectation(), expectation()});
    if (draw_.maybe(6)) empty_a_part();
    return {std::move(tree_), std::move(rows_)};
  }

 private:
  /// What has nothing in it is refused or does nothing.
  void empty_a_part() {
    auto section = tree_.begin();
    std::advance(section, draw_.number(0, static_cast<int>(tree_.size()) - 1));
    Tree& emptied = section->is_object() && !section->empty() && draw_.maybe(50)
                        ? section->begin().value()
                        : section.value();
    emptied = draw_.among<Tree>({Tree::object(), Tree::array(), Tree()});
  }

  Tree api() {
    Tree api = Tree::object();
    api["rate_limits"] = Tree::object();
    if (draw_.maybe(60)) {
      api["rate_limits"]["1s"] = draw_.number(1, 5);
      api["rate_limits"]["10s"] = draw_.number(3, 20);
    }
    // Never the same twice: nothing is accepted at the instant of another request.
    if (draw_.maybe(50)) api["latency"] = {{"uniform", {{"min", "10ms"}, {"max", "3s"}}}};
    if (draw_.maybe(40)) api["error_rate"] = draw_.percent(5, 40);
    return api;
  }

  // ---- groups

  Tree autoscaling() {
    const int min = draw_.number(0, 2);
    Tree scaling{{"min", min}, {"max", min + draw_.number(1, 8)}, {"every", draw_.time(1, 10)}};
    if (draw_.maybe(50)) scaling["target_backlog"] = draw_.number(1, 3);
    if (draw_.maybe(50)) scaling["scale_up_delay"] = draw_.time(0, 8);
    scaling["scale_down_delay"] = draw_.time(0, 20);
    return scaling;
  }

  Tree schedule() {
    Tree schedule;
    int at = draw_.maybe(50) ? 0 : draw_.number(1, 10);
    for (int step = draw_.number(1, 4); step > 0; --step) {
      schedule["at"][fmt::format("{}s", at)] = draw_.number(step == 1 ? 1 : 0, 5);
      at += draw_.number(1, 15);
    }
    if (draw_.maybe(25)) schedule["every"] = fmt::format("{}s", at + draw_.number(0, 10));
    return schedule;
  }

  Tree workers() {
    Tree workers{{"count", draw_.number(1, 5)}};
    const bool scaled = draw_.has_here("autoscaling");
    if (scaled) workers["autoscaling"] = autoscaling();
    if (scaled && draw_.maybe(30)) workers["count"] = 0;
    if (draw_.has_here("schedule") && !(scaled && draw_.maybe(95)))
      workers["schedule"] = schedule();
    if (draw_.has_here("start_up")) workers["start_up"] = draw_.bounded_times(0, 5);
    if (draw_.has_here("cool_down")) workers["cool_down"] = draw_.bounded_times(0, 10);
    if (draw_.has_here("worker_failures"))
      workers["failures"] = {{"mtbf", draw_.time(10, 100)}, {"mttr", draw_.times(1, 40)}};
    return workers;
  }

  Tree policy() {
    switch (draw_.number(0, 10)) {
      case 0:
        return "weighted";
      case 1:
        return "fair_first";
      case 2:
        return "fifo";
      case 3:
        return Tree{{"ageing", draw_.time(1, 15)}};
      case 4:
        return Tree{{"weighted", {{"HIGH", draw_.number(1, 4)}, {"LOW", draw_.number(1, 3)}}}};
      case 5:
      case 6: {
        Tree floors{{draw_.among({"HIGH", "MEDIUM", "LOW"}), draw_.number(1, 2)}};
        if (draw_.maybe(30)) floors[draw_.among({"HIGH", "MEDIUM", "LOW"})] = 1;
        return Tree{{"reserved", floors}};
      }
      case 7:
        return Tree{{"workspace_cap", draw_.number(1, 3)}};
      case 8:
        return "fair_share";
      case 9:
        return Tree{{"share_limit", draw_.percent(20, 80)}};
      default:
        return "strict_priority";
    }
  }

  void groups() {
    groups_ = {"main"};
    if (draw_.has("groups")) groups_.push_back("other");
    for (const std::string& name : groups_) {
      Tree group{{"workers", workers()}};
      if (draw_.has("policies")) group["dispatch"] = policy();
      if (draw_.has_here("when_credential_busy"))
        group["when_credential_busy"] =
            draw_.among({"skip", "block_workspace", "block_level", "hold_worker"});
      tree_["resource_groups"][name] = group;
    }
  }

  void workspaces() {
    for (const char* name : {"acme", "beta", "corp"}) {
      if (!workspaces_.empty() && draw_.maybe(35)) continue;
      Tree workspace = Tree::object();
      workspace["group"] =
          groups_[static_cast<std::size_t>(draw_.number(0, static_cast<int>(groups_.size()) - 1))];
      if (draw_.has_here("counts")) workspace["count"] = draw_.number(1, 3);
      tree_["workspaces"][name] = workspace;
      workspaces_.push_back(name);
    }
  }

  // ---- credentials and workflows

  Tree credential() {
    Tree credential{{"domain", fmt::format("https://{}.example.com", families_.size())}};
    if (draw_.has_here("pools") || draw_.has_here("counts"))
      credential["count"] = draw_.number(1, 4);
    if (draw_.has_here("sessions_at_once")) {
      credential["allow_multiple_sessions"] = true;
      credential["max_concurrency"] = draw_.number(1, 3);
    }
    if (draw_.has_here("logins")) {
      credential["login"]["time"] = draw_.times(0, 4);
      if (draw_.has_here("login_failures")) credential["login"]["failure"] = draw_.percent(5, 40);
      if (draw_.has_here("guards")) credential["prevent_concurrency_during_login"] = true;
      if (draw_.has_here("sessions")) credential["expiry_time_from_last_use"] = draw_.time(1, 20);
      if (draw_.has_here("sessions"))
        credential["expiry_time_from_session_data_set"] = draw_.time(1, 30);
    }
    if (draw_.has_here("outages")) {
      const int at = draw_.number(0, length_ / 2);
      credential["outages"] =
          Tree::array({Tree{{"at", fmt::format("{}s", at)}, {"for", draw_.time(1, 20)}},
                       Tree{{"at", fmt::format("{}s", at + 30)}, {"for", draw_.time(1, 20)}}});
    } else if (draw_.has_here("random_outages")) {
      credential["outages"] = {{"every", draw_.time(10, 60)}, {"for", draw_.times(1, 10)}};
    }
    return credential;
  }

  void credentials() {
    if (!draw_.has("credentials") && !draw_.has("pools")) return;
    for (int i = draw_.number(1, 3); i > 0; --i) {
      const std::string name = fmt::format("login{}", families_.size());
      tree_["credentials"][name] = credential();
      families_.push_back(name);
    }
  }

  Tree workflow(DrawnWorkflow& drawn) {
    Tree workflow = Tree::object();
    for (int alias = draw_.number(0, 3); alias > 0 && !families_.empty(); --alias) {
      drawn.families.push_back(family());
      workflow["needs"][fmt::format("U{}", drawn.families.size())] = drawn.families.back();
    }
    workflow["time"] = draw_.times(1, 12);
    if (draw_.has_here("long_runs")) workflow["time"] = draw_.time(20, 60);
    if (draw_.has_here("failures")) {
      workflow["failure"] = {{"rate", draw_.percent(5, 50)}, {"retry", draw_.maybe(70)}};
      if (draw_.maybe(50)) workflow["failure"]["at"] = draw_.percent(0, 100);
      if (workflow["failure"]["retry"]) workflow["max_retries"] = draw_.number(1, 3);
      if (draw_.maybe(60))
        workflow["backoff"] = {{"base", draw_.time(0, 4)}, {"cap", "10s"}, {"jitter", "20%"}};
    }
    if (draw_.has_here("timeouts")) workflow["timeout"] = draw_.time(1, 20);
    if (workflow.contains("timeout") && workflow.contains("max_retries") && draw_.maybe(50))
      workflow["timeout"] = {{"after", workflow["timeout"]}, {"retry", true}};
    if (draw_.has_here("expiries")) workflow["expiry"] = draw_.time(1, 40);
    if (draw_.has_here("steps")) workflow["steps"] = draw_.number(1, 3);
    if (draw_.has_here("options")) workflow["debug_snapshot"] = draw_.times(0, 2);
    if (draw_.has_here("options")) workflow["console_capture"] = draw_.times(0, 2);
    if (draw_.has_here("options")) workflow["cache_refresh"] = draw_.times(0, 2);
    if (draw_.has_here("options")) workflow["dry_run"] = "40%";
    if (draw_.has_here("interactions"))
      workflow["interaction"] = {{"probability", "50%"},
                                 {"answer_after", draw_.times(1, 10)},
                                 {"timeout", draw_.time(1, 12)}};
    return workflow;
  }

  std::string family() {
    return families_[static_cast<std::size_t>(
        draw_.number(0, static_cast<int>(families_.size()) - 1))];
  }

  void workflows() {
    for (int i = draw_.number(1, 3); i > 0; --i) {
      DrawnWorkflow drawn{fmt::format("flow{}", workflows_.size()), {}};
      tree_["workflows"][drawn.name] = workflow(drawn);
      workflows_.push_back(drawn);
    }
  }

  // ---- submitters

  int count_of(const std::string& kind, const std::string& name) {
    const Tree& thing = tree_[kind][name];
    return thing.contains("count") ? thing["count"].get<int>() : 0;
  }

  Tree choice(const std::string& family) {
    const int count = count_of("credentials", family);
    const std::string one =
        count == 0 ? family : fmt::format("{}-{}", family, draw_.number(1, count));
    if (!draw_.has("pools")) return draw_.maybe(50) ? Tree(family) : Tree(one);
    switch (draw_.number(0, 4)) {
      case 0:
        return Tree{{"drawn", family}};
      case 1:
        return Tree{{"own", family}};
      case 2:
        return one;
      case 3:
        return Tree::array({one});
      default:
        return Tree{{"pool", family}};
    }
  }

  Tree arrivals(int runs) {
    const std::string rate = fmt::format("{}/min", std::max(1, runs * 60 / length_));
    const int every = std::max(1, length_ / runs);
    switch (draw_.number(0, 8)) {
      case 0:
        return Tree{{"constant", {{"every", fmt::format("{}s", every)}}}};
      case 1:
        return Tree{{"jittered", {{"rate", rate}, {"jitter", draw_.percent(1, 100)}}}};
      case 2:
        return Tree{
            {"bursts",
             {{"on", {{"rate", rate}, {"for", draw_.time(5, 20)}}},
              {"off", {{"rate", draw_.among({"0/min", "2/min"})}, {"for", draw_.time(1, 20)}}}}}};
      case 3:
      case 4: {
        Tree batch{{"at", Tree::array({draw_.time(0, length_ / 3)})},
                   {"size", std::max(1, runs / 2)}};
        if (draw_.maybe(50)) batch["at"].push_back(fmt::format("{}s", length_ / 3 + 2));
        if (draw_.maybe(30)) batch["spread"] = draw_.time(1, 20);
        if (draw_.maybe(20)) batch["every"] = fmt::format("{}s", length_ / 2);
        return Tree{{"batch", batch}};
      }
      case 5:
        return Tree{
            {"closed_loop", {{"clients", draw_.number(1, 4)}, {"think_time", draw_.times(0, 10)}}}};
      case 6:
        return trace();
      case 7:
        return Tree{
            {"poisson",
             {{"rate", {{"at", {{"0s", rate}, {fmt::format("{}s", length_ / 2), "1/min"}}}}}}}};
      default:
        return Tree{{"poisson", rate}};
    }
  }

  Tree trace() {
    rows_ = "at,takes,level\n";
    double at = 0;
    for (int row = draw_.number(1, 25); row > 0; --row) {
      at += draw_.maybe(30) ? 0 : draw_.number(0, 8) * (draw_.maybe(50) ? 1 : 0.25);
      rows_ += fmt::format("{},{},{}\n", at, draw_.number(1, 15),
                           draw_.among({"HIGH", "MEDIUM", "LOW"}));
    }
    Tree trace{{"csv", kRowsFile},
               {"columns", {{"time", "at"}, {"duration", "takes"}, {"level", "level"}}}};
    if (draw_.maybe(20)) trace["compress"] = 2;
    return Tree{{"trace", trace}};
  }

  Tree priority() {
    if (!draw_.has("levels") && !draw_.has("more levels")) return "LOW";
    if (draw_.maybe(60)) return draw_.among({"HIGH", "MEDIUM", "LOW"});
    return Tree{{"HIGH", "30%"}, {"MEDIUM", "30%"}, {"LOW", "40%"}};
  }

  Tree submitter(int runs) {
    const DrawnWorkflow& workflow = workflows_[static_cast<std::size_t>(
        draw_.number(0, static_cast<int>(workflows_.size()) - 1))];
    Tree submitter{{"workspace", workspaces_[static_cast<std::size_t>(
                                     draw_.number(0, static_cast<int>(workspaces_.size()) - 1))]},
                   {"workflow", workflow.name},
                   {"priority", priority()}};
    for (std::size_t alias = 0; alias < workflow.families.size(); ++alias)
      submitter["credentials"][fmt::format("U{}", alias + 1)] = choice(workflow.families[alias]);
    if (draw_.has_here("options"))
      submitter["options"] = {{draw_.among({"debug", "capture_console", "force_refresh"}), "50%"},
                              {"dry_run", "30%"}};
    if (draw_.has_here("submit_retries")) {
      submitter["retry"] = {{"max_attempts", draw_.number(1, 4)},
                            {"honour_retry_after", draw_.maybe(60)}};
      submitter["retry"]["backoff"] = {{"base", draw_.time(0, 4)}, {"jitter", "50%"}};
    }
    submitter["arrivals"] = arrivals(runs);
    if (draw_.has_here("patience")) submitter["patience"] = draw_.times(1, 40);
    if (draw_.has_here("from")) submitter["from"] = draw_.time(0, length_ / 4);
    if (draw_.has_here("until")) submitter["until"] = draw_.time(length_ / 4 + 1, length_);
    if (draw_.has_here("max_runs")) submitter["max_runs"] = draw_.number(0, runs);
    if (draw_.has_here("counts")) submitter["count"] = draw_.number(1, 2);
    return submitter;
  }

  void submitters() {
    const int submitters = draw_.number(1, 4);
    const int runs = draw_.among({4, 20, 60}) / submitters + 1;
    for (int i = 1; i <= submitters; ++i)
      tree_["submitters"][fmt::format("s{}", i)] = submitter(runs);
  }

  // ---- calendar

  /// Just before clocks change or a week begins, in some scenarios; by draws of its own.
  void calendar() {
    Stream draws(stream_key(seed_, "calendar"));
    if (!draws.chance(0.15)) return;
    constexpr std::array kStarts{"2026-03-29T01:59:40", "2026-10-25T02:59:40",
                                 "2026-01-04T23:59:40"};
    constexpr std::array kTimes{"02:00:10", "03:00:00", "00:00:15"};
    const std::size_t which = draws.below(kStarts.size());
    tree_["start"] = kStarts[which];
    tree_["time_zone"] = "Europe/Berlin";
    if (draws.chance(0.5)) tree_["growth"] = draws.chance(0.5) ? "40%/20s" : "-20%/20s";
    for (Tree& submitter : tree_["submitters"]) {
      Tree& arrivals = submitter["arrivals"];
      if (arrivals.contains("batch") && draws.chance(0.5)) {
        arrivals["batch"]["at"] = kTimes[which];
        arrivals["batch"].erase("every");
      } else if (arrivals.contains("poisson") && arrivals["poisson"].is_string()) {
        const Tree rate = arrivals["poisson"];
        arrivals["poisson"] = {{"rate", {{"daily", {{"0h", rate}, {kTimes[which], "1/min"}}}}}};
        if (draws.chance(0.5)) arrivals["poisson"]["days"] = draws.chance(0.5) ? "sun" : "mon-sat";
      }
    }
  }

  // ---- incidents, expectations

  Tree change_of_workers(Tree& incident) {
    const std::string group =
        groups_[static_cast<std::size_t>(draw_.number(0, static_cast<int>(groups_.size()) - 1))];
    switch (draw_.number(0, 3)) {
      case 0:
        incident["restart_workers"] = {{"group", group}};
        incident.erase("for");
        break;
      case 1:
        incident["set_workers"] = {{"group", group}, {"count", draw_.number(0, 6)}};
        break;
      default:
        incident["lose_workers"] = {{"group", group}, {"count", draw_.number(1, 4)}};
    }
    return incident;
  }

  Tree pause(Tree& incident) {
    if (!families_.empty() && draw_.maybe(40)) {
      incident["pause_credential"] = family();
    } else if (draw_.maybe(50)) {
      incident["pause_workflow"] = workflows_.front().name;
    } else {
      incident["pause_group"] = groups_.front();
    }
    return incident;
  }

  Tree factor(Tree& incident) {
    const Tree value = draw_.among<Tree>({0, 0.5, 2, 3, 10});
    switch (draw_.number(0, 7)) {
      case 6:
        incident["workflow_duration"] = {{"workflow", workflows_.back().name}, {"factor", value}};
        break;
      case 7:
        if (families_.empty()) {
          incident["arrival_rate"] = value;
        } else if (draw_.maybe(50)) {
          incident["credential_limit"] = {{"credential", family()},
                                          {"max_concurrency", draw_.number(1, 4)}};
        } else {
          incident["credential_expiry"] = {{"credential", family()},
                                           {"expiry_time_from_last_use", draw_.time(0, 20)}};
        }
        break;
      case 0:
        incident["failure_rate"] = {{"workflow", workflows_.back().name}, {"factor", value}};
        break;
      case 1:
        incident["api_latency"] = value;
        break;
      case 2:
        incident["api_error_rate"] = draw_.percent(0, 100);
        break;
      case 3:
        if (!families_.empty()) {
          incident["login_failure_rate"] = {{"credential", family()}, {"factor", value}};
          break;
        }
        [[fallthrough]];
      case 4:
        incident["arrival_rate"] = {{"submitter", "s1"}, {"factor", value}};
        break;
      default:
        incident["arrival_rate"] = value;
    }
    return incident;
  }

  void incidents() {
    tree_["incidents"] = Tree::array();
    for (int i = draw_.number(1, 6); i > 0; --i) {
      Tree incident{{"at", draw_.time(0, length_ - 5)}};
      if (draw_.maybe(85)) incident["for"] = draw_.time(1, length_ / 2);
      const int kind = draw_.number(0, 2);
      if (kind == 0 && draw_.has("incidents of workers"))
        tree_["incidents"].push_back(change_of_workers(incident));
      else if (kind == 1 && draw_.has("pauses"))
        tree_["incidents"].push_back(pause(incident));
      else if (draw_.has("factors"))
        tree_["incidents"].push_back(factor(incident));
    }
  }

  Tree expectation() {
    const std::string limit =
        fmt::format("{}.wait.{} < {}", draw_.among({"HIGH", "MEDIUM", "LOW"}),
                    draw_.among({"p50", "p90", "p95", "mean", "max"}), draw_.time(1, 40));
    if (!draw_.maybe(30)) return limit;
    return fmt::format("{} in {}% of replications", limit, draw_.number(1, 100));
  }

  Draw draw_;
  std::uint64_t seed_;
  int length_ = 60;
  Tree tree_;
  std::string rows_;
  std::vector<std::string> groups_, workspaces_, families_;
  std::vector<DrawnWorkflow> workflows_;
};

}  // namespace

DrawnScenario draw_scenario(std::uint64_t seed) { return ScenarioDraw(seed).make(); }

}  // namespace sluice::swarm
