// The target's name of a run, as a key.
#pragma once

#include <boost/container_hash/hash.hpp>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace sluice {

/// Keeps its hash, so that a table of very many grows without reading their texts again: nothing is
/// sent meanwhile.
struct SessionId {
  explicit SessionId(std::string id) : text(std::move(id)), hash(hash_of(text)) {}

  static std::size_t hash_of(std::string_view text) {
    return boost::hash<std::string_view>()(text);
  }

  std::string text;
  std::size_t hash;
};

/// For tables that are searched by text as well.
struct SessionIdHash {
  using is_transparent = void;
  std::size_t operator()(const SessionId& id) const { return id.hash; }
  std::size_t operator()(std::string_view text) const { return SessionId::hash_of(text); }
};
struct SessionIdEqual {
  using is_transparent = void;
  bool operator()(const SessionId& a, const SessionId& b) const { return a.text == b.text; }
  bool operator()(const SessionId& a, std::string_view b) const { return a.text == b; }
  bool operator()(std::string_view a, const SessionId& b) const { return a == b.text; }
};

}  // namespace sluice
