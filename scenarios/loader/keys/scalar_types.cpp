#include "scenarios/loader/keys/scalar_types.hpp"

#include <cmath>

namespace sluice {
namespace {

constexpr Duration kLongest{std::int64_t{100} * 365 * 86'400 * 1'000'000'000};

constexpr const char* kNumberPattern = "^ *[0-9.][0-9_.eE+-]* *$";
constexpr const char* kSharePattern = "^ *[0-9.][0-9_.eE+-]* *%? *$";
constexpr const char* kRatePattern = "^ *[0-9.][0-9_.eE+-]* */ *[0-9.]* *[wdhmsunin]";

bool read_duration(Reader& reader, const TreeNode& node, Duration& value) {
  if (!is_scalar(reader, node, "a time such as `90s` or `1h30m`")) return false;
  if (!take(reader, node, parse_duration(node.text), value)) return false;
  return value <= kLongest || reader.error(node.mark, "longer than 100 years");
}

Json number_schema(double lowest) { return Json{{"type", "number"}, {"minimum", lowest}}; }

Type<Duration> any_duration() {
  auto schema = [](Schema& schema) {
    return schema.reference("duration", [](Schema&) {
      return scalar_schema("A time: `90s`, `1h30m`, `250ms`, `2d`; units w d h m s ms us ns.",
                           {Json{{"const", 0}}}, kDurationPattern);
    });
  };
  return {[](Reader& reader, TreeNode& node, Duration& value) {
            return read_duration(reader, node, value);
          },
          std::move(schema)};
}

/// A number by `parse`, with its own schema definition.
Type<double> number_of(std::string name, const std::string& description,
                       const std::string& expected, const char* pattern, double highest,
                       Parsed<double> (*parse)(std::string_view)) {
  auto read = [expected, highest, parse](Reader& reader, TreeNode& node, double& value) {
    const Parsed<double> parsed = node.is_scalar() ? parse(node.text) : Parsed<double>{};
    if (!parsed || !std::isfinite(*parsed) || *parsed < 0 || *parsed > highest)
      return reader.wrong(node, expected);
    value = *parsed;
    return true;
  };
  auto schema = [description, highest, pattern](Schema&) {
    Json number = number_schema(0);
    if (highest < 1e9) number["maximum"] = highest;
    return scalar_schema(description, {std::move(number)}, pattern);
  };
  return named<double>(std::move(name), {std::move(read), std::move(schema)});
}

/// A whole number of [lowest, highest].
template <class N>
bool read_whole(Reader& reader, const TreeNode& node, double lowest, double highest, N& value) {
  const std::string expected =
      highest < 4e9 && highest != UINT32_MAX - 1.0
          ? "a whole number from " + std::to_string(static_cast<std::uint64_t>(lowest)) + " to " +
                std::to_string(static_cast<std::uint64_t>(highest))
          : "a whole number, at least " + std::to_string(static_cast<std::uint64_t>(lowest));
  const Parsed<double> parsed = node.is_scalar() ? parse_number(node.text) : Parsed<double>{};
  const double number = parsed ? *parsed : -1;
  if (!(number >= lowest && number <= highest) || number != std::floor(number)) {
    const bool calculated = number >= 0 && number != std::floor(number) &&
                            node.mark.via != nullptr && node.mark.via->kind == Via::Kind::param;
    return reader.wrong(node, calculated ? expected +
                                               " (`${round(…)}`, `${ceil(…)}` and "
                                               "`${floor(…)}` make one)"
                                         : expected);
  }
  value = static_cast<N>(number);
  return true;
}

bool in_name(char c) {
  return static_cast<unsigned char>(c) > ' ' && c != '\x7f' &&
         std::string_view("{}[],=<>\"'#").find(c) == std::string_view::npos;
}

}  // namespace

Json scalar_schema(std::string description, std::vector<Json> alternatives, const char* pattern) {
  if (pattern != nullptr) alternatives.push_back(Json{{"type", "string"}, {"pattern", pattern}});
  alternatives.push_back(Json{{"type", "string"}, {"pattern", "\\$\\{"}});
  Json json = any_of(std::move(alternatives));
  if (!description.empty()) json["description"] = std::move(description);
  return json;
}

bool is_scalar(Reader& reader, const TreeNode& node, std::string_view expected) {
  return node.is_scalar() || reader.wrong(node, expected);
}

void wrong_inside(Reader& reader, const TreeNode& node, const TextError& error) {
  reader.problems.error_inside(node.mark, node.text, error.offset,
                               what_it_is(node) + ": " + error.message);
}

Type<Duration> duration_type() { return any_duration(); }

Type<Duration> positive_duration_type() {
  Type<Duration> type = any_duration();
  type.read = [](Reader& reader, TreeNode& node, Duration& value) {
    if (!read_duration(reader, node, value)) return false;
    return value > Duration::zero() || reader.error(node.mark, "must be longer than 0");
  };
  return type;
}

Type<double> rate_type() {
  auto read = [](Reader& reader, TreeNode& node, double& value) {
    Rate rate;
    if (!is_scalar(reader, node, "a rate such as `40/min`") ||
        !take(reader, node, parse_rate(node.text), rate))
      return false;
    value = rate.per_second;
    return (std::isfinite(value) && value >= 0 && value <= 1e9) ||
           reader.error(node.mark, "more than 10^9 per second");
  };
  auto schema = [](Schema&) {
    return scalar_schema("A rate: `40/min`, `5/s`, `100/d`, `1000/15s`.", {Json{{"const", 0}}},
                         kRatePattern);
  };
  return named<double>("rate", {std::move(read), std::move(schema)});
}

Type<double> share_type() {
  return number_of("share", "A share: `3%` or `0.03`.",
                   "a share from 0% to 100%, such as `3%` or `0.03`", kSharePattern, 1,
                   parse_share);
}

Type<double> weight_type() {
  return number_of("weight",
                   "A weight or share: `30%` or any number; what matters is the proportion.",
                   "a weight such as `30%` or `2`", kSharePattern, 1e12, parse_share);
}

Type<double> number_type() {
  return number_of("number", "A plain number.", "a number, at least 0", kNumberPattern, 1e15,
                   parse_number);
}

Type<std::uint32_t> count_type(std::uint32_t lowest, std::uint32_t highest) {
  return {[lowest, highest](Reader& reader, TreeNode& node, std::uint32_t& value) {
            return read_whole(reader, node, lowest, highest, value);
          },
          [lowest, highest](Schema&) {
            Json json{{"type", "integer"}, {"minimum", lowest}};
            if (highest < UINT32_MAX - 1) json["maximum"] = highest;
            return scalar_schema("", {std::move(json)}, kNumberPattern);
          }};
}

Type<std::uint64_t> whole_type() {
  return {[](Reader& reader, TreeNode& node, std::uint64_t& value) {
            return read_whole(reader, node, 0, static_cast<double>(kMaxWhole), value);
          },
          [](Schema&) {
            return scalar_schema("", {Json{{"type", "integer"}, {"minimum", 0}}}, kNumberPattern);
          }};
}

Type<bool> bool_type() {
  return {[](Reader& reader, TreeNode& node, bool& value) {
            if (!node.is_scalar() || (node.text != "true" && node.text != "false"))
              return reader.wrong(node, "`true` or `false`");
            value = node.text == "true";
            return true;
          },
          [](Schema&) {
            return scalar_schema("", {Json{{"type", "boolean"}}, Json{{"enum", {"true", "false"}}}},
                                 nullptr);
          }};
}

Type<std::string> text_type() {
  return {[](Reader& reader, TreeNode& node, std::string& value) {
            if (!is_scalar(reader, node, "text")) return false;
            value = node.text;
            return true;
          },
          [](Schema&) {
            return Json{{"type", {"string", "number", "boolean"}}};
          }};
}

Type<Name> located_text_type() {
  return {[](Reader& reader, TreeNode& node, Name& value) {
            if (!is_scalar(reader, node, "text")) return false;
            value = {node.text, node.mark};
            return true;
          },
          [](Schema&) {
            return Json{{"type", {"string", "number", "boolean"}}};
          }};
}

Type<Name> name_type() {
  auto read = [](Reader& reader, TreeNode& node, Name& value) {
    if (!is_scalar(reader, node, "a name")) return false;
    if (node.text.empty() || node.text.size() > 100)
      return reader.error(node.mark, "a name has from 1 to 100 characters");
    for (std::size_t i = 0; i < node.text.size(); ++i)
      if (!in_name(node.text[i])) {
        reader.problems.error_inside(node.mark, node.text, i,
                                     "a name holds no spaces and none of {}[],=<>\"'#");
        return false;
      }
    value = {node.text, node.mark};
    return true;
  };
  return {std::move(read), [](Schema&) { return Json{{"type", {"string", "number", "boolean"}}}; }};
}

Type<PriorityLevel> level_type() {
  return word_type<PriorityLevel>("a priority level", {{"HIGH", PriorityLevel::HIGH, ""},
                                                       {"MEDIUM", PriorityLevel::MEDIUM, ""},
                                                       {"LOW", PriorityLevel::LOW, ""}});
}

}  // namespace sluice
