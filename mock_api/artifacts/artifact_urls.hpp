// The URLs behind which a run's screenshots, files, videos and page snapshots are served.
//
// A URL names what it shows and until when, and is signed, so that nothing is stored for it:
// `<base>/files/<token>/<file name>`. Deterministic. Not thread-safe for set_base.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/epoch.hpp"
#include "base/time.hpp"

namespace sluice {

enum class ArtifactKind : std::uint8_t { screenshot, file, video, page_snapshot, live_view };

/// What one URL shows.
struct ArtifactName {
  ArtifactKind kind = ArtifactKind::screenshot;
  std::uint64_t run = 0;   ///< ServedRun::number
  std::uint32_t step = 0;  ///< of the workflow, from 0
  std::uint16_t attempt = 1;
  bool of_error = false;

  bool operator==(const ArtifactName&) const = default;
};

struct SignedUrl {
  std::string url;
  std::string expires;  ///< ISO 8601
};

/// An artifact that a request's path asks for.
struct AskedArtifact {
  enum class Refusal : std::uint8_t { none, malformed, bad_signature, expired };
  Refusal refusal = Refusal::none;
  ArtifactName name;
  std::string file_name;
};

class ArtifactUrls {
 public:
  /// `key`: of signatures, a stream key of the scenario's seed. `lifetime`: of signed URLs.
  ArtifactUrls(const Epoch& epoch, std::uint64_t key, Duration lifetime)
      : epoch_(epoch), key_(key), lifetime_(lifetime) {}

  /// Scheme and authority under which the server can be reached, e.g. `http://127.0.0.1:8080`.
  void set_base(std::string base) { base_ = std::move(base); }
  const std::string& base() const { return base_; }

  SignedUrl url(Time now, const ArtifactName& name, std::string_view file_name) const {
    return url(now, name, file_name, lifetime_);
  }
  SignedUrl url(Time now, const ArtifactName& name, std::string_view file_name,
                Duration lifetime) const;

  /// What the path `/files/<token>/<file name>` asks for at `now`; `token` and `file_name` decoded.
  AskedArtifact asked(Time now, std::string_view token, std::string_view file_name) const;

 private:
  std::string signature(std::string_view fields, std::string_view file_name) const;

  const Epoch& epoch_;
  std::uint64_t key_;
  Duration lifetime_;
  std::string base_ = "http://127.0.0.1";
};

}  // namespace sluice
