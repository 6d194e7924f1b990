#include "scenarios/loader/yaml/expression.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <utility>

#include "base/time.hpp"
#include "scenarios/loader/yaml/yaml_tree.hpp"

namespace sluice {
namespace {

constexpr int kDeepest = 50;

enum class Dimension : std::uint8_t { number, time, rate };

struct Operand {
  Dimension dimension = Dimension::number;
  double value = 0;   ///< a number, seconds, or per second
  std::string per{};  ///< of a rate, as it was written: `min`
};

struct ExpressionMistake {
  std::size_t offset = 0;
  std::string message;
};

std::string twelve_digits(double value) {
  std::array<char, 40> text{};
  std::snprintf(text.data(), text.size(), "%.12g", value);
  return text.data();
}

/// Without what binary fractions add: 40 × 1.1 is 44.
double cleaned(double value) {
  const std::string text = twelve_digits(value);
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

bool is_figure(char c) { return c >= '0' && c <= '9'; }
bool is_latin(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

std::string_view stripped(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

/// A number, a share, a time or a rate, as a param's value.
std::optional<Operand> operand_of(std::string_view text) {
  text = stripped(text);
  const bool minus = text.starts_with('-');
  const double sign = minus ? -1 : 1;
  if (minus) text.remove_prefix(1);
  if (const Parsed<double> share = parse_share(text))
    return Operand{Dimension::number, sign * *share};
  if (const Parsed<Duration> time = parse_duration(text))
    return Operand{Dimension::time, sign * time->seconds()};
  if (const Parsed<Rate> rate = parse_rate(text))
    return Operand{Dimension::rate, sign * rate->per_second,
                   std::string(stripped(text.substr(text.find('/') + 1)))};
  return std::nullopt;
}

double seconds_per(const std::string& per) {
  const Parsed<Duration> length = parse_duration(is_figure(per[0]) ? per : "1" + per);
  return length ? length->seconds() : 1;
}

std::string text_of(const Operand& quantity) {
  switch (quantity.dimension) {
    case Dimension::number:
      return twelve_digits(quantity.value);
    case Dimension::time:
      return quantity.value < 0 ? "-" + format_exact(Duration::from_seconds(-quantity.value))
                                : format_exact(Duration::from_seconds(quantity.value));
    case Dimension::rate:
      break;
  }
  return twelve_digits(quantity.value * seconds_per(quantity.per)) + "/" + quantity.per;
}

class Evaluation {
 public:
  Evaluation(std::string_view text, const ParamText& param) : text_(text), param_(param) {}

  std::string run() {
    const Operand result = sum();
    skip_spaces();
    if (at_ < text_.size()) fail("expected `+`, `-`, `*`, `/` or the end here");
    if (!std::isfinite(result.value)) fail("this is no finite number");
    return text_of(result);
  }

 private:
  [[noreturn]] void fail(std::string message) const {
    throw ExpressionMistake{at_, std::move(message)};
  }

  void skip_spaces() {
    while (at_ < text_.size() && text_[at_] == ' ') ++at_;
  }
  bool accept(char c) {
    skip_spaces();
    if (at_ == text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }

  Operand sum() {
    Operand left = product();
    for (;;) {
      const bool plus = accept('+');
      if (!plus && !accept('-')) return left;
      const Operand right = product();
      if (left.dimension != right.dimension)
        fail("a number, a time and a rate can be added to their like alone");
      left.value += plus ? right.value : -right.value;
    }
  }

  Operand product() {
    Operand left = signed_value();
    for (;;) {
      if (accept('*'))
        left = times(std::move(left), signed_value());
      else if (accept('/'))
        left = over(std::move(left), signed_value());
      else
        return left;
    }
  }

  Operand times(Operand left, Operand right) const {
    if (left.dimension == Dimension::number) std::swap(left, right);
    const bool makes_number =
        (left.dimension == Dimension::rate && right.dimension == Dimension::time) ||
        (left.dimension == Dimension::time && right.dimension == Dimension::rate);
    if (right.dimension != Dimension::number && !makes_number)
      fail("two times, or two rates, cannot be multiplied");
    left.value *= right.value;
    if (makes_number) left.dimension = Dimension::number;
    return left;
  }

  Operand over(Operand left, const Operand& right) const {
    if (right.value == 0) fail("divided by 0");
    if (right.dimension != Dimension::number && left.dimension != right.dimension)
      fail("a time and a rate can be divided by a number or by their like alone");
    left.value /= right.value;
    if (right.dimension != Dimension::number) left.dimension = Dimension::number;
    return left;
  }

  Operand signed_value() {
    bool minus = false;
    while (accept('-')) minus = !minus;
    Operand quantity = value();
    if (minus) quantity.value = -quantity.value;
    return quantity;
  }

  Operand value() {
    if (accept('(')) {
      if (++depth_ > kDeepest) fail("nested too deeply");
      Operand inside = sum();
      if (!accept(')')) fail("expected `)`");
      --depth_;
      return inside;
    }
    skip_spaces();
    if (at_ == text_.size()) fail("expected a number or the name of a param");
    if (is_figure(text_[at_]) || text_[at_] == '.') return literal();
    if (starts_param_name(text_[at_])) return name();
    fail("expected a number or the name of a param");
  }

  /// `1.1`, `30%`, `1h30m`.
  Operand literal() {
    const std::size_t begin = at_;
    while (at_ < text_.size() && (is_figure(text_[at_]) || is_latin(text_[at_]) ||
                                  text_[at_] == '.' || text_[at_] == '_' || text_[at_] == '%'))
      ++at_;
    const std::string_view text = text_.substr(begin, at_ - begin);
    if (const auto quantity = operand_of(text)) return *quantity;
    at_ = begin;
    fail("`" + std::string(text) + "` is no number, share or time");
  }

  Operand name() {
    const std::size_t begin = at_;
    while (at_ < text_.size() && continues_param_name(text_[at_])) ++at_;
    const std::string name(text_.substr(begin, at_ - begin));
    if (accept('(')) return function(name, begin);
    const std::optional<std::string> text = param_(name);
    if (!text) throw ExpressionMistake{};
    if (auto quantity = operand_of(*text)) return *quantity;
    at_ = begin;
    fail("the param `" + name + "` is `" + *text +
         "`, and only numbers, shares, times and rates can be calculated with");
  }

  Operand function(const std::string& name, std::size_t begin) {
    if (++depth_ > kDeepest) fail("nested too deeply");
    const bool smaller = name == "min", larger = name == "max";
    if (!smaller && !larger && name != "round" && name != "ceil" && name != "floor") {
      at_ = begin;
      fail("`" + name + "` is no function; there are round, ceil, floor, min, max");
    }
    Operand result = sum();
    if (!smaller && !larger) {
      if (result.dimension != Dimension::number) fail("`" + name + "` takes a number");
      const double exact = cleaned(result.value);
      result.value = name == "round"  ? std::round(exact)
                     : name == "ceil" ? std::ceil(exact)
                                      : std::floor(exact);
    }
    while ((smaller || larger) && (accept(';') || accept(','))) {
      const Operand other = sum();
      if (other.dimension != result.dimension)
        fail("`" + name + "` takes numbers, times or rates, all alike");
      if (smaller ? other.value < result.value : other.value > result.value) result = other;
    }
    if (!accept(')')) fail("expected `)`");
    --depth_;
    return result;
  }

  std::string_view text_;
  const ParamText& param_;
  std::size_t at_ = 0;
  int depth_ = 0;
};

}  // namespace

Parsed<std::string> evaluate(std::string_view text, const ParamText& param) {
  try {
    return Parsed<std::string>::of(Evaluation(text, param).run());
  } catch (const ExpressionMistake& mistake) {
    return Parsed<std::string>::wrong(mistake.offset, mistake.message);
  }
}

}  // namespace sluice
