#include "base/text/display_text.hpp"

#include <gtest/gtest.h>

namespace sluice {
namespace {

TEST(Printable, LeavesOrdinaryTextAlone) {
  EXPECT_EQ(printable("acme · σ ≥ 1 漢字 é 🚀"), "acme · σ ≥ 1 漢字 é 🚀");
}

TEST(Printable, ReplacesWhatMovesTheCursorOrHidesText) {
  EXPECT_EQ(printable("a\x1b[31mb\r\n\a"), "a\uFFFD[31mb\uFFFD\uFFFD\uFFFD");
  EXPECT_EQ(printable("\u202Eexe.gnp"), "\uFFFDexe.gnp");
  EXPECT_EQ(printable("a\u200Bb\u2028c\u009Bd"), "a\uFFFDb\uFFFDc\uFFFDd");
  EXPECT_EQ(printable("a\tb"), "a b");
}

TEST(Printable, ReplacesBrokenUtf8) {
  EXPECT_EQ(printable("\xff"
                      "a\xc3"),
            "\uFFFDa\uFFFD");
  EXPECT_EQ(printable("\xed\xa0\x80"), "\uFFFD\uFFFD\uFFFD") << "a surrogate";
  EXPECT_EQ(printable("\xc0\xaf"), "\uFFFD\uFFFD") << "overlong";
}

TEST(Printable, KeepsAtMostThreeMarksOnASign) {
  EXPECT_EQ(printable("e\u0301\u0301\u0301\u0301\u0301x"), "e\u0301\u0301\u0301x");
}

TEST(DisplayColumns, CountsColumnsNotBytes) {
  EXPECT_EQ(display_columns(""), 0u);
  EXPECT_EQ(display_columns("≥2h10m"), 6u);
  EXPECT_EQ(display_columns("漢字"), 4u);
  EXPECT_EQ(display_columns("e\u0301"), 1u);
  EXPECT_EQ(display_columns("🚀"), 2u);
  EXPECT_EQ(display_columns("\x1b[1;31mred\x1b[0m"), 3u) << "our own colour codes take no room";
}

TEST(Clipped, MarksWhatWasCut) {
  EXPECT_EQ(clipped("tenant-100", 10), "tenant-100");
  EXPECT_EQ(clipped("tenant-1000", 10), "tenant-...");
  EXPECT_EQ(clipped("tenänt-1000", 10), "tenänt-10…");
  EXPECT_EQ(clipped("漢字漢字", 6), "漢字…") << "a wide sign is not cut in half";
  EXPECT_EQ(clipped("abc", 2), "ab");
  EXPECT_EQ(clipped("abc", 0), "");
}

TEST(Clipped, EndsColoursThatItCuts) {
  EXPECT_EQ(clipped("\x1b[1mabcdef\x1b[0m", 4), "\x1b[1ma\x1b[0m...");
}

TEST(ClippedMiddle, KeepsBothEnds) {
  EXPECT_EQ(clipped_middle("tenant-100", 10), "tenant-100");
  EXPECT_EQ(clipped_middle("resource-group-eu-west-1 LOW", 15), "resour...-1 LOW");
  EXPECT_EQ(clipped_middle("resource-group-eu-west-2 LÖW", 15), "resourc…t-2 LÖW");
  EXPECT_EQ(clipped_middle("漢字漢字漢字", 8), "漢字…字") << "a wide sign is not cut in half";
  EXPECT_EQ(clipped_middle("abcdef", 3), "...");
  EXPECT_EQ(clipped_middle("abc", 0), "");
}

TEST(Padded, FillsToExactlyTheWidth) {
  EXPECT_EQ(padded("ab", 4, Align::left), "ab  ");
  EXPECT_EQ(padded("≥2", 4, Align::right), "  ≥2");
  EXPECT_EQ(display_columns(padded("漢字漢字", 6, Align::left)), 6u);
}

TEST(Wrapped, BreaksAtSpaces) {
  EXPECT_EQ(wrapped("one two three", 7), (std::vector<std::string>{"one two", "three"}));
  EXPECT_EQ(wrapped("a bc 64 % of", 8), (std::vector<std::string>{"a bc", "64 % of"}));
  EXPECT_EQ(wrapped("", 7), std::vector<std::string>{""});
  EXPECT_EQ(wrapped("abcdefghij k", 5), (std::vector<std::string>{"ab...", "k"}));
}

TEST(ToAscii, SpellsOurSignsOut) {
  EXPECT_EQ(to_ascii("σ ≥ 1 · ±3 … θ"), "sigma >= 1 - +-3 ... theta");
  EXPECT_EQ(to_ascii("e\u0301 漢"), "e ?");
}

}  // namespace
}  // namespace sluice
