#include "scenarios/loader/yaml/yaml_traps.hpp"

#include <algorithm>

namespace sluice {
namespace {

constexpr std::string_view kBracketInside =
    " cannot stand inside of a text within brackets: put the text into quotes, such as "
    "\"wait.p95{workspace=acme} < 30m\"";

bool is_space(char c) { return c == ' ' || c == '\t'; }

/// The place at which the parser gave up, and its line.
class Place {
 public:
  Place(std::string_view text, std::size_t offset)
      : text_(text), offset_(std::min(offset, text.size())) {
    begin_ = offset_ == 0 ? 0 : text_.rfind('\n', offset_ - 1) + 1;  // npos + 1 is 0
  }

  char here() const { return offset_ < text_.size() ? text_[offset_] : '\0'; }
  char next() const { return offset_ + 1 < text_.size() ? text_[offset_ + 1] : '\0'; }
  char previous() const { return offset_ > begin_ ? text_[offset_ - 1] : '\0'; }
  std::string_view before() const { return text_.substr(begin_, offset_ - begin_); }
  bool indented_by_tab() const {
    const std::string_view line = text_.substr(begin_, text_.find('\n', begin_) - begin_);
    return line.substr(0, line.find_first_not_of(" \t")).find('\t') != line.npos;
  }
  /// Not after a space, a comma or another bracket: inside of a word.
  bool inside_a_word() const {
    return previous() != '\0' && !is_space(previous()) &&
           std::string_view(",[]{}:").find(previous()) == std::string_view::npos;
  }
  bool ends_a_key() const {
    return here() == ':' && (is_space(next()) || next() == '\0' || next() == '\n');
  }
  bool after_quotes() const {
    const std::size_t last = before().find_last_not_of(" \t");
    return last != std::string_view::npos && (before()[last] == '"' || before()[last] == '\'');
  }

 private:
  std::string_view text_;
  std::size_t offset_, begin_ = 0;
};

std::string quoted_char(char c) { return c == '`' ? "a backtick" : std::string("`") + c + '`'; }

constexpr std::string_view kColonInside =
    "`: ` inside of a text makes a key of what stands before it: put the text into quotes";
constexpr std::string_view kMoreAfterQuotes =
    "the text in quotes ends here, and more follows: put all of it into quotes, and write a quote "
    "in it twice";

/// Inside of `[…]` or `{…}`.
std::string cause_in_flow(const Place& place, char open) {
  if (std::string_view("{}[]").find(place.here()) != std::string_view::npos &&
      place.inside_a_word())
    return quoted_char(place.here()).append(kBracketInside);
  if (place.ends_a_key()) return std::string(kColonInside);
  if (place.after_quotes() && place.here() != '\0') return std::string(kMoreAfterQuotes);
  return quoted_char(open).append(" is not closed, or a comma is missing");
}

std::string cause_of_second_key(const Place& place) {
  if (place.before().find(": ") != std::string_view::npos && place.ends_a_key())
    return std::string(kColonInside);
  return "no key can stand here: the line before goes on, or the indentation differs";
}

std::string cause_of_end(const Place& place, std::string message) {
  return place.after_quotes() ? std::string(kMoreAfterQuotes) : message;
}

std::string begins_no_text(const Place& place, std::string_view what) {
  return quoted_char(place.here())
      .append(" ")
      .append(what)
      .append(": a text that begins with it needs quotes");
}

}  // namespace

std::string cause_of_yaml_error(std::string_view text, std::size_t offset,
                                std::string_view message) {
  const Place place(text, offset);
  const auto says = [&](std::string_view part) { return message.find(part) != message.npos; };
  if (place.indented_by_tab()) return "this line is indented with a tab: YAML takes only spaces";
  if (says("end of map flow")) return cause_in_flow(place, '{');
  if (says("end of sequence flow")) return cause_in_flow(place, '[');
  if (says("illegal flow end")) {
    const std::string other = quoted_char(place.here() == '}' ? '[' : '{');
    return quoted_char(place.here()) + " closes nothing here: " + other +
           " is not closed before it, or it is one too many";
  }
  if (says("illegal map value")) return cause_of_second_key(place);
  if (says("end of map not found"))
    return cause_of_end(place,
                        "the map does not go on like this: a key is missing, or the indentation "
                        "differs");
  if (says("end of sequence not found"))
    return cause_of_end(place,
                        "the list does not go on like this: a `-` is missing, or the indentation "
                        "differs");
  if (says("EOF in scalar")) return "a quote is never closed";
  if (says("unknown token") && place.here() != '\0')
    return begins_no_text(place, "means something else in YAML");
  if (says("referenced anchor"))
    return begins_no_text(place, "refers to a value that `&` names, and nothing has this name");
  if (says("illegal block entry"))
    return "`-` begins an entry of a list, which cannot stand here: a list begins in a line of its "
           "own, and a text that begins with `- ` needs quotes";
  if (says("illegal map key")) return begins_no_text(place, "begins a key in YAML");
  if (says("block scalar"))
    return "`|` and `>` begin a text of several lines: a text that begins with one needs quotes";
  return std::string(message);
}

bool quote_is_closed(std::string_view text, std::size_t offset) {
  if (offset >= text.size() || (text[offset] != '"' && text[offset] != '\'')) return true;
  const char quote = text[offset];
  for (std::size_t at = offset + 1; at < text.size(); ++at) {
    if (quote == '"' && text[at] == '\\') {
      ++at;
    } else if (text[at] == quote) {
      const bool doubled = quote == '\'' && at + 1 < text.size() && text[at + 1] == quote;
      if (!doubled) return true;
      ++at;
    }
  }
  return false;
}

}  // namespace sluice
