// Records of points: what is written comes back bit by bit, and any damage is found.
#include "experiments/store/point_record.hpp"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/unit/experiments/store/store_in_folder.hpp"

namespace sluice::test {
namespace {

/// All that a point has, as numbers that are equal or not.
class Words {
 public:
  void add(std::uint64_t word) { words.push_back(word); }
  void add(double value) { words.push_back(std::bit_cast<std::uint64_t>(value)); }
  void add(const std::string& text) {
    add(text.size());
    for (const char c : text) add(std::uint64_t{static_cast<unsigned char>(c)});
  }
  void add(const std::optional<Interval>& interval) {
    add(std::uint64_t{interval.has_value()});
    if (interval) add(interval->low), add(interval->high);
  }
  void add(const Subject& subject) {
    for (const std::uint32_t id :
         {subject.group.value, subject.workspace.value, subject.workflow.value,
          subject.credential.value, subject.pool.value, subject.submitter.value})
      add(std::uint64_t{id});
    add(subject.level ? std::uint64_t{index(*subject.level)} : 9);
  }
  void add(const Figure& figure) {
    add(figure.value);
    add(figure.samples);
    add(figure.censored);
    add(std::uint64_t{figure.lower_bound} + 2 * std::uint64_t{figure.upper_bound});
    add(std::uint64_t{figure.at_most.has_value()});
    if (figure.at_most) add(*figure.at_most);
    add(figure.interval);
    add(figure.range);
    add(figure.within);
    add(std::uint64_t{figure.replications});
  }
  void add(const WindowFigure& window) {
    add(static_cast<std::uint64_t>(window.metric));
    add(window.subject);
    add(static_cast<std::uint64_t>(window.over.ns));
    add(window.highest);
    add(window.lowest);
    for (const WindowBreaks& breaks : window.breaks) {
      add(static_cast<std::uint64_t>(breaks.comparison));
      add(breaks.limit);
      add(breaks.windows);
      add(breaks.broken);
      add(breaks.times);
      add(breaks.first ? static_cast<std::uint64_t>(breaks.first->ns) : ~std::uint64_t{0});
      add(breaks.first_mean_s);
      add(std::uint64_t{breaks.replications});
    }
  }

  std::vector<std::uint64_t> words;
};

std::vector<std::uint64_t> words_of(const Point& point) {
  Words words;
  words.add(point.key.setting);
  words.add(std::uint64_t{point.key.replication});
  words.add(point.seed);
  words.add(point.scenario_hash);
  const ReplicationResult& result = point.result;
  words.add(static_cast<std::uint64_t>(result.from.ns));
  words.add(static_cast<std::uint64_t>(result.until.ns));
  words.add(result.runs);
  words.add(std::uint64_t{result.refused});
  words.add(std::uint64_t{result.figures.size()});
  for (const FigureEntry& entry : result.figures.entries()) {
    words.add(static_cast<std::uint64_t>(entry.key.metric));
    words.add(entry.key.subject);
    words.add(entry.figure);
  }
  words.add(std::uint64_t{result.windows.size()});
  for (const WindowFigure& window : result.windows) words.add(window);
  for (const std::uint64_t count : result.reached.by_kind) words.add(count);
  for (const auto& waiting : result.reached.waited_while_dispatched)
    for (const std::uint64_t count : waiting) words.add(count);
  return words.words;
}

std::string line_of(const Point& point) {
  std::string line = point_record(point);
  EXPECT_EQ(line.find('\n'), line.size() - 1);
  line.pop_back();
  return line;
}

TEST(PointRecordTest, AnyPointComesBackBitByBit) {
  Stream stream(1);
  std::size_t nans = 0, odd = 0, breaks = 0, empty = 0;
  for (int i = 0; i < 1000; ++i) {
    const Point point = drawn_point(drawn_key(stream), 20);
    const std::string line = line_of(point);
    const Parsed<Point> back = read_point_record(line);
    ASSERT_TRUE(back) << back.error.message << " at " << back.error.offset << ": " << line;
    ASSERT_EQ(words_of(*back), words_of(point)) << line;
    ASSERT_EQ(line_of(*back), line);
    ASSERT_EQ(*read_point_key(line), point.key);
    ASSERT_TRUE(nlohmann::json::accept(line)) << line;
    empty += point.result.figures.size() == 0;
    for (const FigureEntry& entry : point.result.figures.entries()) {
      nans += std::isnan(entry.figure.value);
      odd += std::isinf(entry.figure.value) || std::signbit(entry.figure.value);
    }
    for (const WindowFigure& window : point.result.windows) breaks += window.breaks.size();
  }
  EXPECT_GT(nans, 10u);
  EXPECT_GT(odd, 100u);
  EXPECT_GT(breaks, 100u);
  EXPECT_GT(empty, 10u);
}

TEST(PointRecordTest, SettingsAreAnyText) {
  std::string all;
  for (int c = 0; c < 256; ++c) all += static_cast<char>(c);
  for (const std::string& setting :
       {std::string(), std::string("dispatch={weighted: {HIGH: 1, LOW: 1}},name=\"a\\b\""), all}) {
    Point point = drawn_point({setting, 3});
    point.scenario_hash = setting;
    const Parsed<Point> back = read_point_record(line_of(point));
    ASSERT_TRUE(back);
    EXPECT_EQ(words_of(*back), words_of(point));
  }
}

TEST(PointRecordTest, EachChangedByteIsFound) {
  const std::string line = line_of(drawn_point({"workers=26", 7}));
  for (std::size_t i = 0; i < line.size(); ++i) {
    for (const int change : {1, 32, 255}) {
      std::string damaged = line;
      damaged[i] = static_cast<char>(damaged[i] ^ change);
      EXPECT_FALSE(read_point_key(damaged)) << damaged;
      EXPECT_FALSE(read_point_record(damaged)) << damaged;
    }
    EXPECT_FALSE(read_point_record(line.substr(0, i)));
  }
}

Figure figure_of(double value, std::uint64_t samples) {
  Figure figure;
  figure.value = value;
  figure.samples = samples;
  return figure;
}

/// docs/store.md shows it.
TEST(PointRecordTest, ALineLooksSo) {
  Point point;
  point.key = {"accounts=8,workers=26", 4};
  point.seed = 1234567890123456789;
  point.scenario_hash = "8c1f0d3a5b7e9f21";
  point.result.from = Time::from_seconds(3600);
  point.result.until = Time::from_seconds(7200);
  point.result.runs = 812;
  Figure wait = figure_of(1832.25, 104);
  wait.censored = 3;
  wait.lower_bound = true;
  wait.within = Interval{1830, 1840.5};
  point.result.figures.add(Metric::wait_p95, Subject::of(PriorityLevel::LOW), wait);
  point.result.figures.add(Metric::wait_p95, Subject::of(GroupId::at(0), PriorityLevel::LOW), wait);
  point.result.figures.add(Metric::utilisation, Subject::of(GroupId::at(0)), figure_of(0.1, 1));
  point.result.figures.seal();
  EXPECT_EQ(
      line_of(point),
      R"({"setting":"accounts=8,workers=26","replication":4,"seed":1234567890123456789,)"
      R"("hash":"8c1f0d3a5b7e9f21","from_ns":3600000000000,"until_ns":7200000000000,"runs":812,)"
      R"("refused":false,"figures":{"wait.p95":[["l2g0",1832.25,104,{"censored":3,)"
      R"("lower_bound":true,"within":[1830,1840.5]}],["l2",1832.25,104,{"censored":3,)"
      R"("lower_bound":true,"within":[1830,1840.5]}]],"utilisation":[["g0",0.1,1]]},"windows":[],)"
      R"("crc32":"e7536aa8"})");
}

TEST(PointRecordTest, WhatPoolsHaveIsLeftOut) {
  Point point = drawn_point({"", 0});
  const std::vector<std::uint64_t> before = words_of(point);
  point.result.figures.add(Metric::pool_imbalance, Subject::of(PoolId::at(2)), figure_of(1, 1));
  point.result.figures.seal();
  point.result.windows.push_back({Metric::pool_imbalance, Subject::of(PoolId::at(2)), {}, {}, {}});
  point.result.pools.push_back({CredentialId::at(1)});
  point.result = recorded_part(std::move(point.result));
  EXPECT_EQ(words_of(point), before);
  EXPECT_TRUE(point.result.pools.empty());
}

TEST(PointRecordDeathTest, OfPoolsNothingIsWritten) {
  Point point = drawn_point({"", 0});
  point.result.figures.add(Metric::pool_imbalance, Subject::of(PoolId::at(2)), figure_of(1, 1));
  point.result.figures.seal();
  EXPECT_DEATH(point_record(point), "pools are numbered anew");
}

}  // namespace
}  // namespace sluice::test
