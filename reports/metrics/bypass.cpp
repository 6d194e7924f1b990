#include "reports/metrics/bypass.hpp"

#include <algorithm>

#include "reports/metrics/at_end.hpp"
#include "reports/metrics/run_records.hpp"

namespace sluice {

void JoinOrder::set(std::uint32_t position) {
  const std::size_t word = position / 64;
  const std::size_t block = word / kWordsPerBlock;
  const std::size_t shelf = block / kBlocksPerShelf;
  if (shelf >= shelves_.size()) {
    shelves_.push_back(0);
    blocks_.resize(shelves_.size() * kBlocksPerShelf);
    words_.resize(blocks_.size() * kWordsPerBlock);
  }
  words_[word] |= std::uint64_t{1} << (position % 64);
  ++blocks_[block];
  ++shelves_[shelf];
}

void JoinOrder::clear_bits() {
  std::fill(words_.begin(), words_.end(), 0);
  std::fill(blocks_.begin(), blocks_.end(), std::uint16_t{0});
  std::fill(shelves_.begin(), shelves_.end(), 0U);
}

std::uint32_t JoinOrder::behind(std::uint32_t position) const {
  if (position + 1 == slots_.size()) return 0;
  const std::size_t word = position / 64;
  const std::size_t block = word / kWordsPerBlock;
  const std::size_t shelf = block / kBlocksPerShelf;
  const std::size_t words = std::min(words_.size(), slots_.size() / 64 + 1);
  const std::size_t blocks = words / kWordsPerBlock + 1;
  const std::size_t shelves = std::min(shelves_.size(), blocks / kBlocksPerShelf + 1);
  const std::size_t last_word = std::min((block + 1) * kWordsPerBlock, words);
  const std::size_t last_block = std::min((shelf + 1) * kBlocksPerShelf, blocks);
  // Two shifts: 64 at once is undefined.
  auto bits = static_cast<std::uint32_t>(std::popcount(words_[word] >> (position % 64) >> 1));
  for (std::size_t i = word + 1; i < last_word; ++i)
    bits += static_cast<std::uint32_t>(std::popcount(words_[i]));
  for (std::size_t i = block + 1; i < last_block; ++i) bits += blocks_[i];
  for (std::size_t i = shelf + 1; i < shelves; ++i) bits += shelves_[i];
  return bits;
}

std::uint32_t JoinOrder::dispatch(JoinPlace place) {
  const auto later = static_cast<std::uint32_t>(joined_) - place.number - 1;
  const std::uint32_t bypassed = later == 0 ? 0 : later - behind(place.position);
  const std::size_t word = place.position / 64;
  SLUICE_REQUIRE((words_[word] >> (place.position % 64) & 1) != 0, "who is dispatched waited");
  words_[word] &= ~(std::uint64_t{1} << (place.position % 64));
  --blocks_[word / kWordsPerBlock];
  --shelves_[word / kWordsPerBlock / kBlocksPerShelf];
  --live_;
  --present_;
  start_over_if_empty();
  return bypassed;
}

void JoinOrder::abandon(JoinPlace place) {
  slots_[place.position] = kTombstone;
  --live_;
  start_over_if_empty();
}

void JoinOrder::start_over_if_empty() {
  if (live_ > 0) return;
  if (present_ > 0) clear_bits();
  present_ = 0;
  slots_.clear();
}

// ---- the family

void Bypass::window_began(Time now, Records& records) {
  SLUICE_CHECK(records.started, "the window has begun", now, kNoRun);
  for (GroupRecord& group : records.groups)
    for (LevelRecord& level : group.levels) level.bypass = {};
}

void Bypass::write(FigureSink& sink, const AtEnd& at) const {
  for (std::size_t g = 0; g < at.records.groups.size(); ++g)
    for (std::size_t k = 0; k < kLevels; ++k) {
      const LevelRecord& level = at.records.groups[g].levels[k];
      const std::uint64_t n = level.dispatched;
      if (n == 0) continue;
      sink.put_level_mean(Metric::bypass_mean, g, k, static_cast<double>(level.bypass.total),
                          static_cast<double>(n), n);
      sink.put_level(Metric::bypass_max, g, k, level.bypass.most, n, FigureSink::Over::most);
    }
}

}  // namespace sluice
