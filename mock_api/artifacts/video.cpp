#include "mock_api/artifacts/video.hpp"

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/check.hpp"
#include "mock_api/artifacts/picture.hpp"

namespace sluice {
namespace {

using namespace std::string_literals;

constexpr PictureSize kSize{80, 45};
constexpr std::uint32_t kMillisecondsPerFrame = 1000;

std::string bytes(std::uint64_t value, unsigned count) {
  std::string text;
  while (count > 0) text += static_cast<char>(value >> 8 * --count & 0xFF);
  return text;
}
std::string u16(std::uint64_t value) { return bytes(value, 2); }
std::string u32(std::uint64_t value) { return bytes(value, 4); }
std::string zeros(std::size_t count) { return std::string(count, '\0'); }

std::string box(std::string_view type, std::string_view content) {
  return u32(content.size() + 8).append(type).append(content);
}
/// A box with version 0 and flags.
std::string full_box(std::string_view type, std::uint32_t flags, std::string_view content) {
  return box(type, u32(flags).append(content));
}

/// The unity matrix of a movie or track header.
std::string unity() {
  return u32(0x10000) + zeros(12) + u32(0x10000) + zeros(12) + u32(0x40000000);
}

std::string movie_header(std::uint32_t duration) {
  return full_box("mvhd", 0,
                  zeros(8) + u32(1000) + u32(duration) + u32(0x10000) + u16(0x100) + zeros(10) +
                      unity() + zeros(24) + u32(2));
}

std::string track_header(std::uint32_t duration) {
  return full_box("tkhd", 7,
                  zeros(8) + u32(1) + zeros(4) + u32(duration) + zeros(16) + unity() +
                      u32(std::uint32_t{kSize.columns} * 8 << 16) +
                      u32(std::uint32_t{kSize.rows} * 8 << 16));
}

/// Elementary stream descriptor: object type 0x6C is JPEG, stream type 4 is visual.
std::string stream_descriptor() {
  const std::string decoder = "\x04\x0D\x6C\x11"s + zeros(3) + zeros(8);
  const std::string layer = "\x06\x01\x02"s;
  const std::string stream = u16(1) + zeros(1) + decoder + layer;
  return full_box("esds", 0, "\x03"s + static_cast<char>(stream.size()) + stream);
}

std::string sample_description() {
  const std::string entry = zeros(6) + u16(1) + zeros(16) + u16(std::uint64_t{kSize.columns} * 8) +
                            u16(std::uint64_t{kSize.rows} * 8) + u32(0x480000) + u32(0x480000) +
                            zeros(4) + u16(1) + zeros(32) + u16(24) + u16(0xFFFF) +
                            stream_descriptor();
  return full_box("stsd", 0, u32(1) + box("mp4v", entry));
}

/// All frames are one chunk, which begins at `offset` of the file.
std::string sample_table(const std::vector<std::string>& frames, std::size_t offset) {
  std::string sizes = u32(0) + u32(frames.size());
  for (const std::string& frame : frames) sizes += u32(frame.size());
  return box("stbl",
             sample_description() +
                 full_box("stts", 0, u32(1) + u32(frames.size()) + u32(kMillisecondsPerFrame)) +
                 full_box("stsc", 0, u32(1) + u32(1) + u32(frames.size()) + u32(1)) +
                 full_box("stsz", 0, sizes) + full_box("stco", 0, u32(1) + u32(offset)));
}

std::string movie(const std::vector<std::string>& frames, std::size_t offset) {
  const auto duration = static_cast<std::uint32_t>(frames.size()) * kMillisecondsPerFrame;
  const std::string data_here = box("dinf", full_box("dref", 0, u32(1) + full_box("url ", 1, "")));
  const std::string media_information =
      box("minf", full_box("vmhd", 1, zeros(8)) + data_here + sample_table(frames, offset));
  const std::string language = u16(0x55C4);  // undetermined
  const std::string media =
      box("mdia", full_box("mdhd", 0, zeros(8) + u32(1000) + u32(duration) + language + zeros(2)) +
                      full_box("hdlr", 0, zeros(4) + "vide" + zeros(12) + "video"s + zeros(1)) +
                      media_information);
  return box("moov", movie_header(duration) + box("trak", track_header(duration) + media));
}

}  // namespace

std::string video_mp4(std::span<const std::string> texts) {
  SLUICE_REQUIRE(!texts.empty(), "a video has a frame");
  std::vector<std::string> frames;
  std::string data;
  for (const std::string& text : texts) data += frames.emplace_back(picture_jpeg(text, kSize));
  const std::string type = box("ftyp", "isom" + u32(0x200) + "isomiso2mp41");
  constexpr std::size_t box_header = 8;
  const std::size_t offset = type.size() + movie(frames, 0).size() + box_header;
  return type + movie(frames, offset) + box("mdat", data);
}

}  // namespace sluice
