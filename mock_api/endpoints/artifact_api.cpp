#include "mock_api/endpoints/artifact_api.hpp"

#include <array>
#include <optional>
#include <string>
#include <utility>

#include "mock_api/artifacts/picture.hpp"
#include "mock_api/artifacts/video.hpp"
#include "mock_api/contract/error_body.hpp"
#include "mock_api/contract/stringify.hpp"

namespace sluice {
namespace {

std::string run_text(const ArtifactName& name) { return "Run " + std::to_string(name.run); }

std::string step_text(const ArtifactName& name) {
  return std::string(name.of_error ? "Error " : "Step ") + std::to_string(name.step + 1);
}

std::string page_html(const ArtifactName& name) {
  const std::string title = run_text(name) + ", step " + std::to_string(name.step + 1);
  return "<!DOCTYPE html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\"><title>" + title +
         "</title></head>\n<body>\n<h1>" + title + "</h1>\n<p>Attempt " +
         std::to_string(name.attempt) +
         ", the page as the step begins.</p>\n"
         "<form><label>Value <input name=\"value\"></label> <button>Next</button></form>\n"
         "</body>\n</html>\n";
}

std::string live_html(const ArtifactName& name) {
  return "<!DOCTYPE html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\"><title>Live view of " +
         run_text(name) + "</title></head>\n<body><p>" + run_text(name) + ", attempt " +
         std::to_string(name.attempt) + ", is being watched.</p></body>\n</html>\n";
}

std::string film(const ArtifactName& name) {
  const std::array<std::string, 3> scenes{run_text(name), "Try " + std::to_string(name.attempt),
                                          "The end"};
  return video_mp4(scenes);
}

std::string_view file_type(std::string_view file_name) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 6> types{{
      {".csv", "text/csv; charset=utf-8"},
      {".html", "text/html; charset=utf-8"},
      {".json", "application/json"},
      {".jpg", "image/jpeg"},
      {".mp4", "video/mp4"},
      {".txt", "text/plain; charset=utf-8"},
  }};
  for (const auto& [ending, type] : types)
    if (file_name.ends_with(ending)) return type;
  return "application/octet-stream";
}

/// What a downloaded file says, in the form that its name promises.
std::string file_text(const ArtifactName& name, std::string_view file_name) {
  const std::string run = std::to_string(name.run), attempt = std::to_string(name.attempt);
  if (file_name.ends_with(".csv")) return "run,attempt\n" + run + ',' + attempt + '\n';
  if (file_name.ends_with(".json")) return "{\"run\":" + run + ",\"attempt\":" + attempt + "}\n";
  if (file_name.ends_with(".jpg")) return picture_jpeg(run_text(name));
  return "File of run " + run + ", attempt " + attempt + ".\n";
}

HttpReply content_reply(std::string_view type, std::string body) {
  HttpReply reply;
  reply.content_type = type;
  reply.body = std::move(body);
  return reply;
}

HttpReply content_of(const ArtifactName& name, std::string_view file_name) {
  switch (name.kind) {
    case ArtifactKind::screenshot:
      return content_reply("image/jpeg", picture_jpeg(run_text(name) + ' ' + step_text(name)));
    case ArtifactKind::video:
      return content_reply("video/mp4", film(name));
    case ArtifactKind::page_snapshot:
      return content_reply("text/html; charset=utf-8", page_html(name));
    case ArtifactKind::live_view:
      return content_reply("text/html; charset=utf-8", live_html(name));
    case ArtifactKind::file:
      break;
  }
  return content_reply(file_type(file_name), file_text(name, file_name));
}

}  // namespace

HttpReply ArtifactApi::file(Time now, std::string_view token, std::string_view file_name) const {
  const AskedArtifact asked = urls_.asked(now, token, file_name);
  switch (asked.refusal) {
    case AskedArtifact::Refusal::malformed:
      return error_reply(404, "File not found");
    case AskedArtifact::Refusal::bad_signature:
      return error_reply(403, "Signature does not match");
    case AskedArtifact::Refusal::expired:
      return error_reply(403, "URL has expired");
    case AskedArtifact::Refusal::none:
      break;
  }
  return content_of(asked.name, asked.file_name);
}

HttpReply ArtifactApi::debug_snapshots(Time now, const ServedRun& run,
                                       std::string_view node_id) const {
  const std::optional<std::uint32_t> step = names_.step_of(run, node_id);
  if (!step) return not_found_reply("Node", node_id);
  return json_reply(200, JsonObjectText()
                             .text("session_id", run.session_id)
                             .text("node_id", node_id)
                             .raw("page_snapshot_url", page_snapshot_url(now, run, *step))
                             .raw("screenshots", documents_.screenshots_of_step(now, run, *step))
                             .take());
}

std::string ArtifactApi::page_snapshot_url(Time now, const ServedRun& run,
                                           std::uint32_t step) const {
  const std::uint16_t attempt = run.settings.debug ? last_attempt_at(run, step) : 0;
  if (attempt == 0) return "null";
  const ArtifactName name{ArtifactKind::page_snapshot, run.number, step, attempt, false};
  return quoted_json(urls_.url(now, name, "page.html", lifetime_).url);
}

std::uint16_t ArtifactApi::last_attempt_at(const ServedRun& run, std::uint32_t step) const {
  const bool is_end = names_.node(run, step).action == "END";
  if (is_end && run.status != RunStatus::success) return 0;
  const bool is_running = run.status == RunStatus::start;
  for (std::size_t i = run.attempts.size(); i > 0; --i) {
    const bool is_current = is_running && i == run.attempts.size();
    if (step <= (is_current ? run.steps_done : run.attempts[i - 1].steps_done))
      return static_cast<std::uint16_t>(i);
  }
  return 0;
}

}  // namespace sluice
