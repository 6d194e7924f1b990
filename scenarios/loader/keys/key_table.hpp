// How values are read from a tree and described in the schema: from one definition, so that the two
// cannot differ.
//
// A Type<V> knows how to read a V and how the JSON Schema describes it. A Table<T> is the list of
// keys of one kind of object: name, type, default, description, whether it is required. Types are
// built from types: object, entries, list, one_or_many, by_shape, word, named.
//
// Reading completes the tree: keys with a default that are not there are added to it, marked as
// defaults. A key whose value is `~` counts as not given.
#pragma once

#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/calendar/calendar.hpp"
#include "base/calendar/time_zone.hpp"
#include "base/time.hpp"
#include "scenarios/loader/yaml/node.hpp"
#include "scenarios/loader/yaml/yaml_tree.hpp"

namespace sluice {

using Json = nlohmann::ordered_json;

/// What reading needs besides the node. One per load; not thread-safe.
struct Reader {
  Sources& sources;
  TreeBudget& budget;
  Problems& problems;
  bool file_access = true;
  std::string main_folder{};        ///< of the scenario file
  std::uint64_t contents_hash = 0;  ///< of the recorded files that were read
  std::map<std::string, TreeNode, std::less<>> default_nodes{};  ///< parsed once
  Calendar calendar{};                          ///< what dates and times of day mean
  bool dates_unknown = false;                   ///< `start` or `time_zone` have a mistake
  std::shared_ptr<const TimeZone> time_zone{};  ///< of the scenario; null: none is given
  Duration duration{};                          ///< of the scenario, once it was read

  /// Reports that `node` is not `expected` ("a duration such as `90s`"); returns false.
  bool wrong(const TreeNode& node, std::string_view expected);
  bool error(const Mark& mark, std::string message);
  /// `text` as a node marked as a default.
  TreeNode default_node(const std::string& text);
};

/// The schema under construction: named definitions, each made once.
class Schema {
 public:
  /// A reference to the definition `name`, which `make` makes if it is not there yet.
  Json reference(const std::string& name, const std::function<Json(Schema&)>& make);
  Json definitions = Json::object();
};

/// Makes a value's part of the schema. It does not depend on the value's type, so it is not
/// compiled for each.
using Describe = std::function<Json(Schema&)>;

template <class V>
struct Type {
  /// False: a problem was reported and the value is not to be used.
  std::function<bool(Reader&, TreeNode&, V&)> read;
  Describe schema;
};

/// Which keys of an object could not be read, which has been reported. What they would have said is
/// unknown, so nobody is to complain that it is missing. A Table fills it in for objects that have
/// one, as `unread`.
struct Unread {
  bool anything = false;  ///< unknown keys may stand for any other
  std::vector<std::string> keys{};
  bool has(std::string_view key) const {
    return anything || std::find(keys.begin(), keys.end(), key) != keys.end();
  }
  bool any() const { return anything || !keys.empty(); }
};

/// A name in the file, with its place.
struct Name {
  std::string text;
  Mark mark;
};

struct KeyInfo {
  std::string name, description;
  std::string default_text;  ///< as it would be written; empty: no default
  bool required = false;
};

/// Of these sets of keys exactly one is given, completely.
using KeySets = std::vector<std::vector<std::string>>;

/// Reports unknown keys, and what breaks `sets`. `what` is "a workflow".
bool check_keys(Reader& reader, const TreeNode& map, const std::vector<const KeyInfo*>& keys,
                const KeySets& sets, std::string_view what);
/// Null becomes an empty map; anything but a map is reported.
bool as_map(Reader& reader, TreeNode& node, std::string_view what);
/// The value under `key` that is to be read, the default added if need be; null if there is none.
TreeNode* value_or_default(Reader& reader, TreeNode& map, const KeyInfo& key);
/// Reports a required key that is missing.
bool missing(Reader& reader, const TreeNode& map, const KeyInfo& key, std::string_view what);
Json object_schema(const std::string& description,
                   const std::vector<std::pair<KeyInfo, Json>>& keys, const KeySets& sets);
Json object_schema(Schema& schema, const std::string& description,
                   const std::vector<std::pair<const KeyInfo*, const Describe*>>& keys,
                   const KeySets& sets);
Json any_of(std::vector<Json> alternatives);
Describe describe_entries(std::string what, Describe value, std::size_t fewest);
Describe describe_list(Describe item, std::size_t fewest);
Describe describe_named(std::string name, Describe definition);
/// Those that are there, as alternatives.
Describe describe_shapes(std::vector<Describe> shapes);
Describe describe_one_key(std::string what, std::vector<std::pair<KeyInfo, Describe>> kinds);

template <class T>
struct Key {
  KeyInfo info;
  std::function<bool(Reader&, TreeNode&, T&)> read;
  Describe schema;

  Key required() && {
    info.required = true;
    return std::move(*this);
  }
  Key or_default(std::string text) && {
    info.default_text = std::move(text);
    return std::move(*this);
  }
};

/// A key whose value `set(object, value)` takes.
template <class T, class V, class Set>
Key<T> key_with(std::string name, Type<V> type, Set set, std::string description) {
  auto read = [type = std::move(type.read), set](Reader& reader, TreeNode& node, T& object) {
    V value{};
    if (!type(reader, node, value)) return false;
    set(object, std::move(value));
    return true;
  };
  return {{std::move(name), std::move(description), {}, false},
          std::move(read),
          std::move(type.schema)};
}

/// A key whose value goes into a member.
template <class T, class V, class M>
Key<T> key(std::string name, Type<V> type, M T::*member, std::string description) {
  return key_with<T>(
      std::move(name), std::move(type),
      [member](T& object, V value) { object.*member = std::move(value); }, std::move(description));
}

/// As `key`, and of a value with mistakes in it what could be read is kept: the names in it are
/// checked as well.
template <class T, class V, class M>
Key<T> kept_key(std::string name, Type<V> type, M T::*member, std::string description) {
  auto read = [type = std::move(type.read), member](Reader& reader, TreeNode& node, T& object) {
    return type(reader, node, object.*member);
  };
  return {{std::move(name), std::move(description), {}, false},
          std::move(read),
          std::move(type.schema)};
}

/// The keys of one kind of object.
template <class T>
struct Table {
  std::string what;  ///< "a workflow"
  std::string description;
  std::vector<Key<T>> keys;
  KeySets exactly_one{};

  bool read(Reader& reader, TreeNode& node, T& object) const {
    constexpr bool kNotesUnread = requires { object.unread; };
    if constexpr (kNotesUnread) object.unread.anything = true;
    if (!as_map(reader, node, what)) return false;
    std::vector<const KeyInfo*> infos;
    infos.reserve(keys.size());
    for (const Key<T>& key : keys) infos.push_back(&key.info);
    bool good = check_keys(reader, node, infos, exactly_one, what);
    if constexpr (kNotesUnread) object.unread.anything = !good;
    for (const Key<T>& key : keys) {
      bool read = true;
      if (TreeNode* value = value_or_default(reader, node, key.info))
        read = key.read(reader, *value, object);
      else if (key.info.required)
        read = missing(reader, node, key.info, what);
      if constexpr (kNotesUnread)
        if (!read) object.unread.keys.push_back(key.info.name);
      good = good && read;
    }
    return good;
  }

  Json schema(Schema& schema) const {
    std::vector<std::pair<const KeyInfo*, const Describe*>> parts;
    parts.reserve(keys.size());
    for (const Key<T>& key : keys) parts.emplace_back(&key.info, &key.schema);
    return object_schema(schema, description, parts, exactly_one);
  }
};

/// The object that `table()` describes; tables may refer to each other.
template <class T>
Type<T> object(const Table<T>& (*table)()) {
  return {[table](Reader& reader, TreeNode& node, T& value) {
            return table().read(reader, node, value);
          },
          [table](Schema& schema) { return table().schema(schema); }};
}

/// `type` that also notes where its object stands, in the member `mark`.
template <class T>
Type<T> with_mark(Type<T> type) {
  return {[read = std::move(type.read)](Reader& reader, TreeNode& node, T& value) {
            value.mark = node.mark;
            return read(reader, node, value);
          },
          std::move(type.schema)};
}

/// `type` described once under `name` and referred to.
template <class V>
Type<V> named(std::string name, Type<V> type) {
  return {std::move(type.read), describe_named(std::move(name), std::move(type.schema))};
}

/// The same with `type()` looked up only when it is needed: for types that contain themselves.
template <class V>
Type<V> later(std::function<Type<V>()> type) {
  return {
      [type](Reader& reader, TreeNode& node, V& value) { return type().read(reader, node, value); },
      [type](Schema& schema) { return type().schema(schema); }};
}

template <class V, class W, class Convert>
Type<W> converted(Type<V> type, Convert convert) {
  return {[read = std::move(type.read), convert](Reader& reader, TreeNode& node, W& value) {
            V raw{};
            if (!read(reader, node, raw)) return false;
            value = convert(std::move(raw));
            return true;
          },
          std::move(type.schema)};
}

template <class K, class V>
using Entries = std::vector<std::pair<K, V>>;

/// A map whose keys are data: names, times.
template <class K, class V>
Type<Entries<K, V>> entries(const std::string& what, Type<K> key_type, Type<V> value_type,
                            std::size_t fewest = 1) {
  Describe schema = describe_entries(what, value_type.schema, fewest);
  auto read = [what, read_key_of = std::move(key_type.read),
               read_value_of = std::move(value_type.read),
               fewest](Reader& reader, TreeNode& node, Entries<K, V>& out) {
    if (!as_map(reader, node, what)) return false;
    bool good = node.entries.size() >= fewest ||
                reader.error(node.mark, "there must be at least one entry: " + what);
    for (Entry& entry : node.entries) {
      std::pair<K, V> read_entry{};
      const bool read_key = read_key_of(reader, entry.key, read_entry.first);
      const bool read_value = read_value_of(reader, entry.value, read_entry.second);
      good = read_key && read_value && good;
      if (read_key) out.push_back(std::move(read_entry));
    }
    return good;
  };
  return {std::move(read), std::move(schema)};
}

template <class V>
Type<std::vector<V>> list(const std::string& what, Type<V> type, std::size_t fewest = 1) {
  Describe schema = describe_list(type.schema, fewest);
  auto read = [what, read_item = std::move(type.read), fewest](Reader& reader, TreeNode& node,
                                                               std::vector<V>& out) {
    if (!node.is_list()) return reader.wrong(node, "a list: " + what);
    bool good = node.items.size() >= fewest ||
                reader.error(node.mark, "there must be at least one entry: " + what);
    out.reserve(node.items.size());
    for (TreeNode& item : node.items) {
      V value{};
      good = read_item(reader, item, value) && good;
      out.push_back(std::move(value));
    }
    return good;
  };
  return {std::move(read), std::move(schema)};
}

/// One type per shape of the node; shapes without a type are errors that say `what` is expected.
template <class V>
struct Shapes {
  std::optional<Type<V>> scalar, list, map;
};

template <class V>
Type<V> by_shape(const std::string& what, Shapes<V> shapes) {
  std::vector<Describe> described;
  for (const std::optional<Type<V>>* type : {&shapes.scalar, &shapes.list, &shapes.map})
    if (*type) described.push_back((*type)->schema);
  auto read = [what, shapes = std::move(shapes)](Reader& reader, TreeNode& node, V& value) {
    const std::optional<Type<V>>& type = node.is_list()     ? shapes.list
                                         : node.is_scalar() ? shapes.scalar
                                                            : shapes.map;
    if (!type || (node.is_null() && !shapes.map)) return reader.wrong(node, what);
    return type->read(reader, node, value);
  };
  return {std::move(read), describe_shapes(std::move(described))};
}

template <class V>
Type<std::vector<V>> one_or_many(const std::string& what, Type<V> type) {
  auto single = Type<std::vector<V>>{[type](Reader& reader, TreeNode& node, std::vector<V>& out) {
                                       V value{};
                                       if (!type.read(reader, node, value)) return false;
                                       out.push_back(std::move(value));
                                       return true;
                                     },
                                     type.schema};
  Type<std::vector<V>> many = list<V>(what, type);
  return by_shape<std::vector<V>>(what, {single, std::move(many), std::nullopt});
}

/// A map with exactly one of several keys, which says what kind it is: `{lognormal: {…}}`.
template <class V>
Type<V> one_key_of(const std::string& what, std::vector<Key<V>> kinds) {
  std::vector<std::pair<KeyInfo, Describe>> described;
  described.reserve(kinds.size());
  for (const Key<V>& kind : kinds) described.emplace_back(kind.info, kind.schema);
  auto read = [what, kinds = std::move(kinds)](Reader& reader, TreeNode& node, V& value) {
    if (!node.is_map()) return reader.wrong(node, what);
    std::vector<const KeyInfo*> infos;
    infos.reserve(kinds.size());
    for (const Key<V>& kind : kinds) infos.push_back(&kind.info);
    if (!check_keys(reader, node, infos, {}, what)) return false;
    if (node.entries.size() != 1)
      return reader.error(node.mark,
                          what + " has exactly one key that says its kind, and this map has " +
                              std::to_string(node.entries.size()));
    for (const Key<V>& kind : kinds)
      if (kind.info.name == node.entries[0].key.text)
        return kind.read(reader, node.entries[0].value, value);
    return false;
  };
  return {std::move(read), describe_one_key(what, std::move(described))};
}

}  // namespace sluice
