// The two endpoints that show what a run left behind: `/files/<token>/<file name>` (no key needed)
// and GET /run/{session_id}/debug-snapshots/{node_id} (contract 1.7).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/time.hpp"
#include "http/message.hpp"
#include "mock_api/artifacts/artifact_urls.hpp"
#include "mock_api/runs/run_documents.hpp"
#include "mock_api/runs/served_run.hpp"

namespace sluice {

/// Refers to its parts, which must outlive it.
class ArtifactApi {
 public:
  ArtifactApi(const RunDocuments& documents, const RunNames& names, const ArtifactUrls& urls,
              Duration snapshot_lifetime)
      : documents_(documents), names_(names), urls_(urls), lifetime_(snapshot_lifetime) {}

  /// 200 with the artifact's bytes, the same for the same URL; 403 for a bad signature or when it
  /// expired; 404 otherwise. `token` and `file_name`: the path's two last segments.
  HttpReply file(Time now, std::string_view token, std::string_view file_name) const;
  /// `run` is the caller's own.
  HttpReply debug_snapshots(Time now, const ServedRun& run, std::string_view node_id) const;

 private:
  /// JSON: the page as the step began, of the last attempt that came to it; null without `debug`.
  std::string page_snapshot_url(Time now, const ServedRun& run, std::uint32_t step) const;
  /// 0: none did.
  std::uint16_t last_attempt_at(const ServedRun& run, std::uint32_t step) const;

  const RunDocuments& documents_;
  const RunNames& names_;
  const ArtifactUrls& urls_;
  Duration lifetime_;
};

}  // namespace sluice
