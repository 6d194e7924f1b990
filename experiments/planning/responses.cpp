#include "experiments/planning/responses.hpp"

namespace sluice {

void Responses::note(std::size_t measure, std::size_t dimension, const PairedDifference& difference,
                     bool lower_is_better) {
  Seen& seen = seen_[measure * dimensions_ + dimension];
  // Without an interval the pairs are all alike: what is drawn nowhere.
  const bool rises = difference.interval ? difference.interval->low > 0 : difference.mean > 0;
  const bool falls = difference.interval ? difference.interval->high < 0 : difference.mean < 0;
  if (rises || falls) ++(falls == lower_is_better ? seen.better : seen.worse);
}

void Responses::contradict(std::size_t measure, std::size_t dimension) {
  seen_[measure * dimensions_ + dimension].contradicted = true;
}

Response Responses::of(std::size_t measure, std::size_t dimension) const {
  const Seen& seen = seen_[measure * dimensions_ + dimension];
  if (seen.contradicted || (seen.better > 0 && seen.worse > 0)) return Response::mixed;
  if (seen.better > 0) return Response::better;
  return seen.worse > 0 ? Response::worse : Response::unseen;
}

std::uint32_t Responses::pairs(std::size_t measure, std::size_t dimension) const {
  const Seen& seen = seen_[measure * dimensions_ + dimension];
  return seen.better + seen.worse;
}

bool Responses::follows(std::size_t measure, const SearchSpace& space, std::size_t failed,
                        std::size_t other) const {
  for (std::size_t d = 0; d < dimensions_; ++d) {
    const std::uint32_t from = space.rank(failed, d);
    const std::uint32_t to = space.rank(other, d);
    if (from == to) continue;
    if (!space.is_ordered(d)) return false;
    const Response response = of(measure, d);
    if (response == Response::mixed) return false;
    if ((response == Response::worse) != (to > from)) return false;
  }
  return true;
}

}  // namespace sluice
