#include "experiments/settings/choice.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace sluice {
namespace {

using Values = Parsed<std::vector<std::string>>;

std::string_view stripped_value(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

/// One value or range, and where it stands.
struct Item {
  std::string_view text;
  std::size_t offset = 0;
};

/// Divided at the commas that stand in no brackets and no quotes.
std::vector<Item> items_of(std::string_view text, std::size_t offset) {
  std::vector<Item> items;
  std::size_t begin = 0;
  int depth = 0;
  char quote = '\0';
  for (std::size_t i = 0; i <= text.size(); ++i) {
    const char c = i < text.size() ? text[i] : ',';
    if (i < text.size() && quote != '\0') {
      if (c == quote) quote = '\0';
      continue;
    }
    if (c == '"' || c == '\'') quote = c;
    if (c == '{' || c == '[') ++depth;
    if (c == '}' || c == ']') --depth;
    if (c != ',' || (depth > 0 && i < text.size())) continue;
    items.push_back({text.substr(begin, i - begin), offset + begin});
    begin = i + 1;
  }
  return items;
}

/// What the ends and the step of a range are.
enum class Quantity : std::uint8_t { number, time, share };

struct Amount {
  Quantity quantity = Quantity::number;
  double value = 0;  ///< a number, nanoseconds, per cent
};

std::optional<Amount> amount_of(std::string_view text) {
  if (text.ends_with('%')) {
    const Parsed<double> percent = parse_number(text.substr(0, text.size() - 1));
    if (percent) return Amount{Quantity::share, *percent};
    return std::nullopt;
  }
  const bool minus = text.starts_with('-');
  if (const Parsed<double> number = parse_number(text.substr(minus ? 1 : 0)))
    return Amount{Quantity::number, minus ? -*number : *number};
  if (const Parsed<Duration> time = parse_duration(text))
    return Amount{Quantity::time, static_cast<double>(time->ns)};
  return std::nullopt;
}

std::string text_of(const Amount& amount) {
  switch (amount.quantity) {
    case Quantity::time:
      return format_exact(Duration{std::llround(amount.value)});
    case Quantity::share:
      return fmt::format("{:.12g}%", amount.value);
    case Quantity::number:
      break;
  }
  return fmt::format("{:.12g}", amount.value);
}

class RangeReader {
 public:
  RangeReader(const Item& item, std::size_t dots) : item_(item) {
    const std::string_view after = item.text.substr(dots + 2);
    const std::size_t colon = after.find(':');
    lowest_ = part(item.text.substr(0, dots));
    highest_ = part(after.substr(0, colon));
    step_text_ = colon == after.npos ? std::string_view() : stripped_value(after.substr(colon + 1));
    has_step_ = colon != after.npos;
  }

  Values read() const {
    if (lowest_->quantity != highest_->quantity)
      return wrong("both ends of a range are of one kind: numbers, times or shares");
    if (lowest_->value > highest_->value) return wrong("the range ends below its beginning");
    if (!has_step_ && lowest_->quantity != Quantity::number)
      return wrong(fmt::format("give a step, as in `{}:{}`", item_.text,
                               lowest_->quantity == Quantity::time ? "30s" : "5%"));
    const bool factor = step_text_.starts_with('*');
    std::optional<Amount> step{Amount{lowest_->quantity, 1}};
    if (has_step_) step = amount_of(step_text_.substr(factor ? 1 : 0));
    const Quantity wanted = factor ? Quantity::number : lowest_->quantity;
    if (!step || step->quantity != wanted || step->value <= (factor ? 1 : 0))
      return wrong(factor ? "a factor is a number above 1, as in `10..160:*2`"
                          : "a step is more than 0 and of the kind of the ends, as in `26..34:2`");
    if (factor && lowest_->value <= 0) return wrong("a range with a factor begins above 0");
    return values(*step, factor);
  }

  /// Whether both ends can be read at all: everything else with dots in it is a plain value.
  bool is_range() const { return lowest_.has_value() && highest_.has_value(); }

 private:
  static std::optional<Amount> part(std::string_view text) {
    return amount_of(stripped_value(text));
  }
  Values wrong(std::string message) const {
    return Values::wrong(item_.offset, std::move(message));
  }

  Values values(const Amount& step, bool factor) const {
    // Rounding must not lose the upper end.
    const double last = highest_->value + 1e-9 * (std::abs(highest_->value) + step.value);
    std::vector<std::string> values;
    for (std::size_t i = 0;; ++i) {
      const auto n = static_cast<double>(i);
      const double value =
          factor ? lowest_->value * std::pow(step.value, n) : lowest_->value + step.value * n;
      if (value > last) return Values::of(std::move(values));
      if (values.size() == kMostValues)
        return wrong(fmt::format("more than {} values", kMostValues));
      values.push_back(text_of({lowest_->quantity, value}));
    }
  }

  Item item_;
  std::optional<Amount> lowest_, highest_;
  std::string_view step_text_;
  bool has_step_ = false;
};

Values values_of(const Item& item) {
  const std::string_view text = stripped_value(item.text);
  if (text.empty()) return Values::wrong(item.offset, "a value is missing");
  if (const std::size_t dots = text.find(".."); dots != text.npos) {
    const RangeReader range({text, item.offset}, dots);
    if (range.is_range()) return range.read();
  }
  return Values::of({std::string(text)});
}

}  // namespace

Parsed<Choice> parse_choice(std::string_view text) {
  using Result = Parsed<Choice>;
  const std::size_t sign = text.find('=');
  if (sign == text.npos || sign == 0)
    return Result::wrong(0, "has no '=' between the name and its values");
  Choice choice;
  choice.name = std::string(stripped_value(text.substr(0, sign)));
  for (const Item& item : items_of(text.substr(sign + 1), sign + 1)) {
    const Values values = values_of(item);
    if (!values) return Result::wrong(values.error.offset, values.error.message);
    for (const std::string& value : *values) {
      if (std::ranges::find(choice.values, value) != choice.values.end())
        return Result::wrong(item.offset, fmt::format("the value {} is there twice", value));
      choice.values.push_back(value);
    }
  }
  if (choice.values.size() > kMostValues)
    return Result::wrong(sign + 1, fmt::format("more than {} values", kMostValues));
  return Result::of(std::move(choice));
}

std::optional<double> size_of(std::string_view value) {
  const std::optional<Amount> amount = amount_of(stripped_value(value));
  if (!amount) return std::nullopt;
  if (amount->quantity == Quantity::time) return amount->value / 1e9;
  return amount->quantity == Quantity::share ? amount->value / 100 : amount->value;
}

}  // namespace sluice
