// The things that a scenario declares, and what a name means that stands elsewhere in it.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "scenarios/loader/keys/key_table.hpp"
#include "scenarios/loader/sections/name_index.hpp"

namespace sluice {

/// Of one entry of workspaces, credentials or submitters; 0: one thing with the entry's own name.
using Count = std::uint32_t;
/// More things of one kind than this are an error.
inline constexpr std::uint32_t kMaxThings = 200'000;

/// The things of one kind, numbered in the order in which they are declared, and which of them are
/// used. Reports names that mean nothing, or too much. Not thread-safe.
class NameTable {
 public:
  /// `kind` as messages say it: "resource group". `problems` must outlive the table.
  NameTable(std::string kind, Problems& problems) : kind_(std::move(kind)), problems_(&problems) {}

  /// The next entry of the section: NAME, or NAME-1 … NAME-count. Calls `make(full name)` for each,
  /// up to one that is there already, which is reported.
  template <class Make>
  void declare(const Name& name, Count count, Make make);
  /// Some of the section could not be read, which has been reported: a name that is not declared is
  /// no further mistake.
  void set_incomplete() { complete_ = false; }
  /// Reports it at `section` if nothing was declared. To be called when all is.
  void need_one(const Mark& section);

  /// What `name` means, which is used now; empty after reporting that it means nothing. Cost:
  /// linear in the things found.
  std::vector<std::uint32_t> resolve(const Name& name);
  /// The same where only one thing can stand; none after reporting why.
  std::optional<std::uint32_t> resolve_one(const Name& name);
  /// As resolve and resolve_one, where to be named is not to be used.
  std::vector<std::uint32_t> look_up(const Name& name) const;
  std::optional<std::uint32_t> look_up_one(const Name& name) const;
  /// For what is not named: the only thing there is, which is used now; none after asking at `mark`
  /// which one is meant.
  std::optional<std::uint32_t> the_only_one(const Mark& mark);
  void use(std::uint32_t id) { used_[entry_[id]] = true; }

  /// That nothing is called `name`, with the nearest name or those to choose from.
  std::string not_called(const std::string& name) const;

  const std::string& kind() const { return kind_; }
  /// False: there may be more things than are known here. See set_incomplete().
  bool complete() const { return complete_; }
  const NameIndex& index() const { return index_; }
  std::size_t size() const { return index_.size(); }
  const std::string& name(std::size_t id) const { return index_.name(id); }
  /// Which entry of the section made the thing.
  std::uint32_t entry(std::size_t id) const { return entry_[id]; }
  bool used(std::size_t id) const { return used_[entry_[id]]; }
  /// By entry: false if none of its things is used.
  const std::vector<bool>& used_entries() const { return used_; }

 private:
  std::string choices() const;
  std::optional<std::uint32_t> one_of(const Name& name,
                                      const std::vector<std::uint32_t>& ids) const;

  std::string kind_;
  Problems* problems_;
  NameIndex index_;
  std::vector<std::uint32_t> entry_;  ///< of each thing
  std::vector<bool> used_;            ///< by entry
  bool complete_ = true;
};

/// All that names can mean. (reports/figures/names.hpp has the names of a finished scenario.)
struct DeclaredNames {
  explicit DeclaredNames(Problems& problems)
      : groups("resource group", problems),
        workspaces("workspace", problems),
        credentials("credential", problems),
        workflows("workflow", problems),
        submitters("submitter", problems) {}

  NameTable groups, workspaces, credentials, workflows, submitters;
};

template <class Make>
void NameTable::declare(const Name& name, Count count, Make make) {
  const auto entry = static_cast<std::uint32_t>(used_.size());
  used_.push_back(false);
  if (index_.size() + count > kMaxThings) {
    problems_->error(name.mark,
                     "more than " + std::to_string(kMaxThings) + " things of the kind: " + kind_);
    return;
  }
  for (Count i = 0; i < std::max<Count>(count, 1); ++i) {
    const std::string full = count == 0 ? name.text : name.text + "-" + std::to_string(i + 1);
    if (!index_.add(full)) {
      problems_->error(name.mark, "there is another " + kind_ + " called `" + full + "`");
      return;
    }
    entry_.push_back(entry);
    make(full);
  }
}

}  // namespace sluice
