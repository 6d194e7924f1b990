// JSON of the API: everything but the body of POST /run, which start_run.hpp reads.
//
// Ordered objects, so that replies are the same bytes each time.
#pragma once

#include <cstddef>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

namespace sluice {

using Json = nlohmann::ordered_json;

/// Deeper nesting, or more members in one object, than this is refused.
inline constexpr std::size_t kMaxJsonDepth = 64;
inline constexpr std::size_t kMaxJsonMembers = 4096;

/// Compact, non-ASCII unescaped: what JSON.stringify makes of it. Never throws: bytes that are no
/// UTF-8 become U+FFFD.
std::string dump(const Json& json);

/// Bounded in depth and members, so that hostile text costs O(its size). None: `problem` (if given)
/// says what is wrong and where.
std::optional<Json> parse_json(std::string_view text, std::string* problem = nullptr);

/// Whether every member of `part` is in `whole`, deeply; lists and single values must be equal.
bool contains_json(const Json& whole, const Json& part);

/// `text` in quotes, escaped.
std::string quoted_json(std::string_view text);
void append_quoted_json(std::string& out, std::string_view text);

/// True if `text` is UTF-8: no overlong forms, surrogates or code points past U+10FFFF.
bool is_utf8(std::string_view text);

}  // namespace sluice
