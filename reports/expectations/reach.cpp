#include "reports/expectations/reach.hpp"

#include <algorithm>

#include "base/text/suggestion.hpp"

namespace sluice {
namespace {

struct Sentence {
  std::string_view text;
  ReachKind kind;
};
constexpr std::array<Sentence, kReachKinds> kSentences{
    {{"a <LEVEL> run waited while a <LEVEL> run was dispatched",
      ReachKind::waited_while_dispatched},
     {"a run was rate limited", ReachKind::rate_limited},
     {"a run was parked on a credential", ReachKind::parked_on_credential},
     {"a login failed", ReachKind::login_failed},
     {"a sibling was stopped", ReachKind::sibling_stopped},
     {"a worker was lost", ReachKind::worker_lost},
     {"a run was requeued", ReachKind::requeued},
     {"a pool skipped an unavailable member", ReachKind::pool_skipped_member},
     {"the queue emptied after a backlog", ReachKind::queue_emptied},
     {"a run timed out", ReachKind::timed_out},
     {"a run expired", ReachKind::expired},
     {"a run was cancelled", ReachKind::cancelled}}};

struct Word {
  std::string_view text;
  std::size_t offset;
};

std::vector<Word> words_of(std::string_view text) {
  std::vector<Word> words;
  for (std::size_t at = 0; at < text.size();) {
    if (text[at] == ' ') {
      ++at;
      continue;
    }
    const std::size_t end = std::min(text.find(' ', at), text.size());
    words.push_back({text.substr(at, end - at), at});
    at = end;
  }
  return words;
}

bool same_word(std::string_view pattern, std::string_view word) {
  return pattern == word || (pattern == "run" && word == "one");
}

/// How many leading words fit; a level fits its place if it is one, or looks as if it were meant to
/// be.
std::size_t fitting_words(const std::vector<Word>& pattern, const std::vector<Word>& words) {
  std::size_t i = 0;
  while (i < pattern.size() && i < words.size() &&
         (pattern[i].text == "<LEVEL>" ? level_named(words[i].text).has_value()
                                       : same_word(pattern[i].text, words[i].text)))
    ++i;
  return i;
}

}  // namespace

ReachCounts& ReachCounts::operator+=(const ReachCounts& other) {
  for (std::size_t i = 0; i < kReachKinds; ++i) by_kind[i] += other.by_kind[i];
  for (std::size_t i = 0; i < kLevels; ++i)
    for (std::size_t j = 0; j < kLevels; ++j)
      waited_while_dispatched[i][j] += other.waited_while_dispatched[i][j];
  return *this;
}

std::vector<std::string_view> reach_sentences() {
  std::vector<std::string_view> all;
  for (const Sentence& sentence : kSentences) all.push_back(sentence.text);
  return all;
}

Parsed<ReachExpectation> parse_reach(std::string_view sentence) {
  const std::vector<Word> words = words_of(sentence);
  std::size_t most = 0;
  const Sentence* nearest = nullptr;
  for (const Sentence& candidate : kSentences) {
    const std::vector<Word> pattern = words_of(candidate.text);
    const std::size_t fitting = fitting_words(pattern, words);
    if (fitting > most || nearest == nullptr) {
      most = fitting;
      nearest = &candidate;
    }
    if (fitting < pattern.size() || words.size() != pattern.size()) continue;
    ReachExpectation result{std::string(sentence), {candidate.kind}};
    if (candidate.kind == ReachKind::waited_while_dispatched) {
      result.reach.waiting = *level_named(words[1].text);
      result.reach.dispatched = *level_named(words[6].text);
    }
    return Parsed<ReachExpectation>::of(std::move(result));
  }
  const std::size_t offset = most < words.size() ? words[most].offset : sentence.size();
  // A mere article in common says nothing.
  std::string message = "not one of the things that can be asked to have happened";
  if (const auto close = nearest_name(sentence, reach_sentences()))
    message += "; did you mean '" + std::string(*close) + "'?";
  else if (most >= 2)
    message += "; did you mean '" + std::string(nearest->text) + "'?";
  message += " (sentences:";
  for (const std::string_view known : reach_sentences())
    message.append(" '").append(known).append("'");
  return Parsed<ReachExpectation>::wrong(offset, message + ")");
}

}  // namespace sluice
