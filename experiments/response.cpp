#include "experiments/response.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <utility>

#include "experiments/rounds/measures.hpp"
#include "experiments/settings/choice.hpp"
#include "reports/figures/figure_text.hpp"

namespace sluice {
namespace {

/// Settings that differ in one choice only, by its size.
struct Ladder {
  std::string choice;
  std::string others;               ///< "workers 30": what they have in common
  std::vector<std::size_t> places;  ///< of the settings
};

std::vector<Ladder> ladders_of(const SweepResult& result) {
  std::map<std::pair<std::string, std::string>, std::map<double, std::size_t>> found;
  for (std::size_t i = 0; i < result.settings.size(); ++i) {
    const Setting& setting = result.settings[i].setting;
    if (!setting.label.empty()) continue;
    for (std::size_t c = 0; c < setting.values.size(); ++c) {
      const std::optional<double> size = size_of(setting.values[c].second);
      if (!size) continue;
      Setting others = setting;
      others.values.erase(others.values.begin() + static_cast<std::ptrdiff_t>(c));
      found[{setting.values[c].first, others.values.empty() ? "" : others.text()}][*size] = i;
    }
  }
  std::vector<Ladder> ladders;
  for (const auto& [of, by_size] : found) {
    if (by_size.size() < 2) continue;
    Ladder ladder{of.first, of.second, {}};
    for (const auto& [size, place] : by_size) ladder.places.push_back(place);
    ladders.push_back(std::move(ladder));
  }
  return ladders;
}

class WorseningSearch {
 public:
  WorseningSearch(const SweepResult& result, const SweptValues& values, double confidence)
      : result_(result), values_(values), ladders_(ladders_of(result)) {
    std::size_t pairs = 0;
    for (const Ladder& ladder : ladders_) pairs += ladder.places.size() - 1;
    const auto tests =
        static_cast<double>(std::max<std::size_t>(1, pairs * result.measures.size()));
    confidence_ = 1 - (1 - confidence) / tests;
  }

  std::vector<Worsening> all() const {
    std::map<std::pair<std::string, std::size_t>, std::vector<Worsening>> found;
    for (const Ladder& ladder : ladders_)
      for (std::size_t m = 0; m < result_.measures.size(); ++m)
        if (auto one = worsening(ladder, m)) found[{ladder.choice, m}].push_back(*std::move(one));
    std::vector<Worsening> worsenings;
    for (auto& [of, places] : found) {
      Worsening first = std::move(places.front());
      if (places.size() > 1)
        first.elsewhere = fmt::format("likewise in {} other {}", places.size() - 1,
                                      places.size() == 2 ? "place" : "places");
      worsenings.push_back(std::move(first));
    }
    return worsenings;
  }

 private:
  bool is_worse(std::size_t from, std::size_t to, std::size_t m) const {
    const PairedDifference difference =
        paired_difference(values_[from][m], values_[to][m], confidence_);
    const bool lower = result_.measures[m].lower_is_better;
    if (difference.interval)
      return lower ? difference.interval->low > 0 : difference.interval->high < 0;
    // Nothing is drawn: there is no chance that it could be.
    const bool exact = !result_.settings[from].drawn && !result_.settings[to].drawn;
    return exact && (lower ? difference.mean > 0 : difference.mean < 0);
  }

  std::string value_text(std::size_t place, const std::string& choice, std::size_t m) const {
    const SweptSetting& setting = result_.settings[place];
    const std::optional<Figure>& figure = setting.measured[m].figure;
    return fmt::format(
        "{} → {}", *setting.setting.value(choice),
        figure ? compact(figure->value, info(result_.measures[m].metric).unit) : "–");
  }

  std::optional<Worsening> worsening(const Ladder& ladder, std::size_t m) const {
    // An expectation may want much of what is bad, to show that it happens.
    const Measure& measure = result_.measures[m];
    if (!measure.lower_is_better && !more_is_better(measure.metric)) return std::nullopt;
    std::size_t first = ladder.places.size();
    std::size_t last = 0;
    for (std::size_t i = 0; i + 1 < ladder.places.size(); ++i) {
      if (!is_worse(ladder.places[i], ladder.places[i + 1], m)) {
        if (first < ladder.places.size()) break;
        continue;
      }
      first = std::min(first, i);
      last = i + 1;
    }
    if (first == ladder.places.size()) return std::nullopt;
    std::string text =
        fmt::format("{} gets worse with more {}: ", result_.measures[m].text, ladder.choice);
    for (std::size_t i = first; i <= last; ++i)
      text += (i == first ? "" : ", ") + value_text(ladder.places[i], ladder.choice, m);
    if (!ladder.others.empty()) text += fmt::format(" ({})", ladder.others);
    return Worsening{std::move(text), {}, m, ladder.places[first], ladder.places[last]};
  }

  const SweepResult& result_;
  const SweptValues& values_;
  std::vector<Ladder> ladders_;
  double confidence_ = 0;
};

}  // namespace

Burdens burdens_of(double cost, std::span<const std::optional<Figure>> figures,
                   std::span<const Measure> measures, std::size_t expected) {
  Burdens burdens{cost};
  for (std::size_t m = 0; m < expected; ++m) {
    const double value = figures[m] ? figures[m]->value : INFINITY;
    burdens.push_back(measures[m].lower_is_better || !figures[m] ? value : -value);
  }
  return burdens;
}

bool beats(const Burdens& a, const Burdens& b) {
  bool better = false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (a[i] > b[i]) return false;
    better |= a[i] < b[i];
  }
  return better;
}

void mark_undominated(SweepResult& result) {
  std::vector<Burdens> all;
  for (const SweptSetting& setting : result.settings) {
    std::vector<std::optional<Figure>> figures;
    for (const MeasuredValue& measured : setting.measured) figures.push_back(measured.figure);
    all.push_back(burdens_of(setting.cost.value_or(0), figures, result.measures, result.expected));
  }
  for (std::size_t i = 0; i < all.size(); ++i)
    result.settings[i].undominated =
        std::ranges::none_of(all, [&](const Burdens& other) { return beats(other, all[i]); });
}

std::vector<Worsening> worsenings(const SweepResult& result, const SweptValues& values,
                                  double confidence) {
  return WorseningSearch(result, values, confidence).all();
}

}  // namespace sluice
