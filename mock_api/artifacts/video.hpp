// Small films made on demand: what a screen recording of the mock shows.
//
// An MP4 file (ISO/IEC 14496-12 and -14) whose one track is motion JPEG, a picture a second.
#pragma once

#include <span>
#include <string>

namespace sluice {

/// Bytes of an MP4 file with one second per text; see picture_jpeg. REQUIRES: not empty.
std::string video_mp4(std::span<const std::string> texts);

}  // namespace sluice
