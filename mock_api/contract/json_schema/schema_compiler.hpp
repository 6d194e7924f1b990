// How JSON Schemas are compiled: into the rules of their keywords.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "mock_api/contract/json_schema/pattern.hpp"
#include "mock_api/contract/json_schema/schema_rules.hpp"

namespace sluice {

namespace json_schema {

/// Compiles one schema and what it refers to. `where` is for messages.
class Compiler {
 public:
  explicit Compiler(const Json& root) : root_(root) {}

  SharedRules compile(const Json& schema, const std::string& where);
  /// The rules of a local reference; made once.
  SharedRules reference(const Json& target, const std::string& where);
  [[noreturn]] void wrong(const std::string& where, const std::string& what) const;

  std::size_t count(const Json& value, const std::string& where) const;
  const Json& number(const Json& value, const std::string& where) const;
  std::vector<std::string> names(const Json& value, const std::string& where) const;
  Pattern pattern(const Json& value, const std::string& where) const;
  std::vector<SharedRules> many(const Json& value, const std::string& where);

  /// Rules that others refer to; must live as long as they do.
  std::vector<SharedRules> keep() const;

 private:
  void add_keywords(const Json& schema, const std::string& where, Rules& rules);

  const Json& root_;
  std::map<std::string, std::shared_ptr<Rules>> references_;
  std::size_t depth_ = 0;
};

/// Compiles one keyword of `schema` with its `value`.
using Make = Keyword (*)(const Json& schema, const Json& value, Compiler& compiler,
                         const std::string& where);
Keyword make_ref(const Json& schema, const Json& value, Compiler& compiler,
                 const std::string& where);
Keyword make_type(const Json& schema, const Json& value, Compiler& compiler,
                  const std::string& where);
Keyword make_maximum(const Json& schema, const Json& value, Compiler& compiler,
                     const std::string& where);
Keyword make_minimum(const Json& schema, const Json& value, Compiler& compiler,
                     const std::string& where);
Keyword make_exclusive_maximum(const Json& schema, const Json& value, Compiler& compiler,
                               const std::string& where);
Keyword make_exclusive_minimum(const Json& schema, const Json& value, Compiler& compiler,
                               const std::string& where);
Keyword make_multiple_of(const Json& schema, const Json& value, Compiler& compiler,
                         const std::string& where);
Keyword make_max_length(const Json& schema, const Json& value, Compiler& compiler,
                        const std::string& where);
Keyword make_min_length(const Json& schema, const Json& value, Compiler& compiler,
                        const std::string& where);
Keyword make_max_items(const Json& schema, const Json& value, Compiler& compiler,
                       const std::string& where);
Keyword make_min_items(const Json& schema, const Json& value, Compiler& compiler,
                       const std::string& where);
Keyword make_max_properties(const Json& schema, const Json& value, Compiler& compiler,
                            const std::string& where);
Keyword make_min_properties(const Json& schema, const Json& value, Compiler& compiler,
                            const std::string& where);
Keyword make_pattern(const Json& schema, const Json& value, Compiler& compiler,
                     const std::string& where);
Keyword make_const(const Json& schema, const Json& value, Compiler& compiler,
                   const std::string& where);
Keyword make_enum(const Json& schema, const Json& value, Compiler& compiler,
                  const std::string& where);
Keyword make_not(const Json& schema, const Json& value, Compiler& compiler,
                 const std::string& where);
Keyword make_any_of(const Json& schema, const Json& value, Compiler& compiler,
                    const std::string& where);
Keyword make_one_of(const Json& schema, const Json& value, Compiler& compiler,
                    const std::string& where);
Keyword make_all_of(const Json& schema, const Json& value, Compiler& compiler,
                    const std::string& where);
Keyword make_if(const Json& schema, const Json& value, Compiler& compiler,
                const std::string& where);
Keyword make_unique_items(const Json& schema, const Json& value, Compiler& compiler,
                          const std::string& where);
Keyword make_items(const Json& schema, const Json& value, Compiler& compiler,
                   const std::string& where);
Keyword make_contains(const Json& schema, const Json& value, Compiler& compiler,
                      const std::string& where);
Keyword make_required(const Json& schema, const Json& value, Compiler& compiler,
                      const std::string& where);
Keyword make_property_names(const Json& schema, const Json& value, Compiler& compiler,
                            const std::string& where);
Keyword make_additional_properties(const Json& schema, const Json& value, Compiler& compiler,
                                   const std::string& where);
Keyword make_dependencies(const Json& schema, const Json& value, Compiler& compiler,
                          const std::string& where);
Keyword make_properties(const Json& schema, const Json& value, Compiler& compiler,
                        const std::string& where);
Keyword make_pattern_properties(const Json& schema, const Json& value, Compiler& compiler,
                                const std::string& where);

/// maxLength, minItems …: `size` tells what is counted, or -1 if the value is of another type.
template <class Size>
Keyword size_limit(const char* keyword, std::size_t bound, bool is_most, const char* things,
                   Size size) {
  return [=](const Json& v, Walk& walk) {
    const std::ptrdiff_t counted = size(v);
    if (counted < 0) return true;
    const bool good = is_most ? static_cast<std::size_t>(counted) <= bound
                              : static_cast<std::size_t>(counted) >= bound;
    return good || fail(v, walk, keyword,
                        std::string("must NOT have ") + (is_most ? "more" : "fewer") + " than " +
                            std::to_string(bound) + ' ' + things,
                        {{"limit", bound}});
  };
}

}  // namespace json_schema
}  // namespace sluice
