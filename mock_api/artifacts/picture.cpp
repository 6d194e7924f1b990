#include "mock_api/artifacts/picture.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdlib>
#include <span>
#include <vector>

namespace sluice {
namespace {

constexpr std::size_t kGlyphWidth = 5, kGlyphHeight = 7;
constexpr int kPaper = 225, kInk = 40;

struct Glyph {
  char character;
  std::array<std::uint8_t, kGlyphHeight> rows;  // five bits each, the leftmost highest
};

constexpr std::array<Glyph, 40> kGlyphs{{
    {'0', {0x0E, 0x11, 0x13, 0x15, 0x19, 0x11, 0x0E}},
    {'1', {0x04, 0x0C, 0x04, 0x04, 0x04, 0x04, 0x0E}},
    {'2', {0x0E, 0x11, 0x01, 0x02, 0x04, 0x08, 0x1F}},
    {'3', {0x1F, 0x02, 0x04, 0x02, 0x01, 0x11, 0x0E}},
    {'4', {0x02, 0x06, 0x0A, 0x12, 0x1F, 0x02, 0x02}},
    {'5', {0x1F, 0x10, 0x1E, 0x01, 0x01, 0x11, 0x0E}},
    {'6', {0x06, 0x08, 0x10, 0x1E, 0x11, 0x11, 0x0E}},
    {'7', {0x1F, 0x01, 0x02, 0x04, 0x08, 0x08, 0x08}},
    {'8', {0x0E, 0x11, 0x11, 0x0E, 0x11, 0x11, 0x0E}},
    {'9', {0x0E, 0x11, 0x11, 0x0F, 0x01, 0x02, 0x0C}},
    {'A', {0x0E, 0x11, 0x11, 0x1F, 0x11, 0x11, 0x11}},
    {'B', {0x1E, 0x11, 0x11, 0x1E, 0x11, 0x11, 0x1E}},
    {'C', {0x0E, 0x11, 0x10, 0x10, 0x10, 0x11, 0x0E}},
    {'D', {0x1E, 0x11, 0x11, 0x11, 0x11, 0x11, 0x1E}},
    {'E', {0x1F, 0x10, 0x10, 0x1E, 0x10, 0x10, 0x1F}},
    {'F', {0x1F, 0x10, 0x10, 0x1E, 0x10, 0x10, 0x10}},
    {'G', {0x0E, 0x11, 0x10, 0x17, 0x11, 0x11, 0x0F}},
    {'H', {0x11, 0x11, 0x11, 0x1F, 0x11, 0x11, 0x11}},
    {'I', {0x0E, 0x04, 0x04, 0x04, 0x04, 0x04, 0x0E}},
    {'J', {0x07, 0x02, 0x02, 0x02, 0x02, 0x12, 0x0C}},
    {'K', {0x11, 0x12, 0x14, 0x18, 0x14, 0x12, 0x11}},
    {'L', {0x10, 0x10, 0x10, 0x10, 0x10, 0x10, 0x1F}},
    {'M', {0x11, 0x1B, 0x15, 0x15, 0x11, 0x11, 0x11}},
    {'N', {0x11, 0x19, 0x15, 0x13, 0x11, 0x11, 0x11}},
    {'O', {0x0E, 0x11, 0x11, 0x11, 0x11, 0x11, 0x0E}},
    {'P', {0x1E, 0x11, 0x11, 0x1E, 0x10, 0x10, 0x10}},
    {'Q', {0x0E, 0x11, 0x11, 0x11, 0x15, 0x12, 0x0D}},
    {'R', {0x1E, 0x11, 0x11, 0x1E, 0x14, 0x12, 0x11}},
    {'S', {0x0F, 0x10, 0x10, 0x0E, 0x01, 0x01, 0x1E}},
    {'T', {0x1F, 0x04, 0x04, 0x04, 0x04, 0x04, 0x04}},
    {'U', {0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x0E}},
    {'V', {0x11, 0x11, 0x11, 0x11, 0x11, 0x0A, 0x04}},
    {'W', {0x11, 0x11, 0x11, 0x15, 0x15, 0x1B, 0x11}},
    {'X', {0x11, 0x11, 0x0A, 0x04, 0x0A, 0x11, 0x11}},
    {'Y', {0x11, 0x11, 0x0A, 0x04, 0x04, 0x04, 0x04}},
    {'Z', {0x1F, 0x01, 0x02, 0x04, 0x08, 0x10, 0x1F}},
    {'-', {0x00, 0x00, 0x00, 0x1F, 0x00, 0x00, 0x00}},
    {'.', {0x00, 0x00, 0x00, 0x00, 0x00, 0x0C, 0x0C}},
    {':', {0x00, 0x0C, 0x0C, 0x00, 0x0C, 0x0C, 0x00}},
    {'/', {0x01, 0x01, 0x02, 0x04, 0x08, 0x10, 0x10}},
}};

const Glyph* glyph_of(char c) {
  const char upper = c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
  const auto found = std::find_if(kGlyphs.begin(), kGlyphs.end(),
                                  [upper](const Glyph& each) { return each.character == upper; });
  return found == kGlyphs.end() ? nullptr : &*found;
}

/// One shade per block, rows from the top.
struct Blocks {
  PictureSize size;
  std::vector<int> shades;

  explicit Blocks(PictureSize of) : size(of), shades(std::size_t{of.columns} * of.rows, kPaper) {}
  void ink(std::size_t column, std::size_t row) {
    if (column < size.columns && row < size.rows) shades[row * size.columns + column] = kInk;
  }
};

void draw(Blocks& blocks, const Glyph& glyph, std::size_t column, std::size_t row) {
  for (std::size_t y = 0; y < kGlyphHeight; ++y)
    for (std::size_t x = 0; x < kGlyphWidth; ++x)
      if ((glyph.rows[y] >> (kGlyphWidth - 1 - x) & 1) != 0) blocks.ink(column + x, row + y);
}

Blocks drawn(std::string_view text, PictureSize size) {
  constexpr std::size_t pitch = kGlyphWidth + 1;
  Blocks blocks(size);
  text = text.substr(0, size.columns / pitch);
  const std::size_t left = (size.columns - text.size() * pitch) / 2;
  const std::size_t top = size.rows > kGlyphHeight ? (size.rows - kGlyphHeight) / 2 : 0;
  for (std::size_t i = 0; i < text.size(); ++i)
    if (const Glyph* glyph = glyph_of(text[i])) draw(blocks, *glyph, left + i * pitch, top);
  return blocks;
}

/// Bits into bytes, the highest first; a byte of ones is followed by a zero (T.81, B.1.1.5).
class BitWriter {
 public:
  explicit BitWriter(std::string& out) : out_(out) {}

  void put(std::uint32_t bits, unsigned count) {
    while (count > 0) {
      --count;
      byte_ = static_cast<std::uint8_t>(byte_ << 1 | (bits >> count & 1));
      if (++filled_ == 8) flush();
    }
  }
  /// Fills the last byte with ones.
  void finish() {
    while (filled_ != 0) put(1, 1);
  }

 private:
  void flush() {
    out_ += static_cast<char>(byte_);
    if (byte_ == 0xFF) out_ += '\0';
    filled_ = 0;
    byte_ = 0;
  }

  std::string& out_;
  std::uint8_t byte_ = 0;
  unsigned filled_ = 0;
};

/// A Huffman table in which all symbols have codes of four bits: 0000, 0001, … (at most 15).
std::string table_segment(std::uint8_t table_class, std::span<const std::uint8_t> symbols) {
  std::string segment(1, static_cast<char>(table_class << 4));
  segment += std::string(3, '\0') + static_cast<char>(symbols.size()) + std::string(12, '\0');
  for (const std::uint8_t symbol : symbols) segment += static_cast<char>(symbol);
  return segment;
}

constexpr std::array<std::uint8_t, 12> kCategories{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11};
constexpr std::array<std::uint8_t, 1> kEndOfBlock{0};
constexpr unsigned kCodeLength = 4;

void put_difference(BitWriter& bits, int difference) {
  unsigned category = 0;
  while (std::abs(difference) >> category != 0) ++category;
  bits.put(category, kCodeLength);
  const int value = difference < 0 ? difference + (1 << category) - 1 : difference;
  bits.put(static_cast<std::uint32_t>(value), category);
}

/// A block of shade s has the DC coefficient 8·(s − 128); the quantiser divides it by 8.
void append_scan(std::string& out, const Blocks& blocks) {
  BitWriter bits(out);
  int previous = 0;
  for (const int shade : blocks.shades) {
    put_difference(bits, shade - 128 - previous);
    bits.put(0, kCodeLength);
    previous = shade - 128;
  }
  bits.finish();
}

void append_16(std::string& out, std::size_t value) {
  out += static_cast<char>(value >> 8 & 0xFF);
  out += static_cast<char>(value & 0xFF);
}

void append_segment(std::string& out, std::uint8_t marker, std::string_view content) {
  out += '\xFF';
  out += static_cast<char>(marker);
  append_16(out, content.size() + 2);
  out += content;
}

std::string frame_segment(PictureSize size) {
  std::string segment(1, '\x08');  // bits per sample
  append_16(segment, std::size_t{size.rows} * 8);
  append_16(segment, std::size_t{size.columns} * 8);
  return segment + std::string("\x01\x01\x11\x00", 4);  // one component
}

}  // namespace

std::string picture_jpeg(std::string_view text, PictureSize size) {
  using namespace std::string_literals;
  std::string out = "\xFF\xD8";
  append_segment(out, 0xE0, "JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"s);
  append_segment(out, 0xDB, '\0' + std::string(64, '\x08'));
  append_segment(out, 0xC0, frame_segment(size));
  append_segment(out, 0xC4, table_segment(0, kCategories));
  append_segment(out, 0xC4, table_segment(1, kEndOfBlock));
  append_segment(out, 0xDA, "\x01\x01\x00\x00\x3F\x00"s);
  append_scan(out, drawn(text, size));
  return out + "\xFF\xD9";
}

}  // namespace sluice
