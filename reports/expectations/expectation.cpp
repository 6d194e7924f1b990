#include "reports/expectations/expectation.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <initializer_list>

#include "base/text/suggestion.hpp"

namespace sluice {

std::string_view symbol(Comparison comparison) {
  switch (comparison) {
    case Comparison::less:
      return "<";
    case Comparison::less_equal:
      return "<=";
    case Comparison::greater:
      return ">";
    case Comparison::greater_equal:
      return ">=";
    case Comparison::equal:
      return "==";
  }
  return "";
}

std::string_view name(Status status) {
  switch (status) {
    case Status::passed:
      return "passed";
    case Status::failed:
      return "failed";
    case Status::inconclusive:
      return "inconclusive";
    case Status::held:
      return "held";
    case Status::broke:
      return "broke";
  }
  return "";
}

bool is_met(Status status) { return status == Status::passed || status == Status::held; }
bool is_missed(Status status) { return status == Status::failed || status == Status::broke; }

bool wants_more(Comparison comparison) {
  return comparison == Comparison::greater || comparison == Comparison::greater_equal;
}

bool holds(Comparison comparison, double value, double limit) {
  switch (comparison) {
    case Comparison::less:
      return value < limit;
    case Comparison::less_equal:
      return value <= limit;
    case Comparison::greater:
      return value > limit;
    case Comparison::greater_equal:
      return value >= limit;
    case Comparison::equal:
      return value == limit;
  }
  return false;
}

namespace {

using Result = Parsed<Expectation>;

bool is_name_char(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '.' || c == '-';
}

std::vector<std::string_view> level_names() { return {"HIGH", "MEDIUM", "LOW"}; }

std::string in_quotes(std::string_view text) { return "'" + std::string(text) + "'"; }

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

/// Labels as a list: "group, level".
std::string list_of(Labels labels) {
  std::string text;
  for (Labels bit = 1; bit <= label::submitter; bit = static_cast<Labels>(bit << 1)) {
    if ((labels & bit) == 0 || bit == label::pool) continue;
    if (!text.empty()) text += ", ";
    text += label_name(bit);
  }
  return text.empty() ? "none" : text;
}

std::string some_of(const std::vector<std::string>& names) {
  constexpr std::size_t kMost = 8;
  std::string text;
  for (std::size_t i = 0; i < std::min(names.size(), kMost); ++i)
    text += (i == 0 ? "" : ", ") + names[i];
  return names.size() > kMost ? text + ", …" : text;
}

/// How many of NAME-1, NAME-2 … there are, without gaps: what `count` makes.
std::size_t family_size(std::string_view name, const std::vector<std::string>& table) {
  const std::string start = std::string(name) + "-";
  std::size_t size = 0;
  for (const std::string& other : table)
    if (other.starts_with(start) && other.substr(start.size()) == std::to_string(size + 1)) ++size;
  return size;
}

std::string members_text(std::string_view family, std::size_t size) {
  const std::string start = std::string(family) + "-";
  const std::string between = size == 2 ? ", " : " … ";
  return start + "1" + (size > 1 ? between + start + std::to_string(size) : "");
}

constexpr std::string_view kIn = " in ";  // before a share of replications

class ExpectationParser {
 public:
  ExpectationParser(std::string_view sentence, const Names& names)
      : text_(sentence), names_(names) {}

  Result parse() {
    result_.sentence = std::string(text_);
    if (!(parse_metric() && parse_labels() && check_labels() && parse_comparison() &&
          parse_limit()))
      return Result::wrong(error_.offset, error_.message);
    return Result::of(std::move(result_));
  }

  Result parse_as_precision() {
    result_.sentence = std::string(text_);
    if (!(parse_metric() && parse_labels() && check_labels() && parse_half_width()))
      return Result::wrong(error_.offset, error_.message);
    return Result::of(std::move(result_));
  }

 private:
  bool fail(std::size_t offset, std::string message) {
    error_ = {offset, std::move(message)};
    return false;
  }
  void skip_spaces() {
    while (at_ < text_.size() && text_[at_] == ' ') ++at_;
  }
  bool done() const { return at_ >= text_.size(); }
  char peek() const { return done() ? '\0' : text_[at_]; }

  std::string_view take_name() {
    const std::size_t from = at_;
    while (!done() && is_name_char(text_[at_])) ++at_;
    return text_.substr(from, at_ - from);
  }

  bool parse_metric() {
    skip_spaces();
    const std::size_t from = at_;
    std::string_view word = take_name();
    if (word.empty()) return fail(from, "expected a metric, as in: LOW.wait.p95 < 10m");
    const std::string_view first = word.substr(0, word.find('.'));
    std::size_t metric_at = from;
    if (first.size() < word.size()) {
      if (const auto level = level_named(first)) {
        result_.subject.level = level;
        level_at_ = from;
        metric_at = from + first.size() + 1;
        word.remove_prefix(first.size() + 1);
      } else if (std::isupper(static_cast<unsigned char>(first[0])) != 0) {
        return fail(from, "no level " + in_quotes(first) + did_you_mean(first, level_names()) +
                              " (levels are HIGH, MEDIUM, LOW)");
      }
    }
    const auto metric = metric_named(word);
    if (!metric) {
      const auto nearest = nearest_metric_name(word);
      return fail(metric_at, "no metric " + in_quotes(word) +
                                 (nearest ? "; did you mean " + in_quotes(*nearest) + "?" : ""));
    }
    result_.metric = *metric;
    metric_at_ = metric_at;
    return true;
  }

  bool parse_labels() {
    skip_spaces();
    if (peek() != '{') return true;
    ++at_;
    for (;;) {
      skip_spaces();
      if (!parse_label()) return false;
      skip_spaces();
      if (peek() == ',') {
        ++at_;
        continue;
      }
      if (peek() != '}') return fail(at_, "expected ',' or '}' after a label");
      ++at_;
      return true;
    }
  }

  bool parse_label() {
    const std::size_t label_at = at_;
    const std::string_view label = take_name();
    skip_spaces();
    if (label.empty() || peek() != '=')
      return fail(at_, "expected a label as in {level=LOW, workspace=acme}");
    ++at_;
    skip_spaces();
    const std::size_t value_at = at_;
    while (!done() && text_[at_] != ',' && text_[at_] != '}') ++at_;
    std::string_view value = trimmed(text_.substr(value_at, at_ - value_at));
    if (value.size() >= 2 && (value.front() == '"' || value.front() == '\'') &&
        value.back() == value.front())
      value = value.substr(1, value.size() - 2);
    return set_label(label, label_at, value, value_at);
  }

  bool set_label(std::string_view label, std::size_t label_at, std::string_view value,
                 std::size_t value_at) {
    Subject& s = result_.subject;
    if (label == "level") {
      const auto level = level_named(value);
      if (!level)
        return fail(value_at, "no level " + in_quotes(value) + did_you_mean(value, level_names()) +
                                  " (levels are HIGH, MEDIUM, LOW)");
      if (s.level && s.level != level) return fail(value_at, "the level is given twice");
      s.level = level;
      level_at_ = label_at;
      return true;
    }
    labels_.push_back({std::string(label), label_at});
    if (label == "group") return resolve(s.group, names_.groups, label, value, value_at);
    if (label == "workspace")
      return resolve(s.workspace, names_.workspaces, label, value, value_at);
    if (label == "workflow") return resolve(s.workflow, names_.workflows, label, value, value_at);
    if (label == "credential")
      return resolve(s.credential, names_.credentials, label, value, value_at);
    if (label == "submitter")
      return resolve(s.submitter, names_.submitters, label, value, value_at);
    const std::vector<std::string_view> known{"group",    "level",      "workspace",
                                              "workflow", "credential", "submitter"};
    return fail(label_at,
                "no label " + in_quotes(label) + did_you_mean(label, known) +
                    " (labels are group, level, workspace, workflow, credential, submitter)");
  }

  template <class Id>
  bool resolve(Id& id, const std::vector<std::string>& table, std::string_view label,
               std::string_view value, std::size_t value_at) {
    const auto found = std::find(table.begin(), table.end(), value);
    if (found == table.end()) {
      if (const std::size_t size = family_size(value, table); size > 0)
        return fail(value_at, in_quotes(value) + " is a family of " + std::to_string(size) + " " +
                                  std::string(label) + (size == 1 ? "" : "s") + ": name one of " +
                                  members_text(value, size));
      const std::vector<std::string_view> known(table.begin(), table.end());
      return fail(value_at,
                  "no " + std::string(label) + " " + in_quotes(value) + did_you_mean(value, known));
    }
    if (id.valid()) return fail(value_at, "the " + std::string(label) + " is given twice");
    id = Id::at(static_cast<std::size_t>(found - table.begin()));
    return true;
  }

  /// Also brings the subject into the form that figures are kept under.
  bool check_labels() {
    const MetricInfo& metric = info(result_.metric);
    Subject& s = result_.subject;
    const Labels given = s.labels();
    const auto excess = static_cast<Labels>(given & ~metric.labels);
    if (excess != 0) {
      std::size_t at = level_at_;
      if ((excess & label::level) == 0)
        for (const auto& [label, offset] : labels_)
          for (Labels bit = 1; bit <= label::submitter; bit = static_cast<Labels>(bit << 1))
            if ((excess & bit) != 0 && label == label_name(bit)) at = offset;
      return fail(at, std::string(metric.name) + " is not measured by " + list_of(excess) +
                          "; labels that it may have: " + list_of(metric.labels));
    }
    const auto missing = static_cast<Labels>(metric.required & ~given);
    if (missing != 0)
      return fail(metric_at_,
                  missing == label::pool
                      ? std::string(metric.name) + " is in the report only, for each pool"
                      : std::string(metric.name) + " needs the label " + list_of(missing));
    const auto beside = static_cast<Labels>(given & ~label::credential);
    if (s.credential.valid() && beside != 0)
      return fail(metric_at_, std::string(metric.name) +
                                  " of a credential is about all of its runs: leave out " +
                                  list_of(beside));
    if (only_by_group(result_.metric) && names_.groups.size() > 1 && !s.group.valid())
      return fail(metric_at_, std::string(metric.name) +
                                  " is measured by group: name one, {group=…}; groups are " +
                                  some_of(names_.groups));
    if (!s.workspace.valid() || !s.group.valid()) return true;
    if (names_.group_of_workspace[s.workspace.index()] != s.group)
      return fail(labels_.front().offset,
                  "workspace " + in_quotes(names_.workspaces[s.workspace.index()]) +
                      " does not belong to group " + in_quotes(names_.groups[s.group.index()]));
    s.group = GroupId::none();
    return true;
  }

  bool parse_comparison() {
    skip_spaces();
    constexpr std::array all{Comparison::less_equal, Comparison::greater_equal, Comparison::equal,
                             Comparison::less, Comparison::greater};
    for (const Comparison comparison : all) {
      if (text_.substr(std::min(at_, text_.size())).substr(0, symbol(comparison).size()) !=
          symbol(comparison))
        continue;
      result_.comparison = comparison;
      at_ += symbol(comparison).size();
      return true;
    }
    return fail(at_, "expected one of < <= > >= == here");
  }

  /// Up to the next of these words, without the spaces around it. Moves on to that word.
  std::string_view take_until(std::initializer_list<std::string_view> words) {
    skip_spaces();
    const std::size_t from = at_;
    at_ = text_.size();
    for (const std::string_view word : words) at_ = std::min(at_, text_.find(word, from));
    return trimmed(text_.substr(from, at_ - from));
  }
  bool take_word(std::string_view word) {
    skip_spaces();
    const std::string_view rest = text_.substr(at_);
    const bool is_next = rest.substr(0, rest.find(' ')) == word;
    if (is_next) at_ += word.size();
    return is_next;
  }

  bool parse_limit() {
    skip_spaces();
    const std::size_t limit_at = at_;
    return set_limit(take_until({" over ", kIn}), limit_at) && parse_window() && parse_share_held();
  }

  bool parse_window() {
    skip_spaces();
    const std::size_t over_at = at_;
    if (!take_word("over")) return true;
    const MetricInfo& metric = info(result_.metric);
    if (!metric.over_window)
      return fail(over_at, std::string(metric.name) + " is not measured over sliding windows");
    skip_spaces();
    const std::size_t window_at = at_;
    const Parsed<Duration> window = parse_duration(take_until({kIn}));
    if (!window) return fail(window_at + window.error.offset, window.error.message);
    if (window->ns < 60) return fail(window_at, "the window must be longer than that");
    result_.over = *window;
    return true;
  }

  /// `in 95% of replications`.
  bool parse_share_held() {
    if (!take_word("in")) return true;
    skip_spaces();
    const std::size_t share_at = at_;
    std::string_view text = take_until({" "});
    if (take_word("%")) text = text_.substr(share_at, at_ - share_at);
    const Parsed<double> share = parse_share(text);
    if (!share)
      return fail(share_at + share.error.offset,
                  "expected a share, as in: in 95% of replications: " + share.error.message);
    if (!(*share > 0 && *share <= 1))
      return fail(share_at, "a share of replications is more than 0% and at most 100%");
    if (!take_word("of")) return fail(at_, "expected 'of replications' behind the share");
    if (!take_word("replications"))
      return fail(at_, "a share is of replications, as in: in 95% of replications");
    skip_spaces();
    if (!done())
      return fail(at_, text_.substr(at_).starts_with("over ")
                           ? "a window stands before the share: … over 60s in 95% of replications"
                           : "expected the end of the sentence behind 'of replications'");
    result_.in_replications = *share;
    return true;
  }

  bool parse_half_width() {
    skip_spaces();
    if (peek() != ':') return fail(at_, "expected `:` and a share, as in: LOW.wait.p95: 5%");
    ++at_;
    skip_spaces();
    const auto share = parse_share(text_.substr(at_));
    if (!share) return fail(at_ + share.error.offset, share.error.message);
    if (*share <= 0 || *share >= 1)
      return fail(at_, "a precision is more than 0% and less than 100%");
    result_.precision = *share;
    return true;
  }

  bool set_limit(std::string_view limit, std::size_t limit_at) {
    const MetricInfo& metric = info(result_.metric);
    const auto take = [&](const auto& parsed, double value) {
      if (parsed) {
        result_.limit = value;
        return true;
      }
      return fail(limit_at + parsed.error.offset, std::string(metric.name) + " is in " +
                                                      unit_words(metric.unit) + ": " +
                                                      parsed.error.message);
    };
    switch (metric.unit) {
      case Unit::seconds: {
        const auto parsed = parse_duration(limit);
        return take(parsed, parsed ? parsed->seconds() : 0);
      }
      case Unit::share: {
        const auto parsed = parse_share(limit);
        if (parsed && *parsed > 1) return fail(limit_at, "a share is at most 100%");
        return take(parsed, parsed ? *parsed : 0);
      }
      case Unit::per_minute: {
        const auto parsed = parse_rate(limit);
        return take(parsed, parsed ? parsed->per_minute() : 0);
      }
      case Unit::count:
      case Unit::ratio: {
        const auto parsed = parse_number(limit);
        return take(parsed, parsed ? *parsed : 0);
      }
    }
    return false;
  }

  static std::string unit_words(Unit unit) {
    switch (unit) {
      case Unit::seconds:
        return "time (90s, 1h30m)";
      case Unit::share:
        return "shares (3% or 0.03)";
      case Unit::per_minute:
        return "runs per time (40/min)";
      case Unit::count:
        return "whole numbers";
      case Unit::ratio:
        return "plain numbers";
    }
    return "";
  }

  struct LabelAt {
    std::string label;
    std::size_t offset;
  };

  std::string_view text_;
  const Names& names_;
  std::size_t at_ = 0;
  std::size_t metric_at_ = 0;
  std::size_t level_at_ = 0;
  std::vector<LabelAt> labels_;
  Expectation result_;
  TextError error_;
};

}  // namespace

Parsed<Expectation> parse_expectation(std::string_view sentence, const Names& names) {
  return ExpectationParser(sentence, names).parse();
}

Parsed<Expectation> parse_precision(std::string_view sentence, const Names& names) {
  return ExpectationParser(sentence, names).parse_as_precision();
}

}  // namespace sluice
