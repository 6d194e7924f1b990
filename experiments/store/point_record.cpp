#include "experiments/store/point_record.hpp"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <cmath>
#include <iterator>
#include <optional>
#include <span>
#include <utility>

#include "base/check.hpp"
#include "base/text/hex.hpp"
#include "base/text/json.hpp"

namespace sluice {
namespace {

constexpr std::string_view kNaN = "nan:";
constexpr std::string_view kSumKey = R"(,"crc32":")";
constexpr std::size_t kSumLength = kSumKey.size() + 8 + 2;  // eight digits, quote, brace

/// The labels of a subject are a letter and a number each, in this order.
template <class Visit>
void visit_labels(Visit visit) {
  visit('g', &Subject::group);
  visit('w', &Subject::workspace);
  visit('f', &Subject::workflow);
  visit('c', &Subject::credential);
  visit('s', &Subject::submitter);
}

void put(std::string& out, auto number) {
  std::array<char, 32> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
  out.append(digits.data(), end);
}

/// Shortest text that reads back as the same double; what JSON has no number for is a string.
void put_real(std::string& out, double value) {
  if (std::isfinite(value)) return put(out, value);
  if (std::isinf(value)) {
    out += value > 0 ? "\"inf\"" : "\"-inf\"";
    return;
  }
  out += fmt::format("\"{}{:016x}\"", kNaN, std::bit_cast<std::uint64_t>(value));
}

void put_interval(std::string& out, const Interval& interval) {
  out += '[';
  put_real(out, interval.low);
  out += ',';
  put_real(out, interval.high);
  out += ']';
}

void put_subject(std::string& out, const Subject& subject) {
  out += '"';
  if (subject.level) {
    out += 'l';
    put(out, static_cast<unsigned>(index(*subject.level)));
  }
  visit_labels([&](char letter, auto member) {
    if (!(subject.*member).valid()) return;
    out += letter;
    put(out, (subject.*member).value);
  });
  out += '"';
}

/// What most figures do not have: `{"key":value,…}`; nothing if there is none of it.
void put_rare(std::string& out, const Figure& figure) {
  char before = '{';
  const auto key = [&](std::string_view name) {
    out += before == '{' ? ",{\"" : ",\"";
    out += name;
    out += "\":";
    before = ',';
  };
  if (figure.censored != 0) key("censored"), put(out, figure.censored);
  if (figure.lower_bound) key("lower_bound"), out += "true";
  if (figure.upper_bound) key("upper_bound"), out += "true";
  if (figure.at_most) key("at_most"), put_real(out, *figure.at_most);
  if (figure.interval) key("interval"), put_interval(out, *figure.interval);
  if (figure.range) key("range"), put_interval(out, *figure.range);
  if (figure.within) key("within"), put_interval(out, *figure.within);
  if (figure.replications != 1) key("replications"), put(out, figure.replications);
  if (before == ',') out += '}';
}

/// `value,samples` and perhaps `,{…}`.
void put_figure(std::string& out, const Figure& figure) {
  put_real(out, figure.value);
  out += ',';
  put(out, figure.samples);
  put_rare(out, figure);
}

void put_figures(std::string& out, std::span<const FigureEntry> entries) {
  const FigureEntry* last = nullptr;
  for (const FigureEntry& entry : entries) {
    SLUICE_REQUIRE(!entry.key.subject.pool.valid(), "pools are numbered anew each time");
    SLUICE_REQUIRE(last == nullptr || last->key < entry.key, "figures are in order");
    if (last == nullptr || last->key.metric != entry.key.metric) {
      out += last == nullptr ? "\"" : "],\"";
      out += info(entry.key.metric).name;
      out += "\":[[";
    } else {
      out += ",[";
    }
    put_subject(out, entry.key.subject);
    out += ',';
    put_figure(out, entry.figure);
    out += ']';
    last = &entry;
  }
  if (last != nullptr) out += ']';
}

void put_breaks(std::string& out, const WindowBreaks& breaks) {
  out += "[\"";
  out += symbol(breaks.comparison);
  out += "\",";
  put_real(out, breaks.limit);
  for (const std::uint64_t count : {breaks.windows, breaks.broken, breaks.times}) {
    out += ',';
    put(out, count);
  }
  out += ',';
  if (breaks.first)
    put(out, breaks.first->ns);
  else
    out += "null";
  out += ',';
  put_real(out, breaks.first_mean_s);
  out += ',';
  put(out, breaks.replications);
  out += ']';
}

void put_window(std::string& out, const WindowFigure& window) {
  SLUICE_REQUIRE(!window.subject.pool.valid(), "pools are numbered anew each time");
  out += "[\"";
  out += info(window.metric).name;
  out += "\",";
  put_subject(out, window.subject);
  out += ',';
  put(out, window.over.ns);
  out += ",[";
  put_figure(out, window.highest);
  out += "],[";
  put_figure(out, window.lowest);
  out += "],[";
  for (const WindowBreaks& breaks : window.breaks) {
    if (&breaks != &window.breaks.front()) out += ',';
    put_breaks(out, breaks);
  }
  out += "]]";
}

/// Where anything was reached: by kind, then each waiting level by each dispatched one.
void put_reached(std::string& out, const ReachCounts& reached) {
  if (reached == ReachCounts{}) return;
  char before = '[';
  out += ",\"reached\":";
  const auto one = [&](std::uint64_t count) {
    out += std::exchange(before, ',');
    put(out, count);
  };
  for (const std::uint64_t count : reached.by_kind) one(count);
  for (const auto& waiting : reached.waited_while_dispatched)
    for (const std::uint64_t count : waiting) one(count);
  out += ']';
}

std::uint32_t sum_of(std::string_view text) {
  return static_cast<std::uint32_t>(
      crc32_z(0, reinterpret_cast<const unsigned char*>(text.data()), text.size()));
}

/// The line without its checksum; none: that is wrong.
std::optional<std::string_view> checked_text(std::string_view line) {
  if (line.size() < kSumLength) return std::nullopt;
  const std::string_view text = line.substr(0, line.size() - kSumLength);
  if (line.substr(text.size()) != fmt::format("{}{:08x}\"}}", kSumKey, sum_of(text)))
    return std::nullopt;
  return text;
}

/// Reads what the functions above write, and nothing else. After the first mistake it takes nothing
/// any more.
class RecordReader {
 public:
  explicit RecordReader(std::string_view text) : text_(text) {}

  bool good() const { return good_; }
  bool at_end() const { return good_ && at_ == text_.size(); }
  std::size_t offset() const { return at_; }

  /// Takes `literal` if it comes next.
  bool take(std::string_view literal) {
    if (!good_ || !text_.substr(at_).starts_with(literal)) return false;
    at_ += literal.size();
    return true;
  }
  void expect(std::string_view literal) { good_ = take(literal); }
  void fail() { good_ = false; }

  template <class T>
  T number() {
    T value{};
    if (!good_) return value;
    const char* end = text_.data() + text_.size();
    const auto [stop, error] = std::from_chars(text_.data() + at_, end, value);
    good_ = error == std::errc();
    at_ = static_cast<std::size_t>(stop - text_.data());
    return value;
  }
  double real() {
    if (!take("\"")) return number<double>();
    const std::string_view word = until_quote();
    if (word == "inf") return INFINITY;
    if (word == "-inf") return -INFINITY;
    std::uint64_t bits = 0;
    const std::string_view digits = word.substr(std::min(kNaN.size(), word.size()));
    const auto [stop, error] =
        std::from_chars(digits.data(), digits.data() + digits.size(), bits, 16);
    good_ = good_ && word.starts_with(kNaN) && error == std::errc() && digits.size() == 16 &&
            stop == digits.data() + digits.size();
    return std::bit_cast<double>(bits);
  }
  /// A string in quotes, its escapes undone.
  std::string text() {
    std::string value;
    expect("\"");
    while (good_ && !take("\"")) {
      if (at_ == text_.size()) return fail(), value;
      value += text_[at_] == '\\' ? escaped() : text_[at_++];
    }
    return value;
  }
  /// What lies before the next quote, which is taken; without escapes.
  std::string_view until_quote() {
    const std::size_t end = good_ ? text_.find('"', at_) : std::string_view::npos;
    if (end == std::string_view::npos) return fail(), std::string_view();
    const std::size_t begin = std::exchange(at_, end + 1);
    return text_.substr(begin, end - begin);
  }

 private:
  char escaped() {
    constexpr std::string_view kShort = "b\bt\tn\nf\fr\r\"\"\\\\";
    if (take("\\u00")) {
      const std::string_view digits = text_.substr(at_, 2);
      const std::optional<std::string> raw = from_hex(digits);
      if (!raw || raw->empty()) return fail(), '\0';
      at_ += 2;
      return raw->front();
    }
    const std::size_t kind = at_ + 1 < text_.size() ? kShort.find(text_[at_ + 1]) : 1;
    if (kind % 2 != 0) return fail(), '\0';
    at_ += 2;
    return kShort[kind + 1];
  }

  std::string_view text_;
  std::size_t at_ = 0;
  bool good_ = true;
};

Interval read_interval(RecordReader& in) {
  Interval interval;
  in.expect("[");
  interval.low = in.real();
  in.expect(",");
  interval.high = in.real();
  in.expect("]");
  return interval;
}

/// After the opening quote.
Subject read_subject(RecordReader& in) {
  Subject subject;
  if (in.take("l")) {
    const auto level = in.number<unsigned>();
    if (level >= kLevels) return in.fail(), subject;
    subject.level = kAllLevels[level];
  }
  visit_labels([&](char letter, auto member) {
    if (in.take({&letter, 1})) (subject.*member).value = in.number<std::uint32_t>();
  });
  in.expect("\"");
  return subject;
}

void read_rare(RecordReader& in, Figure& figure) {
  bool first = true;
  const auto key = [&](std::string_view name) {
    const bool found = in.take(fmt::format("{}\"{}\":", first ? "" : ",", name));
    first = first && !found;
    return found;
  };
  if (key("censored")) figure.censored = in.number<std::uint64_t>();
  if (key("lower_bound")) in.expect("true"), figure.lower_bound = true;
  if (key("upper_bound")) in.expect("true"), figure.upper_bound = true;
  if (key("at_most")) figure.at_most = in.real();
  if (key("interval")) figure.interval = read_interval(in);
  if (key("range")) figure.range = read_interval(in);
  if (key("within")) figure.within = read_interval(in);
  if (key("replications")) figure.replications = in.number<std::uint32_t>();
  in.expect("}");
}

Figure read_figure(RecordReader& in) {
  Figure figure;
  figure.value = in.real();
  in.expect(",");
  figure.samples = in.number<std::uint64_t>();
  if (in.take(",{")) read_rare(in, figure);
  return figure;
}

/// After the opening quote.
Metric read_metric(RecordReader& in) {
  const std::optional<Metric> metric = metric_named(in.until_quote());
  if (!metric) in.fail();
  return metric.value_or(Metric{});
}

void read_figures(RecordReader& in, FigureTable& figures) {
  for (bool more = in.take("\""); in.good() && more; more = in.take(",\"")) {
    const Metric metric = read_metric(in);
    in.expect(":[");
    do {
      in.expect("[\"");
      const Subject subject = read_subject(in);
      in.expect(",");
      figures.add(metric, subject, read_figure(in));
      in.expect("]");
    } while (in.take(","));
    in.expect("]");
  }
  figures.seal();
}

Comparison read_comparison(RecordReader& in) {
  const std::string_view word = in.until_quote();
  for (const Comparison comparison : {Comparison::less, Comparison::less_equal, Comparison::greater,
                                      Comparison::greater_equal, Comparison::equal})
    if (symbol(comparison) == word) return comparison;
  return in.fail(), Comparison::less;
}

/// After the opening bracket.
WindowBreaks read_breaks(RecordReader& in) {
  WindowBreaks breaks;
  in.expect("\"");
  breaks.comparison = read_comparison(in);
  in.expect(",");
  breaks.limit = in.real();
  for (std::uint64_t* count : {&breaks.windows, &breaks.broken, &breaks.times}) {
    in.expect(",");
    *count = in.number<std::uint64_t>();
  }
  in.expect(",");
  if (!in.take("null")) breaks.first = Time{in.number<std::int64_t>()};
  in.expect(",");
  breaks.first_mean_s = in.real();
  in.expect(",");
  breaks.replications = in.number<std::uint32_t>();
  in.expect("]");
  return breaks;
}

/// After the opening bracket.
WindowFigure read_window(RecordReader& in) {
  WindowFigure window;
  in.expect("\"");
  window.metric = read_metric(in);
  in.expect(",\"");
  window.subject = read_subject(in);
  in.expect(",");
  window.over.ns = in.number<std::int64_t>();
  in.expect(",[");
  window.highest = read_figure(in);
  in.expect("],[");
  window.lowest = read_figure(in);
  in.expect("],[");
  for (bool more = in.take("["); in.good() && more; more = in.take(",["))
    window.breaks.push_back(read_breaks(in));
  in.expect("]]");
  return window;
}

PointKey read_key(RecordReader& in) {
  PointKey key;
  in.expect(R"({"setting":)");
  key.setting = in.text();
  in.expect(R"(,"replication":)");
  key.replication = in.number<std::uint32_t>();
  return key;
}

void read_reached(RecordReader& in, ReachCounts& reached) {
  char before = '[';
  const auto one = [&](std::uint64_t& count) {
    const char sign = std::exchange(before, ',');
    in.expect({&sign, 1});
    count = in.number<std::uint64_t>();
  };
  for (std::uint64_t& count : reached.by_kind) one(count);
  for (auto& waiting : reached.waited_while_dispatched)
    for (std::uint64_t& count : waiting) one(count);
  in.expect("]");
}

void read_result(RecordReader& in, ReplicationResult& result) {
  in.expect(R"(,"from_ns":)");
  result.from.ns = in.number<std::int64_t>();
  in.expect(R"(,"until_ns":)");
  result.until.ns = in.number<std::int64_t>();
  in.expect(R"(,"runs":)");
  result.runs = in.number<std::uint64_t>();
  in.expect(R"(,"refused":)");
  result.refused = in.take("true");
  if (!result.refused) in.expect("false");
  in.expect(R"(,"figures":{)");
  read_figures(in, result.figures);
  in.expect(R"(},"windows":[)");
  for (bool more = in.take("["); in.good() && more; more = in.take(",["))
    result.windows.push_back(read_window(in));
  in.expect("]");
  if (in.take(R"(,"reached":)")) read_reached(in, result.reached);
}

constexpr const char* kDamaged = "is damaged: its checksum is not that of its text";
constexpr const char* kStrange = "is not what this version writes";

}  // namespace

std::string point_record(const Point& point) {
  const ReplicationResult& result = point.result;
  std::string out;
  out.reserve(256 + point.key.setting.size() + 48 * result.figures.size());
  out += R"({"setting":)";
  append_quoted_json(out, point.key.setting);
  out += R"(,"replication":)";
  put(out, point.key.replication);
  out += R"(,"seed":)";
  put(out, point.seed);
  out += R"(,"hash":)";
  append_quoted_json(out, point.scenario_hash);
  out += R"(,"from_ns":)";
  put(out, result.from.ns);
  out += R"(,"until_ns":)";
  put(out, result.until.ns);
  out += R"(,"runs":)";
  put(out, result.runs);
  out += R"(,"refused":)";
  out += result.refused ? "true" : "false";
  out += R"(,"figures":{)";
  put_figures(out, result.figures.entries());
  out += R"(},"windows":[)";
  for (const WindowFigure& window : result.windows) {
    if (&window != &result.windows.front()) out += ',';
    put_window(out, window);
  }
  out += ']';
  put_reached(out, result.reached);
  fmt::format_to(std::back_inserter(out), "{}{:08x}\"}}\n", kSumKey, sum_of(out));
  return out;
}

std::uint32_t point_record_sum(std::string_view line) {
  std::uint32_t sum = 0;
  const std::string_view digits = line.substr(line.size() - 10, 8);
  std::from_chars(digits.data(), digits.data() + digits.size(), sum, 16);
  return sum;
}

Parsed<PointKey> read_point_key(std::string_view line) {
  const std::optional<std::string_view> text = checked_text(line);
  if (!text) return Parsed<PointKey>::wrong(0, kDamaged);
  RecordReader in(*text);
  PointKey key = read_key(in);
  if (!in.good()) return Parsed<PointKey>::wrong(in.offset(), kStrange);
  return Parsed<PointKey>::of(std::move(key));
}

Parsed<Point> read_point_record(std::string_view line) {
  const std::optional<std::string_view> text = checked_text(line);
  if (!text) return Parsed<Point>::wrong(0, kDamaged);
  RecordReader in(*text);
  Point point;
  point.key = read_key(in);
  in.expect(R"(,"seed":)");
  point.seed = in.number<std::uint64_t>();
  in.expect(R"(,"hash":)");
  point.scenario_hash = in.text();
  read_result(in, point.result);
  if (!in.at_end()) return Parsed<Point>::wrong(in.offset(), kStrange);
  return Parsed<Point>::of(std::move(point));
}

}  // namespace sluice
