#include "scenarios/loader/sections/names.hpp"

#include <string_view>

#include "base/text/suggestion.hpp"

namespace sluice {

void NameTable::need_one(const Mark& section) {
  if (index_.size() > 0) return;
  if (complete_) problems_->error(section, "a scenario needs at least one " + kind_);
  complete_ = false;
}

std::vector<std::uint32_t> NameTable::look_up(const Name& name) const {
  std::vector<std::uint32_t> ids = index_.find(name.text);
  if (ids.empty() && complete_) problems_->error(name.mark, not_called(name.text));
  return ids;
}

std::optional<std::uint32_t> NameTable::look_up_one(const Name& name) const {
  return one_of(name, look_up(name));
}

std::vector<std::uint32_t> NameTable::resolve(const Name& name) {
  std::vector<std::uint32_t> ids = look_up(name);
  for (const std::uint32_t id : ids) use(id);
  return ids;
}

std::optional<std::uint32_t> NameTable::resolve_one(const Name& name) {
  return one_of(name, resolve(name));
}

std::optional<std::uint32_t> NameTable::the_only_one(const Mark& mark) {
  if (index_.size() == 1) {
    use(0);
    return 0;
  }
  if (complete_) problems_->error(mark, "which " + kind_ + "? " + choices());
  return std::nullopt;
}

std::string NameTable::not_called(const std::string& name) const {
  std::string text = "no " + kind_ + " is called `" + name + "`";
  if (problems_->errors() >= kMaxDiagnostics) return text;
  const std::string near = suggestion(name, index_.choices());
  return text + (near.empty() ? "; " + choices() : near);
}

std::string NameTable::choices() const {
  constexpr std::size_t kMost = 10;
  const std::vector<std::string_view> names = index_.choices();
  if (names.empty()) return "there is none";
  std::string text = names.size() == 1 ? "there is only " : "there are ";
  for (std::size_t i = 0; i < std::min(names.size(), kMost); ++i)
    text += (i > 0 ? ", " : "") + std::string(names[i]);
  return text + (names.size() > kMost ? " and others" : "");
}

std::optional<std::uint32_t> NameTable::one_of(const Name& name,
                                               const std::vector<std::uint32_t>& ids) const {
  if (ids.size() > 1)
    problems_->error(name.mark, "`" + name.text + "` means " + std::to_string(ids.size()) +
                                    " of the kind " + kind_ + ", and only one can stand here");
  return ids.size() == 1 ? std::optional(ids[0]) : std::nullopt;
}

}  // namespace sluice
