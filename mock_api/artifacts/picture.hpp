// Small JPEG pictures of one line of text, made on demand: what a screenshot of the mock shows.
//
// Baseline JPEG (ITU-T T.81), grey, of 8×8 blocks in one shade each, so that the DC coefficients
// are all there is to code: a few hundred bytes.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace sluice {

/// Size in blocks of 8 by 8 pixels.
struct PictureSize {
  std::uint16_t columns = 80;
  std::uint16_t rows = 45;
};

/// Bytes of a JPEG file with `text` in its middle: digits, capital letters (small ones count as
/// capital), `-`, `.`, `:`, `/` and spaces; what does not fit is cut. O(blocks).
std::string picture_jpeg(std::string_view text, PictureSize size = {});

}  // namespace sluice
