#include "scenarios/loader/sections/document.hpp"

#include <array>
#include <cstdint>
#include <utility>

#include "scenarios/loader/keys/clock_types.hpp"
#include "scenarios/loader/keys/scalar_types.hpp"
#include "scenarios/loader/sections/api.hpp"
#include "scenarios/loader/sections/calendar.hpp"

namespace sluice {
namespace {

Type<WarmUpConfig> warm_up_type() {
  const auto time = duration_type();
  return {[time](Reader& reader, TreeNode& node, WarmUpConfig& warm_up) {
            if (node.is_scalar() && node.text == "auto") return warm_up.automatic = true;
            if (!node.is_scalar() || !parse_duration(node.text))
              return reader.wrong(node, "a time such as `10m`, or `auto`");
            return time.read(reader, node, warm_up.length);
          },
          [time](Schema& schema) {
            return any_of({Json{{"const", "auto"}}, time.schema(schema)});
          }};
}

Type<std::optional<std::uint32_t>> replications_type() {
  const auto count = count_type(1, 100'000);
  return {[count](Reader& reader, TreeNode& node, std::optional<std::uint32_t>& replications) {
            if (node.is_scalar() && node.text == "auto") {
              replications.reset();
              return true;
            }
            return count.read(reader, node, replications.emplace());
          },
          [count](Schema& schema) {
            return any_of({Json{{"const", "auto"}}, count.schema(schema)});
          }};
}

/// One time for all levels, or a map of levels and times.
template <class V>
Type<std::array<V, kLevels>> per_level_type(V absent) {
  using Levels = std::array<V, kLevels>;
  auto one = converted<Duration, Levels>(duration_type(), [](Duration d) {
    Levels levels;
    levels.fill(d);
    return levels;
  });
  auto map = converted<Entries<PriorityLevel, Duration>, Levels>(
      entries<PriorityLevel, Duration>("levels and times", level_type(), duration_type()),
      [absent](const Entries<PriorityLevel, Duration>& entries) {
        Levels levels;
        levels.fill(absent);
        for (const auto& [level, time] : entries) levels[index(level)] = time;
        return levels;
      });
  return by_shape<Levels>("a time such as `5m`, or a map such as `{HIGH: 30s, LOW: 1h}`",
                          {std::move(one), std::nullopt, std::move(map)});
}

constexpr Duration kDefaultThreshold{std::int64_t{300} * 1'000'000'000};

template <class V, class M>
Key<Document> scenario_key(const char* name, Type<V> type, M Scenario::*member,
                           const char* description) {
  return key_with<Document>(
      name, std::move(type),
      [member](Document& document, V value) { document.scenario.*member = std::move(value); },
      description);
}

template <class V, class M>
Key<Document> pipeline_key(const char* name, Type<V> type, M PipelineConfig::*member,
                           const char* description) {
  return key_with<Document>(
      name, std::move(type),
      [member](Document& document, V value) {
        document.scenario.pipeline.*member = std::move(value);
      },
      description);
}

template <class V>
Key<Document> things_key(const char* name, const char* what, Type<V> type,
                         Entries<Name, V> Document::*member, const char* description) {
  auto things = entries<Name, V>(what, name_type(), named<V>(what, std::move(type)), 0);
  Key<Document> key = kept_key<Document>(name, std::move(things), member, description);
  key.read = [name = std::string(name), read = key.read, member](Reader& reader, TreeNode& node,
                                                                 Document& document) {
    document.section_marks.emplace_back(name, node.mark);
    const bool good = read(reader, node, document);
    // Whatever else is wrong with them: if all names are known, there are no others.
    return good || (node.is_map() && (document.*member).size() == node.entries.size());
  };
  return key;
}

/// A key that was dealt with before reading; only its schema matters here.
Key<Document> earlier_key(const char* name, Json schema, const char* description) {
  Type<bool> type{[](Reader&, TreeNode&, bool&) { return true; },
                  [schema = std::move(schema)](Schema&) { return schema; }};
  return key_with<Document>(
      name, std::move(type), [](Document&, bool) {}, description);
}

Key<Document> warm_up_key() {
  Key<Document> key = scenario_key("warm_up", warm_up_type(), &Scenario::warm_up,
                                   "left out of the report: a time, or `auto` (MSER-5)");
  key.read = [read = key.read](Reader& reader, TreeNode& node, Document& document) {
    document.warm_up_mark = node.mark;
    return read(reader, node, document);
  };
  return key;
}

/// A share that is neither nothing nor all.
Type<double> confidence_type() {
  Type<double> type = share_type();
  type.read = [read = type.read](Reader& reader, TreeNode& node, double& value) {
    return read(reader, node, value) &&
           ((value > 0 && value < 1) ||
            reader.wrong(node, "more than 0% and less than 100%, such as `95%`"));
  };
  return type;
}

std::vector<Key<Document>> general_keys() {
  using D = Document;
  using S = Scenario;
  return {
      key("scenario", text_type(), &D::name, "name of the scenario; not given: of its file"),
      scenario_key("question", text_type(), &S::question, "what it answers"),
      earlier_key("params", Json{{"type", "object"}},
                  "names and default values, used as `${name}`; `-p NAME=value` overrides them"),
      earlier_key("include",
                  Json{{"type", {"string", "array"}}, {"items", Json{{"type", "string"}}}},
                  "a file or a list of files, relative to this one, which goes on top of them"),
      scenario_key("seed", whole_type(), &S::seed, "of all random streams").or_default("1"),
      scenario_key("duration", length_type(), &S::duration,
                   "simulated time; `1y`: to the same date of a scenario with a `start`")
          .required(),
      earlier_key("start", start_schema(),
                  "date and time of day at which time 0 is, such as `2026-01-05T00:00`; not given: "
                  "00:00 of some Monday"),
      earlier_key("time_zone", time_zone_schema(),
                  "whose clocks tell times of day, with daylight saving: a name of the system's "
                  "database, such as Europe/Berlin; not given: UTC"),
      earlier_key("holidays", holidays_schema(),
                  "dates that are sundays for `days` and `weekly`, whatever day they are"),
      key("growth", growth_type(), &D::growth,
          "of all submitters that do not say their own: as many more runs over each such time, "
          "compounding: `5%/30d`"),
      warm_up_key().or_default("0s"),
      key("window", window_type(), &D::window,
          "a part of the time that figures are of, such as a month; not given: all of it behind "
          "the warm-up"),
      scenario_key("replications", replications_type(), &S::replications,
                   "independent repetitions; `auto`: as many as decide what is expected")
          .or_default("auto"),
      scenario_key("confidence", confidence_type(), &S::confidence, "of intervals")
          .or_default("95%"),
      scenario_key("starvation_threshold", per_level_type<Duration>(kDefaultThreshold),
                   &S::starvation_threshold,
                   "waiting longer than this is starving; a time or one per level (others 5m)")
          .or_default("5m"),
      scenario_key("slo", per_level_type<std::optional<Duration>>(std::nullopt), &S::slo,
                   "wait targets: a time or one per level"),
      scenario_key("stability_window", positive_duration_type(), &S::stability_window,
                   "over which the peak of σ is looked for")
          .or_default("1h"),
  };
}

std::vector<Key<Document>> pipeline_keys() {
  using D = Document;
  using P = PipelineConfig;
  return {
      things_key("resource_groups", "resource_group", group_type(), &D::groups, "pools of workers")
          .required(),
      things_key("workspaces", "workspace", workspace_type(), &D::workspaces,
                 "whose runs they are"),
      things_key("credentials", "credential", credential_type(), &D::credentials, "vault entries"),
      things_key("workflows", "workflow", workflow_type(), &D::workflows, "what runs do")
          .required(),
      pipeline_key("api", api_type(), &P::api, "rate limits, latency, errors").or_default("{}"),
      pipeline_key("webhooks", webhooks_type(), &P::webhooks,
                   "delivery of events; not given: nobody listens"),
      pipeline_key("stop_queued_siblings", bool_type(), &P::stop_queued_siblings,
                   "a failed login also stops waiting runs that need that credential")
          .or_default("false"),
      things_key("submitters", "submitter", submitter_type(), &D::submitters,
                 "who starts runs; not given: nobody but the clients of `sluice serve`"),
      kept_key("incidents",
               list<IncidentText>("incidents", named<IncidentText>("incident", incident_type()), 0),
               &D::incidents, "timed changes"),
      kept_key("expect",
               list<ExpectationText>("expectations",
                                     named<ExpectationText>("expectation", expectation_type()), 0),
               &D::expectations, "limits that must hold"),
      key("reaches", list<Name>("sentences", located_text_type(), 0), &D::reaches,
          "what must have happened at least once"),
      kept_key("serve", serve_type(), &D::serve, "how `sluice serve` serves it"),
      kept_key("load", load_type(), &D::load, "how `sluice load` sends it"),
  };
}

}  // namespace

const Mark& Document::mark_of(std::string_view section) const {
  for (const auto& [name, place] : section_marks)
    if (name == section) return place;
  return mark;
}

const Table<Document>& document_table() {
  static const Table<Document> table = [] {
    Table<Document> all{"a scenario", "A scenario of Sluice.", general_keys(), {}};
    for (Key<Document>& key : pipeline_keys()) all.keys.push_back(std::move(key));
    return all;
  }();
  return table;
}

void read_document(Reader& reader, TreeNode& root, Document& document) {
  read_calendar(reader, root);
  document_table().read(reader, root, document);
  document.mark = root.mark;
  document.scenario.name = document.name.value_or("");
  // An unknown key may have been meant for a section that is not there, and for no other.
  if (!document.unread.anything) return;
  document.unread.anything = false;
  for (const Key<Document>& key : document_table().keys)
    if (root.find(key.info.name) == nullptr) document.unread.keys.push_back(key.info.name);
}

}  // namespace sluice
