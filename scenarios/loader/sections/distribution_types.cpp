#include "scenarios/loader/sections/distribution_types.hpp"

#include <cmath>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "base/random/portable_math.hpp"
#include "scenarios/loader/keys/scalar_types.hpp"
#include "scenarios/loader/trace/record_file.hpp"

namespace sluice {
namespace {

/// The parameters of a distribution as written, before they are checked together.
struct Parameters {
  double a = 0, b = 0, c = 0;
  bool by_mean = false;  ///< a is the mean, not the median
  bool by_cv = false;    ///< b is the cv, not the 95th percentile
  std::vector<double> values;
  std::optional<Name> file;
};

struct WeightedMean {
  double weight = 1, mean = 0;
};
struct WeightedPart {
  double weight = 1;
  Distribution part;
};

Type<double> quantity_type(Quantity quantity) {
  switch (quantity) {
    case Quantity::number:
      return number_type();
    case Quantity::share:
      return share_type();
    case Quantity::time:
      break;
  }
  return converted<Duration, double>(duration_type(), [](Duration d) { return d.seconds(); });
}

template <Quantity kQuantity>
struct Tables {
  using P = Parameters;
  static Type<double> quantity() { return quantity_type(kQuantity); }
  static Key<P> q(const char* name, double P::*member, const char* description) {
    return key<P>(name, quantity(), member, description);
  }

  static const Table<P>& uniform() {
    static const Table<P> table{"a uniform distribution",
                                "Each value between min and max alike.",
                                {q("min", &P::a, "smallest value").required(),
                                 q("max", &P::b, "largest value").required()}};
    return table;
  }
  static const Table<P>& exponential() {
    static const Table<P> table{
        "an exponential distribution", "Memoryless.", {q("mean", &P::a, "mean").required()}};
    return table;
  }
  static const Table<P>& lognormal() {
    static const Table<P> table{
        "a lognormal distribution",
        "By median and 95th percentile, by mean and 95th percentile, or by mean and coefficient of "
        "variation.",
        {q("median", &P::a, "half of the values are below"),
         q("p95", &P::b, "95 % of the values are below"), mean_key(), cv_key()},
        {{"median", "p95"}, {"mean", "p95"}, {"mean", "cv"}}};
    return table;
  }
  static const Table<P>& gamma() {
    static const Table<P> table{"a gamma distribution",
                                "By mean and coefficient of variation.",
                                {mean_key().required(), cv_key().required()}};
    return table;
  }
  static const Table<P>& weibull() {
    static const Table<P> table{
        "a Weibull distribution",
        "By shape k and scale λ.",
        {key<P>("shape", number_type(), &P::a, "k; below 1: a heavy tail").required(),
         q("scale", &P::b, "λ; 63 % of the values are below").required()}};
    return table;
  }
  static const Table<P>& pareto() {
    static const Table<P> table{
        "a bounded Pareto distribution",
        "A heavy tail cut at max.",
        {key<P>("alpha", number_type(), &P::a, "tail index; smaller: heavier").required(),
         q("min", &P::b, "smallest value").required(),
         q("max", &P::c, "largest value").required()}};
    return table;
  }
  static const Table<WeightedMean>& phase() {
    static const Table<WeightedMean> table{
        "a phase",
        "One exponential of several.",
        {key("weight", weight_type(), &WeightedMean::weight, "how often, in proportion").required(),
         key("mean", quantity(), &WeightedMean::mean, "mean of this phase").required()}};
    return table;
  }
  static const Table<P>& empirical() {
    static const Table<P> table{
        "an empirical distribution",
        "Each of the recorded values alike.",
        {key<P>("values", list<double>("values", quantity()), &P::values, "the values"),
         key<P>("file", file_type(), &P::file,
                "a file with one value per line, beside the scenario; plain numbers are seconds")},
        {{"values"}, {"file"}}};
    return table;
  }
  static const Table<WeightedPart>& part() {
    static const Table<WeightedPart> table{
        "a part",
        "One distribution of several.",
        {key("weight", weight_type(), &WeightedPart::weight, "how often, in proportion").required(),
         key("of", later<Distribution>([] { return distribution_type(kQuantity); }),
             &WeightedPart::part, "the distribution")
             .required()}};
    return table;
  }

  static Key<P> mean_key() {
    return key_with<P>(
        "mean", quantity(), [](P& p, double mean) { p.a = mean, p.by_mean = true; }, "mean");
  }
  static Key<P> cv_key() {
    return key_with<P>(
        "cv", number_type(), [](P& p, double cv) { p.b = cv, p.by_cv = true; },
        "standard deviation ÷ mean");
  }
};

/// A type that makes a distribution of what `type` reads; `make` may throw std::invalid_argument.
template <class V, class Make>
Type<Distribution> made(Type<V> type, Make make) {
  return {[read = std::move(type.read), make](Reader& reader, TreeNode& node, Distribution& value) {
            V parameters{};
            if (!read(reader, node, parameters)) return false;
            try {
              value = make(std::move(parameters));
              return true;
            } catch (const std::invalid_argument& e) {
              return reader.error(node.mark, e.what());
            }
          },
          std::move(type.schema)};
}

Key<Distribution> kind(std::string name, Type<Distribution> type, std::string description) {
  return {{std::move(name), std::move(description), {}, false},
          std::move(type.read),
          std::move(type.schema)};
}

/// With sigma = σ of the logarithm: ln(p95 / mean) = z σ - σ² / 2, where z is the normal 95th
/// percentile. Of the two solutions the narrower one is meant; p95 below the mean would need a σ
/// above 2 z, where hardly any value is as large as the mean.
Distribution lognormal_mean_p95(double mean, double p95) {
  constexpr double kZ = 1.6448536269514722;
  if (!(mean > 0)) throw std::invalid_argument("mean must be more than 0");
  if (p95 < mean) throw std::invalid_argument("p95 must be at least the mean");
  const double under_root = kZ * kZ - 2 * portable::log(p95 / mean);
  if (under_root < 0)
    throw std::invalid_argument(
        "no lognormal distribution has a p95 of more than 3.87 times its mean");
  const double sigma = kZ - std::sqrt(under_root);
  return Distribution::lognormal_mean_cv(mean, std::sqrt(portable::exp(sigma * sigma) - 1));
}

/// Either the object or one plain value.
Type<Parameters> or_value(Type<Parameters> object, Type<double> value) {
  auto plain = converted<double, Parameters>(std::move(value), [](double v) {
    Parameters parameters;
    parameters.a = v;
    return parameters;
  });
  return by_shape<Parameters>("a value or a map",
                              {std::move(plain), std::nullopt, std::move(object)});
}

template <class W, class V>
Type<std::vector<std::pair<double, V>>> weighted(const std::string& what,
                                                 const Table<W>& (*table)(), V W::*member) {
  return converted<std::vector<W>, std::vector<std::pair<double, V>>>(
      list<W>(what, object(table)), [member](std::vector<W> parts) {
        std::vector<std::pair<double, V>> pairs;
        pairs.reserve(parts.size());
        for (W& part : parts) pairs.emplace_back(part.weight, std::move(part.*member));
        return pairs;
      });
}

template <Quantity kQuantity>
Type<Distribution> empirical_type() {
  Type<Parameters> type = object<Parameters>(Tables<kQuantity>::empirical);
  return made<Parameters>(
      {[read = type.read](Reader& reader, TreeNode& node, Parameters& parameters) {
         if (!read(reader, node, parameters)) return false;
         return !parameters.file || read_values(reader, *parameters.file,
                                                kQuantity == Quantity::time, parameters.values);
       },
       type.schema},
      [](Parameters p) { return Distribution::empirical(std::move(p.values)); });
}

template <Quantity kQuantity>
std::vector<Key<Distribution>> kinds() {
  using T = Tables<kQuantity>;
  using P = Parameters;
  return {
      kind("constant", made<double>(T::quantity(), Distribution::constant), "always the same"),
      kind("uniform",
           made(object<P>(T::uniform), [](const P& p) { return Distribution::uniform(p.a, p.b); }),
           "between min and max"),
      kind("exponential",
           made(or_value(object<P>(T::exponential), T::quantity()),
                [](const P& p) { return Distribution::exponential(p.a); }),
           "by its mean"),
      kind("lognormal",
           made(object<P>(T::lognormal),
                [](const P& p) {
                  if (!p.by_mean) return Distribution::lognormal_median_p95(p.a, p.b);
                  return p.by_cv ? Distribution::lognormal_mean_cv(p.a, p.b)
                                 : lognormal_mean_p95(p.a, p.b);
                }),
           "by median and p95, mean and p95, or mean and cv"),
      kind("gamma",
           made(object<P>(T::gamma),
                [](const P& p) { return Distribution::gamma_mean_cv(p.a, p.b); }),
           "by mean and cv"),
      kind("weibull",
           made(object<P>(T::weibull), [](const P& p) { return Distribution::weibull(p.a, p.b); }),
           "by shape and scale"),
      kind("pareto",
           made(object<P>(T::pareto),
                [](const P& p) { return Distribution::bounded_pareto(p.a, p.b, p.c); }),
           "by alpha, min and max"),
      kind("hyperexponential",
           made(weighted("phases with weight and mean", T::phase, &WeightedMean::mean),
                Distribution::hyperexponential),
           "a list of phases"),
      kind("empirical", empirical_type<kQuantity>(), "recorded values"),
      kind("mixture",
           made(weighted("parts with weight and distribution", T::part, &WeightedPart::part),
                Distribution::mixture),
           "a list of distributions"),
  };
}

template <Quantity kQuantity>
Type<Distribution> make_type(const char* name, const char* what) {
  const Type<Distribution> constant =
      made<double>(Tables<kQuantity>::quantity(), Distribution::constant);
  return named<Distribution>(
      name,
      by_shape<Distribution>(std::string(what) + ", or a distribution such as `{exponential: …}`",
                             {constant, std::nullopt,
                              one_key_of<Distribution>("a distribution", kinds<kQuantity>())}));
}

}  // namespace

Type<Distribution> distribution_type(Quantity quantity) {
  static const Type<Distribution> time =
      make_type<Quantity::time>("time_distribution", "a time such as `90s`");
  static const Type<Distribution> number =
      make_type<Quantity::number>("number_distribution", "a number");
  static const Type<Distribution> share =
      make_type<Quantity::share>("share_distribution", "a share such as `30%`");
  switch (quantity) {
    case Quantity::number:
      return number;
    case Quantity::share:
      return share;
    case Quantity::time:
      break;
  }
  return time;
}

}  // namespace sluice
