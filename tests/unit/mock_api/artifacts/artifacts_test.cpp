// What a run leaves behind: signed URLs, the bytes behind them, and debug snapshots.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <string>
#include <vector>

#include "base/text/json.hpp"
#include "http/query_string.hpp"
#include "mock_api/artifacts/picture.hpp"
#include "mock_api/artifacts/video.hpp"
#include "mock_api/endpoints/artifact_api.hpp"
#include "tests/unit/mock_api/events/sample_runs.hpp"

namespace sluice {
namespace {

using namespace literals;
using testing::HasSubstr;
using testing::StartsWith;

class ArtifactsTest : public testing::Test {
 protected:
  HttpReply get(Time now, const std::string& url) const {
    EXPECT_THAT(url, StartsWith(urls.base() + "/files/"));
    const RequestTarget target = split_target(url.substr(urls.base().size()));
    return api.file(now, target.segments.at(1), target.segments.at(2));
  }
  std::string url_of(const ArtifactName& name, std::string_view file_name) const {
    return urls.url(at(0_s), name, file_name).url;
  }

  SampleNames names;
  ArtifactUrls urls{kSampleEpoch, 1, 2_h};
  RunDocuments documents{kSampleEpoch, names, urls};
  ArtifactApi api{documents, names, urls, 1_h};
  ServedRun run = sample_run(17);
};

constexpr ArtifactName kShot{ArtifactKind::screenshot, 17, 2, 1, false};

TEST_F(ArtifactsTest, AUrlIsGoodUntilItExpires) {
  const SignedUrl signed_url = urls.url(at(0_s), kShot, "a.jpg");
  EXPECT_EQ(signed_url.expires, "2024-08-18T19:34:23.000000Z");
  const HttpReply reply = get(at(2_h), signed_url.url);
  EXPECT_EQ(reply.status, 200U);
  EXPECT_EQ(reply.content_type, "image/jpeg");
  EXPECT_EQ(reply.body, get(at(1_s), signed_url.url).body) << "the same bytes each time";
  EXPECT_EQ(get(at(2_h) + 1_s, signed_url.url).status, 403U);
}

TEST_F(ArtifactsTest, AUrlThatWasChangedIsRefused) {
  const std::string url = url_of(kShot, "a.jpg");
  std::string other_step = url;
  other_step.replace(other_step.find("-17-2-"), 6, "-17-3-");
  EXPECT_EQ(get(at(0_s), other_step).status, 403U);
  EXPECT_EQ(get(at(0_s), url + "x").status, 403U);
  const ArtifactUrls others{kSampleEpoch, 2, 2_h};
  EXPECT_EQ(get(at(0_s), others.url(at(0_s), kShot, "a.jpg").url).status, 403U);
}

TEST_F(ArtifactsTest, NonsenseIsNotFound) {
  for (const char* token :
       {"", "s", "s-1-2-3-0-9", "x-1-2-3-0-9-abc", "s-1-2-3-2-9-abc", "s--2-3-0-9-abc",
        "s-1-2-3-0--9-abc", "s-99999999999999999999-2-3-0-9-a", "s-1-2-3-0-9-a-b", "-------",
        "ss-1-2-3-0-9-a"})
    EXPECT_EQ(api.file(at(0_s), token, "a.jpg").status, 404U) << token;
}

TEST_F(ArtifactsTest, FileNamesMayHoldAnything) {
  const ArtifactName file{ArtifactKind::file, 17, 0, 1, false};
  for (const char* name : {"two words.txt", "a/b.txt", "ä%.txt", "?#&.txt"}) {
    const HttpReply reply = get(at(0_s), url_of(file, name));
    EXPECT_EQ(reply.status, 200U) << name;
    EXPECT_EQ(reply.body, "File of run 17, attempt 1.\n");
  }
}

TEST_F(ArtifactsTest, ContentIsWhatTheNamePromises) {
  const ArtifactName file{ArtifactKind::file, 17, 0, 1, false};
  EXPECT_EQ(get(at(0_s), url_of(file, "a.csv")).content_type, "text/csv; charset=utf-8");
  EXPECT_EQ(Json::parse(get(at(0_s), url_of(file, "a.json")).body)["run"], 17);
  EXPECT_EQ(get(at(0_s), url_of(file, "a.pdf")).content_type, "application/octet-stream");
  const ArtifactName live{ArtifactKind::live_view, 17, 0, 1, false};
  EXPECT_THAT(get(at(0_s), url_of(live, "live.html")).body, StartsWith("<!DOCTYPE html>"));
}

// -- debug snapshots

TEST_F(ArtifactsTest, WithoutDebugThereIsNoPageSnapshot) {
  run.attempts.push_back({.start = at(0_s), .steps_done = 3});
  EXPECT_EQ(api.debug_snapshots(at(0_s), run, "node-1").body,
            R"({"session_id":"s-17","node_id":"node-1","page_snapshot_url":null,)"
            R"("screenshots":[]})");
}

TEST_F(ArtifactsTest, ADebugRunHasThePageAsEachNodeBegan) {
  run.settings.debug = true;
  run.attempts.push_back({.start = at(0_s), .steps_done = 2});
  run.artifacts.push_back({.step = 1, .created = at(1_s)});
  const Json body = Json::parse(api.debug_snapshots(at(5_s), run, "node-1").body);
  const HttpReply page = get(at(1_h), body["page_snapshot_url"].get<std::string>());
  EXPECT_EQ(page.content_type, "text/html; charset=utf-8");
  EXPECT_THAT(page.body, HasSubstr("<h1>Run 17, step 2</h1>"));
  EXPECT_EQ(get(at(2_h), body["page_snapshot_url"].get<std::string>()).status, 403U);
  ASSERT_EQ(body["screenshots"].size(), 1U);
  const HttpReply shot =
      get(at(1_h), body["screenshots"][0]["signed_screenshot_url"].get<std::string>());
  EXPECT_EQ(shot.content_type, "image/jpeg");
}

TEST_F(ArtifactsTest, NodesThatWereNotReachedHaveNone) {
  run.settings.debug = true;
  run.attempts.push_back({.start = at(0_s), .steps_done = 1});
  const auto snapshot = [&](const char* node) {
    return Json::parse(api.debug_snapshots(at(0_s), run, node).body)["page_snapshot_url"];
  };
  EXPECT_TRUE(snapshot("node-1").is_string()) << "it failed there";
  EXPECT_TRUE(snapshot("node-2").is_null());
  run.attempts[0].steps_done = 3;
  run.status = RunStatus::failed;
  EXPECT_TRUE(snapshot("node-end").is_null()) << "never of END in a failed run";
  run.status = RunStatus::success;
  EXPECT_TRUE(snapshot("node-end").is_string());
}

TEST_F(ArtifactsTest, OfARunUnderWayTheStepsSoFar) {
  run.settings.debug = true;
  run.status = RunStatus::start;
  run.attempts.push_back({.start = at(0_s)});
  run.steps_done = 1;
  const auto snapshot = [&](const char* node) {
    return Json::parse(api.debug_snapshots(at(0_s), run, node).body)["page_snapshot_url"];
  };
  EXPECT_TRUE(snapshot("node-1").is_string());
  EXPECT_TRUE(snapshot("node-2").is_null());
}

TEST_F(ArtifactsTest, AnUnknownNodeIsNotFound) {
  EXPECT_EQ(api.debug_snapshots(at(0_s), run, "nobody").status, 404U);
}

// -- the bytes

/// Length and content of the JPEG's segments up to its scan; fails on anything malformed.
std::vector<std::uint8_t> markers_of(const std::string& jpeg) {
  std::vector<std::uint8_t> markers;
  std::size_t position = 2;
  while (position + 4 <= jpeg.size()) {
    EXPECT_EQ(jpeg[position], '\xFF');
    markers.push_back(static_cast<std::uint8_t>(jpeg[position + 1]));
    const auto high = static_cast<std::uint8_t>(jpeg[position + 2]);
    const auto low = static_cast<std::uint8_t>(jpeg[position + 3]);
    position += 2 + (std::size_t{high} << 8 | low);
    if (markers.back() == 0xDA) break;
  }
  return markers;
}

TEST(PictureTest, IsABaselineJpeg) {
  const std::string jpeg = picture_jpeg("Step 3");
  EXPECT_TRUE(jpeg.starts_with("\xFF\xD8\xFF\xE0") && jpeg.ends_with("\xFF\xD9"));
  EXPECT_THAT(markers_of(jpeg), testing::ElementsAre(0xE0, 0xDB, 0xC0, 0xC4, 0xC4, 0xDA));
  EXPECT_LT(jpeg.size(), 6000U);
}

TEST(PictureTest, DiffersByItsText) {
  EXPECT_NE(picture_jpeg("Step 3"), picture_jpeg("Step 4"));
  EXPECT_EQ(picture_jpeg("step 3"), picture_jpeg("STEP 3"));
}

TEST(PictureTest, LongTextAndSmallPicturesAreCut) {
  EXPECT_GT(picture_jpeg(std::string(1000, 'M')).size(), 100U);
  EXPECT_GT(picture_jpeg("MMM", {1, 1}).size(), 100U);
}

TEST(VideoTest, BoxesFillTheFileAndTheFramesAreWhereTheTableSays) {
  const std::array<std::string, 2> texts{"One", "Two"};
  const std::string mp4 = video_mp4(texts);
  const auto number = [&mp4](std::size_t at) {
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < 4; ++i) value = value << 8 | static_cast<std::uint8_t>(mp4[at + i]);
    return value;
  };
  std::vector<std::string> boxes;
  for (std::size_t at = 0; at < mp4.size(); at += number(at))
    boxes.push_back(mp4.substr(at + 4, 4));
  EXPECT_THAT(boxes, testing::ElementsAre("ftyp", "moov", "mdat"));
  const std::size_t offset = number(mp4.find("stco") + 12);
  const std::size_t first_size = number(mp4.find("stsz") + 16);
  EXPECT_EQ(mp4.substr(offset, first_size), picture_jpeg("One"));
  EXPECT_EQ(mp4.substr(offset + first_size), picture_jpeg("Two"));
}

}  // namespace
}  // namespace sluice
