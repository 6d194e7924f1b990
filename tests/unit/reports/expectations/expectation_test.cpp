// Expectations: sentences, their mistakes, and how they are held against a report.
#include "reports/expectations/expectation.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "reports/expectations/reach.hpp"
#include "reports/figures/metric.hpp"
#include "reports/judge.hpp"
#include "reports/statistics.hpp"
#include "tests/unit/reports/recording.hpp"

namespace sluice::test {
namespace {

using ::testing::HasSubstr;

Names names() {
  PipelineConfig config = small_pipeline(2, 1);
  config.groups.push_back({});
  config.groups[1].name = "other";
  config.workspaces[0].name = "acme";
  return names_of(config, {"nightly"});
}

Expectation expectation(std::string_view sentence) {
  const auto parsed = parse_expectation(sentence, names());
  EXPECT_TRUE(parsed) << sentence << ": " << parsed.error.message;
  return parsed.value.value_or(Expectation{});
}

void expect_mistake(std::string_view sentence, std::size_t offset, const std::string& message) {
  const auto parsed = parse_expectation(sentence, names());
  ASSERT_FALSE(parsed) << sentence;
  EXPECT_EQ(parsed.error.offset, offset) << sentence << ": " << parsed.error.message;
  EXPECT_THAT(parsed.error.message, HasSubstr(message)) << sentence;
}

TEST(ExpectationSentence, LevelMetricLimit) {
  const Expectation e = expectation("LOW.wait.p95 < 10m");
  EXPECT_EQ(e.metric, Metric::wait_p95);
  EXPECT_EQ(e.subject, Subject::of(PriorityLevel::LOW));
  EXPECT_EQ(e.comparison, Comparison::less);
  EXPECT_EQ(e.limit, 600);
  EXPECT_FALSE(e.over);
}

TEST(ExpectationSentence, SlidingWindow) {
  const Expectation e = expectation("rejected.rate < 1% over 60s");
  EXPECT_EQ(e.metric, Metric::rejected_rate);
  EXPECT_DOUBLE_EQ(e.limit, 0.01);
  EXPECT_EQ(e.over, 60_s);
}

TEST(ExpectationSentence, ShareOfReplications) {
  const Expectation e = expectation("LOW.wait.p95 < 45m in 95% of replications");
  EXPECT_EQ(e.limit, 2'700);
  EXPECT_FALSE(e.over);
  EXPECT_EQ(e.in_replications, 0.95);
  EXPECT_EQ(expectation("wait.p95 < 45m in 0.85 of replications").in_replications, 0.85);
  EXPECT_EQ(expectation("wait.p95 < 45m in 95 % of replications").in_replications, 0.95);
  EXPECT_EQ(expectation("wait.p95<45m  in  100%  of  replications ").in_replications, 1);
  const Expectation both = expectation("rejected.rate < 1% over 60s in 90% of replications");
  EXPECT_DOUBLE_EQ(both.limit, 0.01);
  EXPECT_EQ(both.over, 60_s);
  EXPECT_EQ(both.in_replications, 0.9);
  EXPECT_FALSE(expectation("LOW.wait.p95 < 45m").in_replications);
}

TEST(ExpectationSentence, Labels) {
  const Expectation e = expectation("starvation.longest{level=LOW, workspace=acme} <= 30m");
  EXPECT_EQ(e.subject, Subject::of(WorkspaceId::at(0), PriorityLevel::LOW));
  EXPECT_EQ(e.comparison, Comparison::less_equal);
  EXPECT_EQ(expectation("wait.mean{workspace=acme, group=main} < 1s").subject,
            Subject::of(WorkspaceId::at(0)))
      << "a workspace implies its group";
  EXPECT_EQ(expectation("throughput.rate > 40/min").limit, 40);
  EXPECT_EQ(expectation("credential.at_limit{credential='credential-1'} < 50%").subject,
            Subject::of(CredentialId::at(0)));
  EXPECT_EQ(expectation("inversions.pairs==0").comparison, Comparison::equal);
}

TEST(ExpectationSentence, AFamilyIsNamedByItsMembers) {
  expect_mistake("credential.at_limit{credential=credential} < 50%", 31,
                 "'credential' is a family of 1 credential: name one of credential-1");
}

TEST(ExpectationSentence, MistakesAreLocatedAndExplained) {
  expect_mistake("LOW.wait.p59 < 10m", 4, "did you mean 'wait.p");
  expect_mistake("LWO.wait.p95 < 10m", 0, "did you mean 'LOW'?");
  expect_mistake("wait.p95{workspase=acme} < 10m", 9, "did you mean 'workspace'?");
  expect_mistake("wait.p95{workspace=acne} < 10m", 19, "did you mean 'acme'?");
  expect_mistake("wait.p95{workspace=acme, group=other} < 10m", 9,
                 "does not belong to group 'other'");
  expect_mistake("wait.p95 10m", 9, "expected one of < <= > >= ==");
  expect_mistake("wait.p95 < 10", 13, "a unit is missing");
  expect_mistake("wait.p95 < 40/min", 13, "wait.p95 is in time");
  expect_mistake("throughput.rate > 40", 20, "runs per time (40/min)");
  expect_mistake("rejected.rate < 120%", 16, "at most 100%");
  expect_mistake("wait.max < 10m over 60s", 15, "not measured over sliding windows");
  expect_mistake("rejected.rate < 1% over soon", 24, "expected a duration");
  expect_mistake("LOW.utilisation < 90%", 0,
                 "not measured by level; labels that it may have: group");
  expect_mistake("credential.at_limit < 90%", 0, "needs the label credential");
  expect_mistake("service.mean{credential=credential-1, level=LOW} < 1s", 0,
                 "of a credential is about all of its runs: leave out level");
  expect_mistake("wait.p95 < 10m in most of replications", 18,
                 "expected a share, as in: in 95% of replications");
  expect_mistake("wait.p95 < 10m in 0% of replications", 18, "more than 0% and at most 100%");
  expect_mistake("wait.p95 < 10m in 101% of replications", 18, "more than 0% and at most 100%");
  expect_mistake("wait.p95 < 10m in 95 of replications", 18, "more than 0% and at most 100%");
  expect_mistake("wait.p95 < 10m in 95%", 21, "expected 'of replications' behind the share");
  expect_mistake("wait.p95 < 10m in 95% off days", 22, "expected 'of replications' behind");
  expect_mistake("wait.p95 < 10m in 95% of days", 25, "a share is of replications");
  expect_mistake("wait.p95 < 10m in 95% of replications, really", 25, "a share is of replications");
  expect_mistake("wait.p95 < 10m in 95% of replications please", 38, "expected the end");
  expect_mistake("rejected.rate < 1% in 95% of replications over 60s", 42,
                 "a window stands before the share");
  expect_mistake("wait.p95 < 10 in 95% of replications", 13, "a unit is missing");
  expect_mistake("rejected.rate < 1% over soon in 95% of replications", 24, "expected a duration");
  expect_mistake("wait.max < 10m over 60s in 95% of replications", 15,
                 "not measured over sliding windows");
  expect_mistake("", 0, "expected a metric");
  expect_mistake("wait.p95{level=LOW < 10m", 15, "no level");
}

TEST(Metrics, NamesAreUniqueAndFound) {
  for (const MetricInfo& metric : all_metrics()) {
    EXPECT_EQ(metric_named(metric.name), metric.metric) << metric.name;
    EXPECT_EQ(metric.required & ~metric.labels, 0) << metric.name;
    EXPECT_FALSE(metric.meaning.empty());
  }
  EXPECT_EQ(nearest_metric_name("starvation.longst"), "starvation.longest");
}

TEST(ReachSentence, AllAreUnderstood) {
  const auto reach = parse_reach("a LOW run waited while a HIGH run was dispatched");
  ASSERT_TRUE(reach);
  EXPECT_EQ(reach->reach,
            (Reach{ReachKind::waited_while_dispatched, PriorityLevel::LOW, PriorityLevel::HIGH}));
  EXPECT_TRUE(parse_reach("a MEDIUM run waited while a HIGH one was dispatched"));
  for (const std::string_view sentence : reach_sentences()) {
    const bool has_levels = sentence.find('<') != std::string_view::npos;
    EXPECT_NE(parse_reach(sentence).value.has_value(), has_levels) << sentence;
  }
  const auto typo = parse_reach("a run was rate limitted");
  ASSERT_FALSE(typo);
  EXPECT_EQ(typo.error.offset, 15U);
  EXPECT_THAT(typo.error.message, HasSubstr("did you mean 'a run was rate limited'?"));
  EXPECT_EQ(parse_reach("a LOWER run waited while a HIGH run was dispatched").error.offset, 2U);
}

// ---- verdicts

Report report_with(Figure figure, std::uint32_t replications = 1) {
  Report report;
  report.header.replications = replications;
  report.figures.add(Metric::wait_p95, Subject::of(PriorityLevel::LOW), figure);
  report.figures.seal();
  return report;
}

Status status(std::string_view sentence, const Report& report) {
  return evaluate(expectation(sentence), report).status;
}

Figure measured(double value) {
  Figure f;
  f.value = value;
  f.samples = 100;
  return f;
}

TEST(Verdict, PassesOrFails) {
  EXPECT_EQ(status("LOW.wait.p95 < 10m", report_with(measured(599))), Status::passed);
  EXPECT_EQ(status("LOW.wait.p95 < 10m", report_with(measured(600))), Status::failed);
  EXPECT_EQ(status("LOW.wait.p95 <= 10m", report_with(measured(600))), Status::passed);
}

TEST(Verdict, WithoutSamplesItIsInconclusive) {
  EXPECT_EQ(status("HIGH.wait.p95 < 10m", report_with(measured(1))), Status::inconclusive);
  Figure empty = measured(0);
  empty.samples = 0;
  EXPECT_EQ(status("LOW.wait.p95 < 10m", report_with(empty)), Status::inconclusive);
}

TEST(Verdict, ALowerBoundDecidesOnlyOneWay) {
  Figure f = measured(500);
  f.lower_bound = true;
  EXPECT_EQ(status("LOW.wait.p95 < 10m", report_with(f)), Status::inconclusive);
  EXPECT_EQ(status("LOW.wait.p95 < 5m", report_with(f)), Status::failed);
  EXPECT_EQ(status("LOW.wait.p95 > 5m", report_with(f)), Status::passed);
  EXPECT_EQ(status("LOW.wait.p95 > 10m", report_with(f)), Status::inconclusive);
}

TEST(Verdict, BothBoundsOnOneSideOfTheLimitDecide) {
  Figure f = measured(500);
  f.lower_bound = true;
  f.at_most = 550;
  EXPECT_EQ(status("LOW.wait.p95 < 10m", report_with(f)), Status::passed);
  EXPECT_EQ(status("LOW.wait.p95 < 8m", report_with(f)), Status::failed);
  EXPECT_EQ(status("LOW.wait.p95 > 10m", report_with(f)), Status::failed);
  EXPECT_EQ(status("LOW.wait.p95 == 10m", report_with(f)), Status::failed);
  EXPECT_EQ(status("LOW.wait.p95 < 9m", report_with(f)), Status::inconclusive);
  EXPECT_THAT(evaluate(expectation("LOW.wait.p95 < 9m"), report_with(f)).reason,
              HasSubstr("≥ 8m20s, at most 9m10s, limit < 9m: it depends on runs "
                        "that still waited"));
  f.interval = Interval{450, 550};
  EXPECT_EQ(status("LOW.wait.p95 < 8m", report_with(f)), Status::inconclusive);
}

TEST(Verdict, AnIntervalThatStraddlesTheLimitIsInconclusive) {
  Figure f = measured(590);
  f.interval = Interval{570, 610};
  EXPECT_EQ(status("LOW.wait.p95 < 10m", report_with(f)), Status::inconclusive);
  EXPECT_EQ(status("LOW.wait.p95 < 11m", report_with(f)), Status::passed);
  EXPECT_EQ(status("LOW.wait.p95 < 9m", report_with(f)), Status::failed);
  EXPECT_THAT(evaluate(expectation("LOW.wait.p95 < 10m"), report_with(f)).reason,
              HasSubstr("9m50s (9m30s … 10m10s), limit < 10m"));
}

TEST(Verdict, SomeReplicationsWithoutTheFigureAreNoPass) {
  Figure f = measured(1);
  f.replications = 3;
  EXPECT_EQ(status("LOW.wait.p95 < 10m", report_with(f, 5)), Status::inconclusive);
  EXPECT_EQ(status("LOW.wait.p95 > 10m", report_with(f, 5)), Status::failed);
}

TEST(Verdict, AnIncompleteReportNeverPasses) {
  Report report = report_with(measured(1));
  report.header.complete = false;
  EXPECT_EQ(status("LOW.wait.p95 < 10m", report), Status::inconclusive);
  judge(report, {expectation("LOW.wait.p95 < 10m")}, {*parse_reach("a login failed")});
  EXPECT_EQ(report.verdict, Verdict::inconclusive);
}

TEST(Verdict, ALowerLimitMayStillBeReachedWhenTheReportIsIncomplete) {
  Report report = report_with(measured(1));
  EXPECT_EQ(status("LOW.wait.p95 > 10m", report), Status::failed);
  report.header.complete = false;
  EXPECT_EQ(status("LOW.wait.p95 > 10m", report), Status::inconclusive);
  report = report_with(measured(1000));
  report.header.complete = false;
  EXPECT_EQ(status("LOW.wait.p95 < 10m", report), Status::failed);
}

TEST(Verdict, FailedBeatsInconclusiveBeatsPassed) {
  Report report = report_with(measured(100));
  const auto pass = expectation("LOW.wait.p95 < 10m");
  const auto fail = expectation("LOW.wait.p95 < 1m");
  const auto open = expectation("HIGH.wait.p95 < 1m");
  judge(report, {pass}, {});
  EXPECT_EQ(report.verdict, Verdict::passed);
  judge(report, {pass, open}, {});
  EXPECT_EQ(report.verdict, Verdict::inconclusive);
  judge(report, {pass, open, fail}, {});
  EXPECT_EQ(report.verdict, Verdict::failed);
  judge(report, {}, {});
  EXPECT_EQ(report.verdict, Verdict::none);
  judge(report, {pass}, {*parse_reach("a login failed")});
  EXPECT_EQ(report.verdict, Verdict::failed) << "what must have happened did not";
}

// ---- one replication, and lost load

TEST(Verdict, OneReplicationOfSomethingDrawnSaysWhatHappenedInIt) {
  Report report = report_with(measured(100));
  report.header.drawn = true;
  EXPECT_EQ(status("LOW.wait.p95 < 10m", report), Status::held);
  EXPECT_EQ(status("LOW.wait.p95 < 1m", report), Status::broke);
  EXPECT_EQ(status("HIGH.wait.p95 < 1m", report), Status::inconclusive);
  judge(report, {expectation("LOW.wait.p95 < 10m")}, {});
  EXPECT_EQ(report.verdict, Verdict::held);
  judge(report, {expectation("LOW.wait.p95 < 10m")}, {*parse_reach("a login failed")});
  EXPECT_EQ(report.verdict, Verdict::broke);
  judge(report, {}, {});
  EXPECT_EQ(report.verdict, Verdict::none) << "nothing was asked";
  report.header.replications = 3;
  Figure f = measured(100);
  f.replications = 3;
  Report three = report_with(f, 3);
  three.header.drawn = true;
  EXPECT_EQ(status("LOW.wait.p95 < 10m", three), Status::passed);
}

Report report_that_lost(double runs) {
  Report report = report_with(measured(100));
  report.figures.add(Metric::lost_load_count, {}, measured(runs));
  report.figures.seal();
  return report;
}

TEST(Verdict, LostLoadFailsUnlessSomethingIsSaidAboutIt) {
  const auto passes = expectation("LOW.wait.p95 < 10m");
  Report report = report_that_lost(3);
  judge(report, {passes}, {});
  EXPECT_EQ(report.verdict, Verdict::failed);
  ASSERT_EQ(report.expectations.size(), 2U);
  EXPECT_TRUE(report.expectations[1].implied);
  EXPECT_EQ(report.expectations[1].expectation.sentence, "lost_load.count == 0");
  for (const char* said :
       {"lost_load.count < 10", "lost_load.share < 100%", "gave_up.count < 10"}) {
    judge(report, {passes, expectation(said)}, {});
    for (const ExpectationResult& result : report.expectations)
      EXPECT_FALSE(result.implied) << said;
  }
  judge(report, {}, {});
  EXPECT_EQ(report.verdict, Verdict::failed) << "also where nothing else was asked";
}

TEST(Verdict, AnImpliedExpectationThatHoldsIsSilent) {
  Report report = report_that_lost(0);
  judge(report, {}, {});
  EXPECT_EQ(report.verdict, Verdict::none);
  EXPECT_TRUE(report.expectations.empty());
  judge(report, {expectation("LOW.wait.p95 < 10m")}, {});
  EXPECT_EQ(report.verdict, Verdict::passed);
  EXPECT_EQ(report.expectations.size(), 1U);
}

TEST(Verdict, OneReplicationThatLostSomethingRefutesThatNothingIsLost) {
  // Of 0, 0 and 6 the interval contains 0, and yet the mean cannot be 0.
  Report report = report_that_lost(0);
  Figure f = measured(2);
  f.interval = Interval{-6.6, 10.6};
  f.replications = report.header.replications = 3;
  report.figures = {};
  report.figures.add(Metric::lost_load_count, {}, f);
  report.figures.seal();
  judge(report, {}, {});
  EXPECT_EQ(report.verdict, Verdict::failed);
  EXPECT_EQ(status("lost_load.count == 0", report), Status::failed);
}

// ---- shares of replications

/// One with LOW's p95 at `wait`; NaN: nothing was measured in it.
ReplicationResult replication(double wait, bool lower_bound = false) {
  ReplicationResult result;
  result.until = at_s(3600);
  Figure figure = measured(wait);
  figure.lower_bound = lower_bound;
  if (!std::isnan(wait))
    result.figures.add(Metric::wait_p95, Subject::of(PriorityLevel::LOW), figure);
  result.figures.seal();
  return result;
}

/// So many with 5m each, 15m each, and 5m at the least each.
std::vector<ReplicationResult> replications(int held, int missed, int undecided = 0) {
  std::vector<ReplicationResult> all;
  for (int i = 0; i < held; ++i) all.push_back(replication(300));
  for (int i = 0; i < missed; ++i) all.push_back(replication(900));
  for (int i = 0; i < undecided; ++i) all.push_back(replication(300, true));
  return all;
}

Report report_on_drawn(const std::vector<ReplicationResult>& replications) {
  Report report = combine({}, names(), replications);
  report.header.drawn = true;
  return report;
}

ExpectationResult in_share(const char* share, const std::vector<ReplicationResult>& replications) {
  const std::string sentence = "LOW.wait.p95 < 10m in " + std::string(share) + " of replications";
  return evaluate(expectation(sentence), report_on_drawn(replications), replications);
}

TEST(ShareOfReplications, TheBoundsDecide) {
  const ExpectationResult all = in_share("80%", replications(20, 0));
  EXPECT_EQ(all.status, Status::passed) << "83.2 % at the least";
  EXPECT_EQ(all.reason, "20 of 20 held (83.2 to 100 %), wanted in 80 %");
  ASSERT_TRUE(all.in_replications);
  EXPECT_EQ(all.in_replications->held, 20U);
  EXPECT_NEAR(all.in_replications->bounds.low, 0.8315665, 1e-7);
  EXPECT_EQ(all.figure->value, 300) << "their mean, for who wants to know";
  EXPECT_EQ(in_share("84%", replications(20, 0)).status, Status::inconclusive);
  EXPECT_EQ(in_share("95%", replications(20, 0)).reason,
            "20 of 20 held (83.2 to 100 %), wanted in 95 %: at least 72 replications are needed to "
            "say so");
  EXPECT_EQ(in_share("38%", replications(3, 17)).status, Status::failed) << "37.9 % at the most";
  EXPECT_EQ(in_share("37%", replications(3, 17)).status, Status::inconclusive);
  EXPECT_EQ(in_share("85%", replications(16, 4)).reason,
            "16 of 20 held (56.3 to 94.3 %), wanted in 85 %: the bounds contain it");
}

TEST(ShareOfReplications, IsOfTheConfidenceOfTheReport) {
  const auto all = replications(20, 0);
  Report report = report_on_drawn(all);
  const auto e = expectation("LOW.wait.p95 < 10m in 80% of replications");
  report.header.confidence = 0.99;
  EXPECT_EQ(evaluate(e, report, all).status, Status::inconclusive) << "0.005^(1/20) = 76.7 %";
}

TEST(ShareOfReplications, TheMeanOverThemSaysSomethingElse) {
  const auto most = replications(18, 2);
  EXPECT_EQ(evaluate(expectation("LOW.wait.p95 < 10m"), report_on_drawn(most)).status,
            Status::passed);
  EXPECT_EQ(in_share("99%", most).status, Status::failed);
}

TEST(ShareOfReplications, WhatIsUndecidedCountsForNeitherSide) {
  const ExpectationResult open = in_share("85%", replications(14, 4, 2));
  EXPECT_EQ(open.status, Status::inconclusive);
  EXPECT_EQ(open.in_replications->undecided, 2U);
  EXPECT_EQ(open.reason,
            "14 of 20 held, 2 undecided (45.7 to 94.3 %), wanted in 85 %: undecided: only a lower "
            "bound is known: runs were still waiting at the end; the bounds contain it");
  EXPECT_EQ(in_share("80%", replications(19, 0, 1)).status, Status::inconclusive);
  EXPECT_EQ(in_share("45%", replications(14, 4, 2)).status, Status::passed);
  EXPECT_EQ(in_share("95%", replications(14, 4, 2)).status, Status::failed);
  std::vector<ReplicationResult> some = replications(19, 0);
  some.push_back(replication(NAN));
  EXPECT_EQ(in_share("70%", some).in_replications->undecided, 1U);
  EXPECT_THAT(in_share("90%", some).reason, HasSubstr("nothing to measure: no samples"));
}

TEST(ShareOfReplications, OneCounterExampleRefutesAllAndNothingShowsThem) {
  EXPECT_EQ(in_share("100%", replications(199, 1)).status, Status::failed);
  EXPECT_EQ(in_share("100%", replications(0, 1)).status, Status::failed);
  const ExpectationResult all = in_share("100%", replications(200, 0));
  EXPECT_EQ(all.status, Status::inconclusive);
  EXPECT_THAT(all.reason, HasSubstr("no number of replications shows it of all"));
}

TEST(ShareOfReplications, OneReplicationOfSomethingDrawnIsCountedAsOne) {
  const ExpectationResult held = in_share("95%", replications(1, 0));
  EXPECT_EQ(held.status, Status::inconclusive);
  EXPECT_EQ(held.reason,
            "1 of 1 held (2.5 to 100 %), wanted in 95 %: at least 72 replications are needed to "
            "say so");
  EXPECT_EQ(in_share("95%", replications(0, 1)).status, Status::inconclusive);
  EXPECT_EQ(in_share("2%", replications(1, 0)).status, Status::passed);
}

TEST(ShareOfReplications, WhereNothingIsDrawnItIsExact) {
  const auto verdict = [](const std::vector<ReplicationResult>& replications, const char* share) {
    const std::string sentence = "LOW.wait.p95 < 10m in " + std::string(share) + " of replications";
    Report report = combine({}, names(), replications);
    judge(report, {expectation(sentence)}, {}, replications);
    return report.verdict;
  };
  EXPECT_EQ(verdict(replications(1, 0), "100%"), Verdict::passed);
  EXPECT_EQ(verdict(replications(0, 1), "5%"), Verdict::failed);
  EXPECT_EQ(verdict(replications(0, 0, 1), "5%"), Verdict::inconclusive);
  EXPECT_EQ(verdict(replications(3, 0), "100%"), Verdict::passed) << "all equal";
  const auto one = replications(0, 0, 1);
  EXPECT_EQ(evaluate(expectation("LOW.wait.p95 < 10m in 95% of replications"),
                     combine({}, names(), one), one)
                .reason,
            "0 of 1 held, 1 undecided (0 to 100 %), wanted in 95 %: undecided: only a lower bound "
            "is known: runs were still waiting at the end");
}

TEST(ShareOfReplications, WhatIsMeasuredOnceHasNone) {
  const auto e = expectation("LOW.wait.p95 < 10m in 95% of replications");
  for (const Engine engine : {Engine::load, Engine::live}) {
    Report report = report_with(measured(300));
    report.header.engine = engine;
    const ExpectationResult result = evaluate(e, report);
    EXPECT_EQ(result.status, Status::inconclusive);
    EXPECT_FALSE(result.in_replications);
    EXPECT_EQ(result.reason, "measured 5m, once: there are no replications to take a share of");
  }
}

TEST(ShareOfReplications, AnIncompleteReportDoesNotPass) {
  const auto all = replications(20, 0);
  Report report = report_on_drawn(all);
  report.header.complete = false;
  const auto e = expectation("LOW.wait.p95 < 10m in 50% of replications");
  EXPECT_EQ(evaluate(e, report, all).status, Status::inconclusive);
  EXPECT_THAT(evaluate(e, report, all).reason, HasSubstr("the report is incomplete"));
}

TEST(ShareOfReplications, DecidesTheVerdictAlsoBesideOneSample) {
  const auto one = replications(0, 1);
  Report report = report_on_drawn(one);
  const auto broke = expectation("LOW.wait.p95 < 10m");
  judge(report, {broke}, {}, one);
  EXPECT_EQ(report.verdict, Verdict::broke);
  judge(report, {broke, expectation("LOW.wait.p95 < 10m in 95% of replications")}, {}, one);
  EXPECT_EQ(report.verdict, Verdict::broke);
  judge(report, {broke, expectation("LOW.wait.p95 < 10m in 100% of replications")}, {}, one);
  EXPECT_EQ(report.verdict, Verdict::failed) << "refuted by a counter-example";
  const auto held = expectation("LOW.wait.p95 < 20m");
  judge(report, {held, expectation("LOW.wait.p95 < 20m in 95% of replications")}, {}, one);
  EXPECT_EQ(report.verdict, Verdict::inconclusive);
}

TEST(ShareOfReplications, ASentenceAboutLostLoadIsOneInAShareToo) {
  const auto one = replications(1, 0);
  Report report = report_on_drawn(one);
  report.figures.add(Metric::lost_load_count, {}, measured(3));
  report.figures.seal();
  judge(report, {expectation("lost_load.count == 0 in 50% of replications")}, {}, one);
  ASSERT_EQ(report.expectations.size(), 1U) << "nothing is implied";
}

TEST(ShareOfReplications, WatchesWhatTheSentenceWithoutItWatches) {
  RecorderConfig with, without;
  watch_for({expectation("LOW.wait.p95 < 10m"), expectation("rejected.rate < 1% over 60s")},
            without);
  watch_for({expectation("LOW.wait.p95 < 10m in 95% of replications"),
             expectation("rejected.rate < 1% over 60s in 95% of replications")},
            with);
  EXPECT_EQ(with.quantiles, without.quantiles);
  ASSERT_EQ(with.windows.size(), 1U);
  EXPECT_TRUE(with.windows[0].same_windows(without.windows[0]));
  EXPECT_EQ(with.windows[0].limits, without.windows[0].limits);
}

// ---- with a recorder

TEST(SlidingWindows, TheWorstWindowOfEachReplicationDecides) {
  const auto e = expectation("throughput.rate > 2/min over 60s in 40% of replications");
  RecorderConfig config;
  watch_for({e}, config);
  std::vector<ReplicationResult> all;
  for (int replication = 0; replication < 10; ++replication) {
    Recording r(small_pipeline(), config);
    // A hole from 140 s to 240 s in every fifth.
    const double hole = replication % 5 == 0 ? 90 : 0;
    for (int i = 0; i < 39; ++i) {
      const double at = i < 15 ? i * 10 : hole + i * 10;
      if (at < 390) r.serve(at, at + 1, "run-" + std::to_string(i), PriorityLevel::LOW);
    }
    all.push_back(r.recorder.finish(at_s(390)));
  }
  const ExpectationResult result = evaluate(e, report_on_drawn(all), all);
  EXPECT_EQ(result.in_replications->held, 8U);
  EXPECT_EQ(result.in_replications->missed, 2U);
  EXPECT_EQ(result.status, Status::passed) << result.reason;
}

TEST(SlidingWindows, TheWorstWindowDecides) {
  const auto e = expectation("throughput.rate > 2/min over 60s");
  RecorderConfig config;
  watch_for({e}, config);
  Recording r(small_pipeline(), config);
  for (int i = 0; i < 30; ++i) {
    const double at = i < 15 ? i * 10 : 90 + i * 10;  // a hole from 140 s to 240 s
    r.serve(at, at + 1, "run-" + std::to_string(i), PriorityLevel::LOW);
  }
  Report report = combine({}, names(), std::vector{r.recorder.finish(at_s(400))});
  ASSERT_EQ(report.windows.size(), 1U);
  EXPECT_EQ(report.windows[0].highest.value, 6);
  EXPECT_EQ(report.windows[0].lowest.value, 0);
  EXPECT_EQ(evaluate(e, report).status, Status::failed);
  EXPECT_EQ(status("throughput.rate > 1/min", report), Status::passed);
}

TEST(Slices, AnyCombinationOfLabelsCanBeAsked) {
  const auto e = expectation("wait.max{workflow=claims, level=LOW, workspace=acme} < 10s");
  RecorderConfig config;
  watch_for({e}, config);
  Recording r(small_pipeline(2), config);
  r.accept(0, "a", PriorityLevel::LOW, 0);
  r.accept(0, "b", PriorityLevel::LOW, 1);
  r.dispatch(4, "a");
  r.dispatch(20, "b");
  const Report report = combine({}, names(), std::vector{r.recorder.finish(at_s(30))});
  EXPECT_EQ(evaluate(e, report).figure->value, 4);
  EXPECT_EQ(evaluate(e, report).status, Status::passed);
}

TEST(Reaches, CountWhatHappened) {
  Recording r(small_pipeline(1, 1));
  r.accept(0, "low", PriorityLevel::LOW);
  r.accept(1, "high", PriorityLevel::HIGH);
  r.dispatch(2, "high");
  r.dispatch(3, "low");
  const Report report = combine({}, names(), std::vector{r.recorder.finish(at_s(10))});
  const auto count = [&](std::string_view sentence) {
    return evaluate(*parse_reach(sentence), report).count;
  };
  EXPECT_EQ(count("a LOW run waited while a HIGH run was dispatched"), 1U);
  EXPECT_EQ(count("a HIGH run waited while a LOW run was dispatched"), 0U);
  EXPECT_EQ(count("the queue emptied after a backlog"), 1U);
  EXPECT_EQ(count("a run was parked on a credential"), 0U);
}

}  // namespace
}  // namespace sluice::test
