#include "mock_api/contract/start_run.hpp"

#include <simdjson.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <deque>
#include <string>

#include "base/text/http_url.hpp"
#include "base/text/json.hpp"

namespace sluice {
namespace {

namespace od = simdjson::ondemand;

/// Thrown and caught within this file: a body that is refused, with the reason.
struct Refused {
  std::string why;
};
/// The bytes are no JSON; where is looked for later.
struct Malformed {};

[[noreturn]] void refuse(std::string_view field, std::string_view what) {
  throw Refused{std::string(field) + ' ' + std::string(what)};
}

template <class T>
T need(simdjson::simdjson_result<T> result) {
  if (result.error() != simdjson::SUCCESS) throw Malformed{};
  return std::move(result).value_unsafe();
}
void need(simdjson::error_code error) {
  if (error != simdjson::SUCCESS) throw Malformed{};
}

std::string_view without_spaces(std::string_view text) {
  while (!text.empty() && std::strchr(" \t\r\n", text.back()) != nullptr) text.remove_suffix(1);
  return text;
}

/// How far `text` is a run of digits from `at` on.
std::size_t digits(std::string_view text, std::size_t at) {
  const std::size_t begin = at;
  while (at < text.size() && text[at] >= '0' && text[at] <= '9') ++at;
  return at - begin;
}

/// The kind of a number by JSON's grammar.
JsonKind number_kind(std::string_view text) {
  std::size_t at = text.starts_with('-') ? 1 : 0;
  const std::size_t whole = digits(text, at);
  if (whole == 0 || (whole > 1 && text[at] == '0')) throw Malformed{};
  at += whole;
  const bool is_integer = at == text.size();
  if (at < text.size() && text[at] == '.') {
    const std::size_t fraction = digits(text, at + 1);
    if (fraction == 0) throw Malformed{};
    at += 1 + fraction;
  }
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    const bool sign = at + 1 < text.size() && (text[at + 1] == '+' || text[at + 1] == '-');
    const std::size_t exponent = digits(text, at + (sign ? 2 : 1));
    if (exponent == 0) throw Malformed{};
    at += (sign ? 2 : 1) + exponent;
  }
  if (at != text.size()) throw Malformed{};
  return is_integer ? JsonKind::integer : JsonKind::number;
}

bool is_digits(std::string_view text) {
  return !text.empty() && digits(text, 0) == text.size() && text.size() <= 9;
}

std::uint32_t small_number(std::string_view digits) {
  std::uint32_t value = 0;
  for (const char c : digits) value = value * 10 + static_cast<std::uint32_t>(c - '0');
  return value;
}

}  // namespace

const InputVariable* StartRun::find(std::string_view name) const {
  const auto found = std::find_if(variables.begin(), variables.end(),
                                  [name](const InputVariable& v) { return v.name == name; });
  return found == variables.end() ? nullptr : &*found;
}

// ---- the walk over one body

struct StartRunReader::State {
  od::parser parser;
  std::vector<char> buffer;
  std::size_t body_size = 0;  // of the buffer; the rest is what simdjson needs behind it
  od::document document;
  StartRun run;
  std::deque<std::string> long_names;  // of unknown keys that are not the body's own
  std::string problem;

  // What was read of the value that is being looked at.
  struct Scalar {
    JsonKind kind = JsonKind::null;
    std::string_view raw, text;
  };

  void walk(std::string_view body);
  void take(std::string_view name, od::value value);
  void take_structured(std::string_view name, od::value value);
  void take_inputs(od::value value);
  void take_dry_run(od::value value);
  void take_webhook(od::value value);
  void take_notifications(od::value value);
  void take_version(od::value value);
  void keep_unknown(const char* outer, std::string_view name, od::value value);
  void check() const;

  /// Up to the next token, without the space before that. Where the body breaks off before a value,
  /// simdjson tells of one beyond its end.
  std::string_view token(od::value& value) const;
  Scalar scalar(od::value value);
  /// Checks all of a value; its JSON as sent.
  std::string_view raw(od::value value, std::size_t depth);
  std::string_view raw_object(std::string_view field, od::value value, std::size_t depth);
  bool boolean(std::string_view field, od::value value);
  std::string_view text(std::string_view field, od::value value);
  void texts(std::string_view field, od::value value, std::vector<std::string_view>& out);
  void read_list(od::value value, InputVariable& variable);
  template <class F>
  void members(std::string_view field, od::value value, F f);
};

namespace {

bool is_container(od::value& value) {
  const auto type = need(value.type());
  return type == od::json_type::object || type == od::json_type::array;
}

/// Duplicate names are refused: which of two values counts is nobody's guess.
void check_unique(std::string_view field, std::vector<std::string_view> names) {
  std::sort(names.begin(), names.end());
  const auto twice = std::adjacent_find(names.begin(), names.end());
  if (twice != names.end()) refuse(field, "has the key `" + std::string(*twice) + "` twice");
}

}  // namespace

std::string_view StartRunReader::State::token(od::value& value) const {
  const std::string_view found = value.raw_json_token();
  const char* const end = buffer.data() + body_size;
  if (found.data() >= end || found.size() > static_cast<std::size_t>(end - found.data()))
    throw Malformed{};
  return without_spaces(found);
}

StartRunReader::State::Scalar StartRunReader::State::scalar(od::value value) {
  Scalar scalar;
  scalar.raw = token(value);
  if (scalar.raw.starts_with('"')) {
    scalar.kind = JsonKind::string;
    scalar.text = need(value.get_string());
  } else if (scalar.raw == "true" || scalar.raw == "false") {
    scalar.kind = JsonKind::boolean;
  } else if (scalar.raw != "null") {
    scalar.kind = number_kind(scalar.raw);
  }
  return scalar;
}

std::string_view StartRunReader::State::raw(od::value value, std::size_t depth) {
  if (!is_container(value)) return scalar(value).raw;
  if (depth == kMaxJsonDepth)
    refuse("the body", "is nested deeper than " + std::to_string(kMaxJsonDepth) + " levels");
  const char* begin = value.raw_json_token().data();
  if (*begin == '{') {
    for (auto field : need(value.get_object())) {
      need(field.error());
      need(field.unescaped_key());
      raw(need(field.value()), depth + 1);
    }
  } else {
    for (auto item : need(value.get_array())) raw(need(item), depth + 1);
  }
  // The next token after the value: there is always one, the body's own brace.
  const char* end = need(document.current_location());
  return without_spaces({begin, static_cast<std::size_t>(end - begin)});
}

std::string_view StartRunReader::State::raw_object(std::string_view field, od::value value,
                                                   std::size_t depth) {
  if (need(value.type()) != od::json_type::object) refuse(field, "must be an object");
  return raw(value, depth);
}

bool StartRunReader::State::boolean(std::string_view field, od::value value) {
  const Scalar read = is_container(value) ? Scalar{} : scalar(value);
  if (read.kind != JsonKind::boolean) refuse(field, "must be a boolean value");
  return read.raw == "true";
}

std::string_view StartRunReader::State::text(std::string_view field, od::value value) {
  const Scalar read = is_container(value) ? Scalar{} : scalar(value);
  if (read.kind != JsonKind::string) refuse(field, "must be a string");
  return read.text;
}

void StartRunReader::State::texts(std::string_view field, od::value value,
                                  std::vector<std::string_view>& out) {
  if (need(value.type()) != od::json_type::array) refuse(field, "must be an array of strings");
  for (auto item : need(value.get_array())) {
    if (out.size() == kMaxJsonMembers) refuse(field, "has too many items");
    out.push_back(text("each value in " + std::string(field), need(item)));
  }
}

/// Calls f(name, value) for each member that is not null.
template <class F>
void StartRunReader::State::members(std::string_view field, od::value value, F f) {
  if (need(value.type()) != od::json_type::object) refuse(field, "must be an object");
  std::vector<std::string_view> names;
  for (auto member : need(value.get_object())) {
    need(member.error());
    const std::string_view name = need(member.unescaped_key());
    names.push_back(name);
    if (names.size() > kMaxJsonMembers) refuse(field, "has too many members");
    od::value inner = need(member.value());
    if (token(inner) != "null") f(name, inner);
  }
  check_unique(field, std::move(names));
}

// ---- the parts of the body

void StartRunReader::State::read_list(od::value value, InputVariable& variable) {
  variable.is_list_of_strings = true;
  variable.first_string = static_cast<std::uint32_t>(run.strings.size());
  const char* begin = value.raw_json_token().data();
  for (auto item : need(value.get_array())) {
    od::value inner = need(item);
    if (is_container(inner)) {
      raw(inner, 3);
      variable.is_list_of_strings = false;
      continue;
    }
    const Scalar read = scalar(inner);
    if (read.kind != JsonKind::string) variable.is_list_of_strings = false;
    if (variable.is_list_of_strings) run.strings.push_back(read.text);
  }
  const char* end = need(document.current_location());
  variable.raw = without_spaces({begin, static_cast<std::size_t>(end - begin)});
  if (!variable.is_list_of_strings) run.strings.resize(variable.first_string);
  variable.strings = static_cast<std::uint32_t>(run.strings.size() - variable.first_string);
}

void StartRunReader::State::take_inputs(od::value value) {
  constexpr std::string_view kField = "run_input_variables";
  if (need(value.type()) != od::json_type::object) refuse(kField, "must be an object");
  const char* begin = value.raw_json_token().data();
  for (auto field : need(value.get_object())) {
    need(field.error());
    if (run.variables.size() == kMaxJsonMembers) refuse(kField, "has too many members");
    InputVariable& variable = run.variables.emplace_back();
    variable.name = need(field.unescaped_key());
    od::value inner = need(field.value());
    const auto type = need(inner.type());
    if (type == od::json_type::array) {
      variable.kind = JsonKind::array;
      read_list(inner, variable);
    } else if (type == od::json_type::object) {
      variable.kind = JsonKind::object;
      variable.raw = raw(inner, 2);
    } else {
      const Scalar read = scalar(inner);
      variable.kind = read.kind;
      variable.raw = read.raw;
      variable.text = read.text;
    }
  }
  const char* end = need(document.current_location());
  run.inputs = without_spaces({begin, static_cast<std::size_t>(end - begin)});
  std::vector<std::string_view> names;
  names.reserve(run.variables.size());
  for (const InputVariable& variable : run.variables) names.push_back(variable.name);
  check_unique(kField, std::move(names));
}

void StartRunReader::State::keep_unknown(const char* outer, std::string_view name,
                                         od::value value) {
  const std::string_view text = raw(value, 2);
  run.unknown.emplace_back(long_names.emplace_back(outer + std::string(name)), text);
}

void StartRunReader::State::take_dry_run(od::value value) {
  members("dry_run", value, [this](std::string_view name, od::value inner) {
    if (name == "enabled")
      run.dry_run = boolean("dry_run.enabled", inner);
    else if (name == "add_to_output")
      run.add_to_output = raw_object("dry_run.add_to_output", inner, 2);
    else
      keep_unknown("dry_run.", name, inner);
  });
}

void StartRunReader::State::take_webhook(od::value value) {
  RequestedWebhook& webhook = run.webhook;
  members("webhook", value, [this, &webhook](std::string_view name, od::value inner) {
    if (name == "metadata") {
      webhook.metadata = raw_object("webhook.metadata", inner, 2);
    } else if (name == "url") {
      webhook.url = text("webhook.url", inner);
    } else if (name == "secret") {
      webhook.secret = text("webhook.secret", inner);
    } else if (name == "event_types_subscribed") {
      texts("webhook.event_types_subscribed", inner, webhook.events);
    } else if (name == "validity") {
      const Scalar read = is_container(inner) ? Scalar{} : scalar(inner);
      if (read.kind != JsonKind::integer || !is_digits(read.raw) || small_number(read.raw) == 0)
        refuse("webhook.validity", "must be a positive number of seconds");
      webhook.validity = Duration{1'000'000'000} * small_number(read.raw);
    } else {
      keep_unknown("webhook.", name, inner);
    }
  });
}

void StartRunReader::State::take_notifications(od::value value) {
  members("notifications", value, [this](std::string_view name, od::value inner) {
    if (name == "enabled")
      run.notifications = boolean("notifications.enabled", inner);
    else
      keep_unknown("notifications.", name, inner);
  });
}

void StartRunReader::State::take_version(od::value value) {
  const Scalar read = is_container(value) ? Scalar{} : scalar(value);
  const std::string_view word = read.kind == JsonKind::string ? read.text : read.raw;
  if (read.kind != JsonKind::string && read.kind != JsonKind::integer)
    refuse("workflow_version", "must be a version's number or its id");
  if (is_digits(word))
    run.version_number = small_number(word);
  else
    run.version_id = word;
}

namespace {

PriorityLevel priority_level(std::string_view word) {
  if (const std::optional<PriorityLevel> level = level_named(word)) return *level;
  refuse("priority_level", "must be one of the following values: LOW, MEDIUM, HIGH");
}

struct Flag {
  std::string_view name;
  bool StartRun::*member;
};
constexpr std::array<Flag, 4> kFlags{{{"debug", &StartRun::debug},
                                      {"force_refresh", &StartRun::force_refresh},
                                      {"capture_console_logs", &StartRun::capture_console_logs},
                                      {"include_live_view", &StartRun::include_live_view}}};

}  // namespace

void StartRunReader::State::take(std::string_view name, od::value value) {
  if (name == "workflow_id") {
    run.workflow_id = text(name, value);
  } else if (name == "client_id") {
    run.client_id = text(name, value);
  } else if (name == "priority_level") {
    run.priority_level = priority_level(text(name, value));
  } else {
    const auto* flag = std::find_if(kFlags.begin(), kFlags.end(),
                                    [name](const Flag& f) { return f.name == name; });
    if (flag != kFlags.end())
      run.*(flag->member) = boolean(name, value);
    else
      take_structured(name, value);
  }
}

void StartRunReader::State::take_structured(std::string_view name, od::value value) {
  if (name == "run_input_variables")
    take_inputs(value);
  else if (name == "dry_run")
    take_dry_run(value);
  else if (name == "webhook")
    take_webhook(value);
  else if (name == "encrypted_variables")
    texts(name, value, run.encrypted_variables);
  else if (name == "additional_context")
    run.additional_context = raw(value, 1);
  else if (name == "notifications")
    take_notifications(value);
  else if (name == "workflow_version")
    take_version(value);
  else
    run.unknown.emplace_back(name, raw(value, 1));
}

void StartRunReader::State::check() const {
  if (run.workflow_id.empty()) refuse("workflow_id", "should not be empty");
  if (run.inputs.empty()) refuse("run_input_variables", "must be an object");
  const RequestedWebhook& webhook = run.webhook;
  if (webhook.url.empty() &&
      (!webhook.secret.empty() || !webhook.events.empty() || webhook.validity))
    refuse("webhook.url", "should not be empty");
  if (webhook.url.empty()) return;
  if (const auto url = parse_http_url(webhook.url); !url)
    refuse("webhook.url", "must be a URL address: " + url.error.message);
}

void StartRunReader::State::walk(std::string_view body) {
  long_names.clear();
  body_size = body.size();
  buffer.resize(body.size() + simdjson::SIMDJSON_PADDING);
  std::copy(body.begin(), body.end(), buffer.begin());
  document = need(parser.iterate(buffer.data(), body.size(), buffer.size()));
  od::value root = need(document.get_value());
  members("the body", root, [this](std::string_view name, od::value value) { take(name, value); });
  if (!document.current_location().error()) throw Malformed{};  // something follows
  check();
}

// ---- the reader

namespace {

std::string where_malformed(std::string_view body) {
  std::string problem;
  if (!is_utf8(body)) return "the body is not UTF-8";
  if (parse_json(body, &problem)) problem = "not valid JSON";
  return "the body is " + problem;
}

}  // namespace

StartRunReader::StartRunReader() : state_(std::make_unique<State>()) {}
StartRunReader::~StartRunReader() = default;
StartRunReader::StartRunReader(StartRunReader&&) noexcept = default;
StartRunReader& StartRunReader::operator=(StartRunReader&&) noexcept = default;

const StartRun* StartRunReader::read(std::string_view body) {
  StartRun& run = state_->run;
  StartRun fresh;
  // The memory of lists is kept.
  fresh.variables = std::move(run.variables);
  fresh.strings = std::move(run.strings);
  fresh.variables.clear();
  fresh.strings.clear();
  run = std::move(fresh);
  try {
    state_->walk(body);
    return &run;
  } catch (const Refused& refused) {
    state_->problem = refused.why;
  } catch (const Malformed&) {
    state_->problem = where_malformed(body);
  }
  return nullptr;
}

const std::string& StartRunReader::problem() const { return state_->problem; }

}  // namespace sluice
