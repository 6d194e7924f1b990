#include "reports/json/prediction.hpp"

#include "base/text/json_text.hpp"
#include "reports/json/figures.hpp"

namespace sluice {
namespace {

using Json = nlohmann::ordered_json;

Json predicted_figure_json(const Report& report, const PredictedFigure& figure) {
  Json json{{"metric", info(figure.metric).name},
            {"labels", labels_json(figure.subject, report.names)},
            {"agreement", name(figure.agreement)}};
  if (figure.measured) json["measured"] = figure_json(*figure.measured, report.header.replications);
  if (figure.predicted)
    json["predicted"] =
        Json::array({json_number(figure.predicted->low), json_number(figure.predicted->high)});
  json["predicted_median"] = json_number(figure.predicted_median);
  json["p"] = json_number(figure.p);
  return json;
}

}  // namespace

Json prediction_json(const Report& report) {
  const Prediction& prediction = *report.prediction;
  Json figures = Json::array();
  for (const PredictedFigure& figure : prediction.figures)
    figures.push_back(predicted_figure_json(report, figure));
  Json explanations = Json::array();
  for (const Explanation& explanation : prediction.explanations)
    explanations.push_back({{"change", explanation.change},
                            {"as_is", explanation.as_is},
                            {"distance", json_number(explanation.distance)},
                            {"p", json_number(explanation.p)},
                            {"differing", explanation.differing}});
  return {{"agreement", name(prediction.agreement)},
          {"replications", prediction.replications},
          {"confidence", json_number(prediction.confidence)},
          {"figures", std::move(figures)},
          {"explanations", std::move(explanations)}};
}

}  // namespace sluice
