// The names of one kind of thing, and what a reference means.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace sluice {

/// Numbers things in the order in which they are added. A reference means the thing of that name,
/// or else, where NAME-1, NAME-2 … exist without gaps from 1 on, all of them.
class NameIndex {
 public:
  /// False if the name is taken.
  bool add(const std::string& name);
  std::size_t size() const { return names_.size(); }
  const std::string& name(std::size_t index) const { return names_[index]; }
  bool has(const std::string& name) const { return ids_.contains(name); }

  /// What `name` means; empty: nothing. O(number of things found).
  std::vector<std::uint32_t> find(const std::string& name) const;
  /// Names to choose from in messages: each thing, a numbered family once.
  std::vector<std::string_view> choices() const;

 private:
  struct Numbered {
    std::string_view base;
    std::uint32_t number = 0;  ///< 0: not numbered
  };
  static Numbered split(std::string_view name);

  std::vector<std::string> names_;
  std::unordered_map<std::string, std::uint32_t> ids_;
  std::unordered_map<std::string, std::vector<std::uint32_t>> families_;
};

}  // namespace sluice
