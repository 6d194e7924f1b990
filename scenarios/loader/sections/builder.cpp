#include "scenarios/loader/sections/builder.hpp"

namespace sluice {

std::string ScenarioBuilder::which(const Things& things) const {
  constexpr std::size_t kMost = 10;
  const std::vector<std::string_view> names = things.index.choices();
  if (names.empty()) return "there is none";
  std::string text = names.size() == 1 ? "there is only " : "there are ";
  for (std::size_t i = 0; i < std::min(names.size(), kMost); ++i)
    text += (i > 0 ? ", " : "") + std::string(names[i]);
  return text + (names.size() > kMost ? " and others" : "");
}

std::string ScenarioBuilder::not_called(const Things& things, const std::string& name) const {
  std::string text = "no " + things.kind + " is called `" + name + "`";
  if (reader_.problems.errors() >= kMaxDiagnostics) return text;
  const std::string near = suggestion(name, things.index.choices());
  return text + (near.empty() ? "; " + which(things) : near);
}

std::vector<std::uint32_t> ScenarioBuilder::resolve(Things& things, const Name& name) {
  std::vector<std::uint32_t> ids = things.index.find(name.text);
  if (ids.empty() && things.known) error(name.mark, not_called(things, name.text));
  for (const std::uint32_t id : ids) things.used[things.entry[id]] = true;
  return ids;
}

std::optional<std::uint32_t> ScenarioBuilder::resolve_one(Things& things, const Name& name) {
  const std::vector<std::uint32_t> ids = resolve(things, name);
  if (ids.size() > 1)
    error(name.mark, "`" + name.text + "` means " + std::to_string(ids.size()) + " of the kind " +
                         things.kind + ", and only one can stand here");
  return ids.size() == 1 ? std::optional(ids[0]) : std::nullopt;
}

std::optional<std::uint32_t> ScenarioBuilder::the_only_one(Things& things, const Mark& mark) {
  if (things.index.size() == 1) {
    things.used[things.entry[0]] = true;
    return 0;
  }
  if (!things.known) return std::nullopt;
  error(mark, "which " + things.kind + "? " + which(things));
  return std::nullopt;
}

void ScenarioBuilder::note_unread() {
  const Unread& unread = document_.unread;
  groups_.known = !unread.has("resource_groups");
  workspaces_.known = !unread.has("workspaces");
  credentials_.known = !unread.has("credentials");
  workflows_.known = !unread.has("workflows");
  submitters_.known = !unread.has("submitters");
}

void ScenarioBuilder::need_one(Things& things, std::string_view section) {
  if (things.index.size() > 0) return;
  const Mark* mark = &document_.mark;
  for (const auto& [name, place] : document_.section_marks)
    if (name == section) mark = &place;
  if (things.known) error(*mark, "a scenario needs at least one " + things.kind);
  things.known = false;
}

std::optional<Scenario> ScenarioBuilder::build() {
  scenario_ = std::move(document_.scenario);
  note_unread();
  build_groups();
  build_credentials();
  build_workflows();
  read_traces();
  build_workspaces();
  build_submitters();
  build_incidents();
  build_expectations();
  build_serve();
  build_load();
  check_groups();
  check_times();
  check_submitters();
  if (reader_.problems.any()) return std::nullopt;
  warn_unused();
  warn_undecidable();
  return std::move(scenario_);
}

}  // namespace sluice
