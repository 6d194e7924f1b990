// Single values: times, rates, shares, counts, words, names.
//
// Quoted and plain scalars mean the same (a param inside quotes may give a number).
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "base/text/suggestion.hpp"
#include "base/text/units.hpp"
#include "base/time.hpp"
#include "pipeline/ids.hpp"
#include "scenarios/loader/keys/key_table.hpp"

namespace sluice {

/// At least 0 and at most 100 years.
Type<Duration> duration_type();
/// The same, not 0.
Type<Duration> positive_duration_type();
/// Per second.
Type<double> rate_type();
/// `3%` or `0.03`, 0…1.
Type<double> share_type();
/// `3%` or any number >= 0.
Type<double> weight_type();
/// A plain number >= 0.
Type<double> number_type();
Type<std::uint32_t> count_type(std::uint32_t lowest, std::uint32_t highest = UINT32_MAX - 1);
/// The largest whole number: all up to here are exact as JSON's numbers are read.
inline constexpr std::uint64_t kMaxWhole = std::uint64_t{1} << 53;
Type<std::uint64_t> whole_type();
Type<bool> bool_type();
Type<std::string> text_type();
/// What things are called: no spaces, and none of `{}[],=<>"'#`, at most 100 bytes.
Type<Name> name_type();
/// Any text, with its place (file names, column names, sentences).
Type<Name> located_text_type();
Type<PriorityLevel> level_type();

inline constexpr const char* kDurationPattern = "^ *[0-9.][0-9_.eE+-]* *[wdhmsunin]";

/// How a scalar type describes itself: the JSON types it takes as they are, and a pattern of
/// strings.
Json scalar_schema(std::string description, std::vector<Json> alternatives, const char* pattern);

/// Checks that `node` is a scalar; reports `expected` otherwise.
bool is_scalar(Reader& reader, const TreeNode& node, std::string_view expected);

/// Reports `error` where it is inside the scalar `node`.
void wrong_inside(Reader& reader, const TreeNode& node, const TextError& error);

/// Reports `parsed.error` inside the scalar `node`, or gives the value.
template <class T, class V>
bool take(Reader& reader, const TreeNode& node, const Parsed<T>& parsed, V& value) {
  if (!parsed) {
    wrong_inside(reader, node, parsed.error);
    return false;
  }
  value = *parsed;
  return true;
}

/// One of `words`, each with its value and meaning.
template <class E>
struct Word {
  std::string word;
  E value;
  std::string meaning;
};

template <class E>
Type<E> word_type(const std::string& what, std::vector<Word<E>> words) {
  auto read = [what, words](Reader& reader, TreeNode& node, E& value) {
    std::string allowed;
    std::vector<std::string_view> known;
    for (const Word<E>& word : words) {
      if (node.is_scalar() && word.word == node.text) return value = word.value, true;
      known.push_back(word.word);
      allowed += (allowed.empty() ? "" : ", ") + word.word;
    }
    return reader.error(node.mark, what_it_is(node) + " is not " + what +
                                       suggestion(node.text, known) + "; allowed: " + allowed);
  };
  auto schema = [words](Schema&) {
    Json constants = Json::array();
    std::string meanings;
    for (const Word<E>& word : words) {
      constants.push_back(word.word);
      if (!word.meaning.empty())
        meanings += (meanings.empty() ? "" : "; ") + word.word + ": " + word.meaning;
    }
    return scalar_schema(meanings, {Json{{"enum", std::move(constants)}}}, nullptr);
  };
  return {std::move(read), std::move(schema)};
}

}  // namespace sluice
