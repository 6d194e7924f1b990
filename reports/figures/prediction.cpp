#include "reports/figures/prediction.hpp"

namespace sluice {

std::string_view name(PredictedFigure::Agreement agreement) {
  switch (agreement) {
    case PredictedFigure::Agreement::agrees:
      return "agrees";
    case PredictedFigure::Agreement::differs:
      return "differs";
    case PredictedFigure::Agreement::undecided:
      return "undecided";
  }
  return "";
}

}  // namespace sluice
