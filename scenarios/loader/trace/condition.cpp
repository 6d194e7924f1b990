#include "scenarios/loader/trace/condition.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <optional>
#include <utility>

#include "base/text/units.hpp"
#include "scenarios/loader/keys/scalar_types.hpp"
#include "scenarios/loader/trace/record_file.hpp"
#include "scenarios/loader/trace/recorded_time.hpp"

namespace sluice {
namespace {

using Kind = Condition::Kind;

constexpr std::string_view kLastDigit = "last digit ";
constexpr std::string_view kLike = "like ";

/// A number, or a time in seconds.
std::optional<double> number_or_time(std::string_view text) {
  if (const auto number = to_number(text)) return number;
  if (const auto clock = parse_clock_duration(text)) return clock->seconds();
  const Parsed<Duration> duration = parse_duration(text);
  return duration ? std::optional(duration->seconds()) : std::nullopt;
}

std::string_view without_spaces(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(' ');
  if (begin == text.npos) return {};
  return text.substr(begin, text.find_last_not_of(' ') - begin + 1);
}

/// `7`, or `0..4`.
std::uint16_t digits_of(std::string_view text) {
  const auto digit = [](std::string_view one) {
    return one.size() == 1 && one[0] >= '0' && one[0] <= '9' ? one[0] - '0' : -1;
  };
  const std::size_t dots = text.find("..");
  const int first = digit(text.substr(0, dots));
  const int last = dots == text.npos ? first : digit(text.substr(dots + 2));
  std::uint16_t digits = 0;
  for (int i = std::max(first, 0); first >= 0 && i <= last; ++i)
    digits = static_cast<std::uint16_t>(digits | 1u << i);
  return digits;
}

/// The end of the set that begins at `at`; npos: it is not closed.
std::size_t end_of_set(std::string_view pattern, std::size_t at) {
  std::size_t end = at + 1;
  if (end < pattern.size() && pattern[end] == '!') ++end;
  return pattern.find(']', end + 1);
}

bool set_holds(std::string_view set, char c) {
  const bool negated = set.starts_with('!');
  if (negated) set.remove_prefix(1);
  bool in = false;
  for (std::size_t i = 0; i < set.size(); ++i)
    if (i + 2 < set.size() && set[i + 1] == '-') {
      in = in || (set[i] <= c && c <= set[i + 2]);
      i += 2;
    } else {
      in = in || set[i] == c;
    }
  return in != negated;
}

/// Goes back to the last star alone: never more than length × length steps.
bool matches(std::string_view pattern, std::string_view text) {
  std::size_t p = 0, t = 0, star = pattern.npos, resumed = 0;
  while (t < text.size()) {
    std::size_t next = p + 1;
    bool fits = false;
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      resumed = t;
      continue;
    }
    if (p < pattern.size() && pattern[p] == '[') {
      const std::size_t end = end_of_set(pattern, p);
      fits = set_holds(pattern.substr(p + 1, end - p - 1), text[t]);
      next = end + 1;
    } else if (p < pattern.size()) {
      fits = pattern[p] == '?' || pattern[p] == text[t];
    }
    if (fits) {
      p = next;
      ++t;
    } else if (star != pattern.npos) {
      p = star + 1;
      t = ++resumed;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

bool sets_are_closed(std::string_view pattern) {
  for (std::size_t at = pattern.find('['); at != pattern.npos; at = pattern.find('[', at)) {
    at = end_of_set(pattern, at);
    if (at == pattern.npos) return false;
  }
  return true;
}

bool read_range(Reader& reader, const TreeNode& node, std::size_t dots, Condition& condition) {
  const std::string_view text = node.text;
  const auto first = number_or_time(without_spaces(text.substr(0, dots)));
  const auto last = number_or_time(without_spaces(text.substr(dots + 2)));
  if (!first || !last) return false;
  condition.kind = Kind::range;
  condition.number = *first;
  condition.last = *last;
  if (*first > *last)
    reader.error(node.mark,
                 "the range `" + node.text + "` ends before it begins: nothing is in it");
  return true;
}

bool read_comparison(Reader& reader, const TreeNode& node, Condition& condition) {
  constexpr std::array<std::pair<std::string_view, Kind>, 6> kSigns{{{"!=", Kind::not_equal},
                                                                     {"<=", Kind::less_equal},
                                                                     {">=", Kind::greater_equal},
                                                                     {"==", Kind::equal},
                                                                     {"<", Kind::less},
                                                                     {">", Kind::greater}}};
  std::string_view text = node.text;
  for (const auto& [sign, kind] : kSigns)
    if (text.starts_with(sign)) {
      condition.kind = kind;
      text.remove_prefix(sign.size());
      text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
      break;
    }
  condition.text = std::string(text);
  if (condition.kind == Kind::equal || condition.kind == Kind::not_equal) return true;
  const std::optional<double> number = number_or_time(text);
  if (!number) return reader.wrong(node, "a comparison with a number or a time, such as `<= 1h`");
  condition.number = *number;
  return true;
}

bool read_condition(Reader& reader, const TreeNode& node, Condition& condition) {
  condition = {};
  if (node.is_null()) return true;  // an empty field
  if (!is_scalar(reader, node, "a value, or a rule such as `<= 1h`, `10..49`, `like *-urgent`"))
    return false;
  const std::string_view text = node.text;
  if (text == "else") return condition.kind = Kind::always, true;
  if (text.starts_with(kLastDigit)) {
    condition.kind = Kind::last_digit;
    condition.digits = digits_of(without_spaces(text.substr(kLastDigit.size())));
    return condition.digits != 0 || reader.wrong(node, "`last digit 7` or `last digit 0..4`");
  }
  if (text.starts_with(kLike)) {
    condition.kind = Kind::like;
    condition.text = std::string(without_spaces(text.substr(kLike.size())));
    return sets_are_closed(condition.text) ||
           reader.error(node.mark, "a `[` is not closed in the pattern `" + condition.text + "`");
  }
  if (const std::size_t dots = text.find(".."); dots != text.npos) {
    const std::size_t before = reader.problems.errors();
    if (read_range(reader, node, dots, condition)) return reader.problems.errors() == before;
  }
  return read_comparison(reader, node, condition);
}

/// The numbers that a rule takes, if it is about numbers.
struct NumberRange {
  double first, last;
  bool with_first, with_last;
};

std::optional<NumberRange> range_of(const Condition& condition) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  switch (condition.kind) {
    case Kind::less:
      return NumberRange{-kInfinity, condition.number, false, false};
    case Kind::less_equal:
      return NumberRange{-kInfinity, condition.number, false, true};
    case Kind::greater:
      return NumberRange{condition.number, kInfinity, false, false};
    case Kind::greater_equal:
      return NumberRange{condition.number, kInfinity, true, false};
    case Kind::range:
      return NumberRange{condition.number, condition.last, true, true};
    default:
      return std::nullopt;
  }
}

bool begins_behind(const NumberRange& a, const NumberRange& b) {
  return a.first > b.last || (a.first == b.last && !(a.with_first && b.with_last));
}

// ---- levels

struct LevelRule {
  Condition condition;
  PriorityLevel level = PriorityLevel::LOW;
  Mark mark;
  std::string text;
};

bool levels_with_rules(const TreeNode& node) {
  const auto is_level = [](const TreeNode& word) {
    return word.is_scalar() && level_named(word.text).has_value();
  };
  return std::all_of(node.entries.begin(), node.entries.end(),
                     [&](const Entry& entry) { return is_level(entry.key); }) &&
         std::any_of(node.entries.begin(), node.entries.end(),
                     [&](const Entry& entry) { return !is_level(entry.value); });
}

/// More rules than this are not compared with each other.
constexpr std::size_t kMostCompared = 500;

/// `HIGH: [10..49, like *-urgent]`.
bool read_rules_of_levels(Reader& reader, TreeNode& node, std::vector<LevelRule>& rules) {
  bool good = true;
  for (Entry& entry : node.entries) {
    const auto read = [&](const TreeNode& rule) {
      LevelRule made{{}, *level_named(entry.key.text), rule.mark, rule.text};
      if (!read_condition(reader, rule, made.condition)) return good = false, void();
      rules.push_back(std::move(made));
    };
    if (!entry.value.is_list()) read(entry.value);
    for (const TreeNode& item : entry.value.items) read(item);
    if (entry.value.is_list() && entry.value.items.empty())
      good = reader.error(entry.value.mark, "there must be at least one rule of this level");
  }
  for (std::size_t i = 0; i < std::min(rules.size(), kMostCompared); ++i)
    for (std::size_t j = 0; j < i; ++j) {
      const bool twice =
          rules[i].condition.kind == Kind::always && rules[j].condition.kind == Kind::always;
      if (rules[i].level == rules[j].level) continue;
      if (twice)
        good = reader.error(rules[i].mark, "`else` can only mean one level");
      else if (overlap(rules[i].condition, rules[j].condition))
        good =
            reader.error(rules[i].mark, "this overlaps with `" + rules[j].text + "`, which means " +
                                            std::string(name(rules[j].level)));
    }
  std::stable_partition(rules.begin(), rules.end(),
                        [](const LevelRule& rule) { return rule.condition.kind != Kind::always; });
  return good;
}

/// `10..49: HIGH`.
bool read_levels_of_rules(Reader& reader, TreeNode& node, std::vector<LevelRule>& rules) {
  static const Type<PriorityLevel> level = level_type();
  bool good = !node.entries.empty() ||
              reader.error(node.mark,
                           "there must be at least one entry: values and the levels "
                           "that they mean");
  for (Entry& entry : node.entries) {
    LevelRule made{{}, PriorityLevel::LOW, entry.key.mark, entry.key.text};
    const bool rule = read_condition(reader, entry.key, made.condition);
    good = level.read(reader, entry.value, made.level) && rule && good;
    if (rule) rules.push_back(std::move(made));
  }
  std::vector<const LevelRule*> wide;  // those that can take what another one names
  for (const LevelRule& rule : rules) {
    const auto taken = std::find_if(wide.begin(), wide.end(), [&](const LevelRule* earlier) {
      return covers(earlier->condition, rule.condition);
    });
    if (taken != wide.end())
      good = reader.error(rule.mark, "this never counts: `" + (*taken)->text +
                                         "` stands before it and takes all of it");
    if (rule.condition.kind != Kind::equal && wide.size() < kMostCompared) wide.push_back(&rule);
  }
  return good;
}

}  // namespace

bool Condition::holds(std::string_view field, bool unknown) const {
  switch (kind) {
    case Kind::always:
      return true;
    case Kind::equal:
      return field == text;
    case Kind::not_equal:
      return field != text;
    case Kind::last_digit:
      return !unknown && !field.empty() && field.back() >= '0' && field.back() <= '9' &&
             (digits >> (field.back() - '0') & 1u) != 0;
    case Kind::like:
      return !unknown && matches(text, field);
    default:
      break;
  }
  const std::optional<double> value = unknown ? std::nullopt : number_or_time(field);
  if (!value) return false;
  switch (kind) {
    case Kind::less:
      return *value < number;
    case Kind::less_equal:
      return *value <= number;
    case Kind::greater:
      return *value > number;
    case Kind::range:
      return *value >= number && *value <= last;
    default:
      return *value >= number;
  }
}

bool covers(const Condition& a, const Condition& b) {
  if (a.kind == Kind::always) return true;
  if (b.kind == Kind::equal) return a.holds(b.text);
  if (a.kind == Kind::last_digit && b.kind == Kind::last_digit) return (b.digits & ~a.digits) == 0;
  const auto whole = range_of(a), part = range_of(b);
  if (whole && part)
    return (whole->first < part->first ||
            (whole->first == part->first && (whole->with_first || !part->with_first))) &&
           (whole->last > part->last ||
            (whole->last == part->last && (whole->with_last || !part->with_last)));
  return a.kind == b.kind && a.text == b.text &&
         (a.kind == Kind::like || a.kind == Kind::not_equal);
}

bool overlap(const Condition& a, const Condition& b) {
  if (a.kind == Kind::always || b.kind == Kind::always) return false;
  if (a.kind == Kind::equal) return b.holds(a.text);
  if (b.kind == Kind::equal) return a.holds(b.text);
  if (a.kind == Kind::not_equal || b.kind == Kind::not_equal) return true;
  if (a.kind == Kind::last_digit && b.kind == Kind::last_digit) return (a.digits & b.digits) != 0;
  const auto one = range_of(a), other = range_of(b);
  if (one && other) return !begins_behind(*one, *other) && !begins_behind(*other, *one);
  return a.kind == Kind::like && b.kind == Kind::like && a.text == b.text;
}

Type<Condition> condition_type() {
  return {[](Reader& reader, TreeNode& node, Condition& value) {
            return read_condition(reader, node, value);
          },
          [](Schema&) {
            return Json{
                {"description",
                 "A value, or a rule: `!= x`, `<= 1h`, `> 3`; `10..49`, `1h..4h`: from … to; "
                 "`last digit 0..4`; `like *-urgent`: a pattern with `*`, `?`, `[a-f]`; "
                 "`else`: the rest."},
                {"type", {"string", "number", "boolean", "null"}}};
          }};
}

const std::pair<Condition, PriorityLevel>* LevelRules::find(std::string_view field,
                                                            bool unknown) const {
  const auto found = std::find_if(rules.begin(), rules.end(), [&](const auto& rule) {
    return rule.first.holds(field, unknown);
  });
  return found == rules.end() ? nullptr : &*found;
}

const std::pair<Condition, PriorityLevel>* LevelRules::rival(
    const std::pair<Condition, PriorityLevel>& found, std::string_view field, bool unknown) const {
  if (!exclusive) return nullptr;
  const auto other = std::find_if(rules.begin(), rules.end(), [&](const auto& rule) {
    return rule.second != found.second && rule.first.kind != Kind::always &&
           rule.first.holds(field, unknown);
  });
  return other == rules.end() ? nullptr : &*other;
}

Type<LevelRules> level_rules_type() {
  const auto rules = one_or_many<Condition>("rules", condition_type());
  auto read = [](Reader& reader, TreeNode& node, LevelRules& levels) {
    if (!as_map(reader, node, "values and the levels that they mean")) return false;
    std::vector<LevelRule> made;
    levels.exclusive = levels_with_rules(node);
    if (!(levels.exclusive ? read_rules_of_levels(reader, node, made)
                           : read_levels_of_rules(reader, node, made)))
      return false;
    for (LevelRule& rule : made) levels.rules.emplace_back(std::move(rule.condition), rule.level);
    return true;
  };
  auto schema = [of_rule = describe_entries("values or rules and the levels that they mean",
                                            level_type().schema, 1),
                 of_level = rules.schema](Schema& schema) {
    Json by_level{{"description", "levels and the rules that mean them; `else`: the rest"},
                  {"type", "object"},
                  {"minProperties", 1}};
    for (const PriorityLevel level : kAllLevels)
      by_level["properties"][std::string(name(level))] = of_level(schema);
    by_level["additionalProperties"] = false;
    return any_of({of_rule(schema), std::move(by_level)});
  };
  return {std::move(read), std::move(schema)};
}

}  // namespace sluice
