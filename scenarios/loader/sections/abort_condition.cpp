#include "scenarios/loader/sections/abort_condition.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "base/text/suggestion.hpp"

namespace sluice {
namespace {

using Result = Parsed<AbortCondition>;
using Measure = AbortCondition::Measure;

enum class LimitUnit : std::uint8_t { share, time, count };

struct MeasureInfo {
  std::string_view name;
  Measure measure;
  LimitUnit unit;
};

constexpr std::array<MeasureInfo, 5> kMeasures{{
    {"errors.rate", Measure::errors_rate, LimitUnit::share},
    {"rejected.rate", Measure::rejected_rate, LimitUnit::share},
    {"lateness.p99", Measure::lateness_p99, LimitUnit::time},
    {"latency.p99", Measure::latency_p99, LimitUnit::time},
    {"in_flight.count", Measure::in_flight_count, LimitUnit::count},
}};

/// Words between spaces, and `>` even without them.
class Words {
 public:
  explicit Words(std::string_view text) : text_(text) {}

  std::string_view next() {
    at_ = std::min(text_.find_first_not_of(' ', end_), text_.size());
    end_ = at_ < text_.size() && is_sign(text_[at_]) ? end_of(true) : end_of(false);
    return text_.substr(at_, end_ - at_);
  }
  /// Of the last word.
  std::size_t offset() const { return at_; }

 private:
  static bool is_sign(char c) { return c == '<' || c == '>' || c == '='; }
  std::size_t end_of(bool sign) const {
    std::size_t end = at_;
    while (end < text_.size() && text_[end] != ' ' && is_sign(text_[end]) == sign) ++end;
    return end;
  }

  std::string_view text_;
  std::size_t at_ = 0, end_ = 0;
};

std::string in_quotes(std::string_view text) { return "'" + std::string(text) + "'"; }

Result unknown_measure(std::string_view word, std::size_t offset) {
  std::vector<std::string_view> names;
  std::string allowed;
  for (const MeasureInfo& info : kMeasures) {
    names.push_back(info.name);
    allowed += (allowed.empty() ? "" : ", ") + std::string(info.name);
  }
  const std::string what = word.empty()
                               ? "expected a measure, as in: errors.rate > 5% over 30s"
                               : "no measure " + in_quotes(word) + did_you_mean(word, names);
  return Result::wrong(offset, what + "; allowed: " + allowed);
}

Parsed<double> seconds(std::string_view text) {
  const Parsed<Duration> parsed = parse_duration(text);
  return parsed ? Parsed<double>::of(parsed->seconds())
                : Parsed<double>::wrong(parsed.error.offset, parsed.error.message);
}

Parsed<double> parse_limit(std::string_view text, LimitUnit unit) {
  if (text.empty())
    return Parsed<double>::wrong(0, unit == LimitUnit::share  ? "expected a share such as 5%"
                                    : unit == LimitUnit::time ? "expected a time such as 50ms"
                                                              : "expected a number such as 5000");
  switch (unit) {
    case LimitUnit::share:
      break;
    case LimitUnit::time:
      return seconds(text);
    case LimitUnit::count:
      return parse_number(text);
  }
  Parsed<double> share = parse_share(text);
  return share && *share > 1 ? Parsed<double>::wrong(0, "a share is at most 100%")
                             : std::move(share);
}

}  // namespace

Result parse_abort_condition(std::string_view sentence) {
  Words words(sentence);
  AbortCondition condition;
  condition.sentence = std::string(sentence);

  const std::string_view name = words.next();
  const auto* info = std::find_if(kMeasures.begin(), kMeasures.end(),
                                  [&](const MeasureInfo& m) { return m.name == name; });
  if (info == kMeasures.end()) return unknown_measure(name, words.offset());
  condition.measure = info->measure;

  if (words.next() != ">")
    return Result::wrong(words.offset(), "expected `>`: a load ends when a measure is above");

  const Parsed<double> limit = parse_limit(words.next(), info->unit);
  if (!limit) return Result::wrong(words.offset() + limit.error.offset, limit.error.message);
  condition.limit = *limit;

  const std::string_view over = words.next();
  if (over.empty()) return Result::of(std::move(condition));
  if (over != "over")
    return Result::wrong(words.offset(), "expected `over` and a time, or nothing, after the limit");
  const Parsed<Duration> length = parse_duration(words.next());
  if (!length) return Result::wrong(words.offset() + length.error.offset, length.error.message);
  if (*length <= Duration::zero()) return Result::wrong(words.offset(), "must be longer than 0");
  condition.over = *length;
  if (!words.next().empty()) return Result::wrong(words.offset(), "nothing follows the time");
  return Result::of(std::move(condition));
}

}  // namespace sluice
