#include "scenarios/loader/trace/trace_keys.hpp"

#include "base/text/units.hpp"
#include "scenarios/loader/keys/scalar_types.hpp"
#include "scenarios/loader/trace/record_file.hpp"

namespace sluice {
namespace {

const Table<TraceColumns>& columns_table() {
  using C = TraceColumns;
  static const Table<C> table{
      "the columns of a trace",
      "Which column holds what: names of the header line, of SWF its fields or their numbers. A "
      "column that has the name of its key needs no entry.",
      {key("time", located_text_type(), &C::time, "when the run was submitted"),
       key("duration", located_text_type(), &C::duration,
           "how long it ran: a number, `90s`, `MM:SS`, `HH:MM:SS`, `D-HH:MM:SS`; see "
           "`without_duration`"),
       key("start", located_text_type(), &C::start,
           "when it started, for a duration of end - start"),
       key("end", located_text_type(), &C::end, "when it ended, for a duration of end - start"),
       key("workspace", located_text_type(), &C::workspace, "whose it was"),
       key("level", located_text_type(), &C::level, "what `levels` are found by"),
       key("credential", located_text_type(), &C::credential, "the credential of its first alias"),
       key("status", located_text_type(), &C::status, "what `failed` is compared with"),
       key("id", located_text_type(), &C::id,
           "what tells runs apart: of rows with the same one the first counts; of SWF `job`")}};
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
      "a time format",
      {{"auto", TimeFormat::automatic,
        "a number is seconds, or what its size or the column's name says; else ISO 8601"},
       {"seconds", TimeFormat::seconds, ""},
       {"milliseconds", TimeFormat::milliseconds, ""},
       {"microseconds", TimeFormat::microseconds, ""},
       {"nanoseconds", TimeFormat::nanoseconds, ""},
       {"epoch", TimeFormat::seconds, "seconds since 1970"},
       {"epoch_milliseconds", TimeFormat::milliseconds, "milliseconds since 1970"},
       {"epoch_microseconds", TimeFormat::microseconds, "microseconds since 1970"},
       {"epoch_nanoseconds", TimeFormat::nanoseconds, "nanoseconds since 1970"},
       {"iso8601", TimeFormat::iso8601, "`2026-11-23T19:55:21Z`"}});
}

Type<TimeUnit> unit_type() {
  std::vector<Word<TimeUnit>> words;
  for (const TimeUnit unit : {TimeUnit::seconds, TimeUnit::milliseconds, TimeUnit::microseconds,
                              TimeUnit::nanoseconds, TimeUnit::minutes, TimeUnit::hours})
    words.push_back({std::string(name(unit)), unit, ""});
  return word_type<TimeUnit>("a unit of time", std::move(words));
}

Type<WithoutDuration> without_duration_type() {
  return word_type<WithoutDuration>(
      "what to do without a duration",
      {{"draw", WithoutDuration::draw, "it is drawn from the workflow, and nobody is warned"},
       {"leave_out", WithoutDuration::leave_out, "the row is left out"}});
}

Type<bool> unreadable_type() {
  return word_type<bool>("what to do with unreadable rows",
                         {{"refuse", false, "they are errors"},
                          {"leave_out", true, "they are left out, with a warning"}});
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
       key("duration_unit", unit_type(), &T::duration_unit,
           "of numbers in the `duration` column; without: that of `time_format`, or what the "
           "column's name says, or seconds"),
       key("time_zone", located_text_type(), &T::time_zone,
           "of stamps that name none: a name of the system's database, such as Europe/Berlin; "
           "without: that of the scenario"),
       key("without_duration", without_duration_type(), &T::without_duration,
           "of rows whose duration is missing or negative; without: drawn from the workflow, with "
           "a warning"),
       key("unreadable", unreadable_type(), &T::leave_out_unreadable,
           "rows that cannot be read, or whose level `levels` does not know; without: refuse"),
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
       key("levels", level_rules_type(), &T::levels,
           "the level of a row by its `level` column: `{urgent: HIGH, 10..49: MEDIUM, else: LOW}`, "
           "the first that fits; or `{HIGH: [urgent, like p0-*], LOW: else}`; without: its name"),
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
