// The keys of `arrivals: {trace: …}`.
#include "reports/units.hpp"
#include "scenarios/record_file.hpp"
#include "scenarios/scalar_types.hpp"
#include "scenarios/trace.hpp"

namespace sluice {
namespace {

using ConditionKind = Condition::Kind;

Condition comparison_without_value(std::string_view& text) {
  constexpr std::array<std::pair<std::string_view, ConditionKind>, 6> kSigns{
      {{"!=", ConditionKind::not_equal},
       {"<=", ConditionKind::less_equal},
       {">=", ConditionKind::greater_equal},
       {"==", ConditionKind::equal},
       {"<", ConditionKind::less},
       {">", ConditionKind::greater}}};
  Condition condition;
  for (const auto& [sign, kind] : kSigns)
    if (text.starts_with(sign)) {
      condition.kind = kind;
      text.remove_prefix(sign.size());
      text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
      break;
    }
  return condition;
}

bool read_condition(Reader& reader, const TreeNode& node, Condition& condition) {
  if (node.is_null()) return condition = {}, true;  // an empty field
  if (!is_scalar(reader, node, "a value, or a comparison such as `<= 1h`")) return false;
  std::string_view text = node.text;
  if (text == "else") return condition = {ConditionKind::always, {}, 0}, true;
  condition = comparison_without_value(text);
  condition.text = std::string(text);
  if (condition.kind == ConditionKind::equal || condition.kind == ConditionKind::not_equal)
    return true;
  if (const auto number = to_number(text)) return condition.number = *number, true;
  const Parsed<Duration> duration = parse_duration(text);
  if (!duration) return reader.wrong(node, "a comparison with a number or a time, such as `<= 1h`");
  condition.number = duration->seconds();
  return true;
}

const Table<TraceColumns>& columns_table() {
  using C = TraceColumns;
  static const Table<C> table{
      "the columns of a trace",
      "Which column holds what: names of the header line. A column that has the name of its key "
      "needs no entry.",
      {key("time", located_text_type(), &C::time, "when the run was submitted"),
       key("duration", located_text_type(), &C::duration,
           "how long it ran; empty or negative: not recorded, drawn from the workflow"),
       key("start", located_text_type(), &C::start,
           "when it started, for a duration of end - start"),
       key("end", located_text_type(), &C::end, "when it ended, for a duration of end - start"),
       key("workspace", located_text_type(), &C::workspace, "whose it was"),
       key("level", located_text_type(), &C::level, "what `levels` are found by"),
       key("credential", located_text_type(), &C::credential, "the credential of its first alias"),
       key("status", located_text_type(), &C::status, "what `failed` is compared with")}};
  return table;
}

Type<std::string> separator_type() {
  return word_type<std::string>("a separator", {{",", ",", ""},
                                                {";", ";", ""},
                                                {"|", "|", ""},
                                                {"tab", "\t", ""},
                                                {"space", " ", "any number of spaces and tabs"}});
}

Type<TimeFormat> time_format_type() {
  return word_type<TimeFormat>(
      "a time format", {{"auto", TimeFormat::automatic, "a number is seconds, else ISO 8601"},
                        {"seconds", TimeFormat::seconds, ""},
                        {"milliseconds", TimeFormat::milliseconds, ""},
                        {"microseconds", TimeFormat::microseconds, ""},
                        {"epoch", TimeFormat::seconds, "seconds since 1970"},
                        {"epoch_milliseconds", TimeFormat::milliseconds, "milliseconds since 1970"},
                        {"iso8601", TimeFormat::iso8601, "`2026-11-23T19:55:21Z`"}});
}

struct WorkspaceMapping {
  bool automatic = false;
  Entries<std::string, Name> names;
};

Type<WorkspaceMapping> workspace_mapping_type() {
  auto automatic = converted<bool, WorkspaceMapping>(
      word_type<bool>("a way to find workspaces",
                      {{"auto", true, "each value is a workspace of its own"}}),
      [](bool) {
        return WorkspaceMapping{true, {}};
      });
  auto map = converted<Entries<std::string, Name>, WorkspaceMapping>(
      entries<std::string, Name>("values and the workspaces that they mean", text_type(),
                                 name_type()),
      [](Entries<std::string, Name> names) {
        return WorkspaceMapping{false, std::move(names)};
      });
  return by_shape<WorkspaceMapping>("`auto`, or a map of values and workspaces",
                                    {std::move(automatic), std::nullopt, std::move(map)});
}

}  // namespace

bool Condition::holds(std::string_view field) const {
  switch (kind) {
    case ConditionKind::always:
      return true;
    case ConditionKind::equal:
      return field == text;
    case ConditionKind::not_equal:
      return field != text;
    default:
      break;
  }
  const std::optional<double> value = to_number(field);
  if (!value) return false;
  switch (kind) {
    case ConditionKind::less:
      return *value < number;
    case ConditionKind::less_equal:
      return *value <= number;
    case ConditionKind::greater:
      return *value > number;
    default:
      return *value >= number;
  }
}

Type<Condition> condition_type() {
  return {[](Reader& reader, TreeNode& node, Condition& value) {
            return read_condition(reader, node, value);
          },
          [](Schema&) {
            return Json{{"description",
                         "A value, or a comparison: `!= x`, `<= 1h`, `> 3`; `else`: the rest."},
                        {"type", {"string", "number", "boolean", "null"}}};
          }};
}

const Table<TraceText>& trace_table() {
  using T = TraceText;
  const auto conditions = [](const char* what) {
    return one_or_many<Condition>(what, condition_type());
  };
  static const Table<T> table{
      "a trace",
      "A recorded workload: CSV with a header line, or Standard Workload Format; gz too.",
      {key("csv", file_type(), &T::csv, "a CSV file, beside the scenario"),
       key("swf", file_type(), &T::swf, "a file in Standard Workload Format, beside the scenario"),
       key("columns", object(columns_table), &T::columns, "which column holds what"),
       key("separator", separator_type(), &T::separator, "between the fields of a CSV file")
           .or_default("','"),
       key("time_format", time_format_type(), &T::time_format,
           "of the columns with times and durations")
           .or_default("auto"),
       key("from", duration_type(), &T::from, "replay begins here, from the first row on"),
       key("to", duration_type(), &T::to, "replay ends here, from the first row on"),
       key("compress", number_type(), &T::compress,
           "times between rows are divided by this; 10: ten times as much load")
           .or_default("1"),
       key("duration_factor", number_type(), &T::duration_factor,
           "durations are multiplied by this")
           .or_default("1"),
       key("max_rows", whole_type(), &T::max_rows, "no more rows than this"),
       key("where",
           entries<Name, std::vector<Condition>>("columns and the values that are taken",
                                                 located_text_type(), conditions("values")),
           &T::where, "only rows whose columns have these values"),
       key("levels",
           entries<Condition, PriorityLevel>("values and the levels that they mean",
                                             condition_type(), level_type()),
           &T::levels,
           "the level of a row by its `level` column, the first that fits; without: its name"),
       key("failed", conditions("values of the status column"), &T::failed,
           "rows whose status column has one of these values failed; an empty status or -1 is "
           "unknown")
           .or_default("[failed, Failed, FAILED, '0']"),
       key_with<T>(
           "workspaces", workspace_mapping_type(),
           [](T& text, WorkspaceMapping mapping) {
             text.auto_workspaces = mapping.automatic;
             text.workspaces = std::move(mapping.names);
           },
           "what the values of the `workspace` column mean; without: names of workspaces"),
       key("group", name_type(), &T::group,
           "resource group of the workspaces made by `workspaces: auto`"),
       key("credentials",
           entries<std::string, Name>("values and the credentials that they mean", text_type(),
                                      name_type()),
           &T::credentials,
           "what the values of the `credential` column mean; without: names of credentials")},
      {{"csv"}, {"swf"}}};
  return table;
}

}  // namespace sluice
