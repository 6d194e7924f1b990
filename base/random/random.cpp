#include "base/random/random.hpp"

#include "base/random/portable_math.hpp"

namespace sluice {
namespace {

/// Newton's method: std::sqrt is not constexpr. For x of moderate size.
consteval double square_root(double x) {
  double root = x < 1 ? 1 : x;
  for (int i = 0; i < 40; ++i) root = 0.5 * (root + x / root);
  return root;
}

constexpr double exponential_density(double x) { return portable::exp(-x); }
constexpr double normal_density(double x) { return portable::exp(-0.5 * x * x); }

/// `base` is the right edge beyond which the tail begins; `area` that of each layer.
consteval Ziggurat make_ziggurat(double base, double area, double (*density)(double),
                                 double (*inverse)(double)) {
  constexpr std::size_t last = Ziggurat::kLayers - 1;
  Ziggurat z{};
  z.edge[last + 1] = area / density(base);  // as wide as the base would be without a tail
  z.edge[last] = base;
  z.height[last] = density(base);
  for (std::size_t i = last - 1; i > 0; --i) {
    z.height[i] = z.height[i + 1] + area / z.edge[i + 1];
    z.edge[i] = inverse(z.height[i]);
  }
  z.height[0] = 1;
  return z;
}

consteval double inverse_of_exponential_density(double y) { return -portable::log(y); }
consteval double inverse_of_normal_density(double y) { return square_root(-2 * portable::log(y)); }

/// A uniform height within the layer's step, of which the curve cuts off a part.
double height_within(const Ziggurat& z, std::size_t layer, double uniform) {
  return z.height[layer + 1] + uniform * (z.height[layer] - z.height[layer + 1]);
}

}  // namespace

// The edge and the area at which 256 layers just fit under the curve, solved to 40 digits.
constinit const Ziggurat kExponentialZiggurat =
    make_ziggurat(7.69711747013104971404, 0.00394965982258155722, exponential_density,
                  inverse_of_exponential_density);
constinit const Ziggurat kNormalZiggurat = make_ziggurat(
    3.65415288536100877165, 0.00492867323397465535, normal_density, inverse_of_normal_density);

std::uint64_t stream_key(std::uint64_t parent, std::string_view name) {
  constexpr std::uint64_t kNames = 0x6E616D6564;  // keeps names apart from indices
  std::uint64_t key = stream_key(parent ^ kNames, std::uint64_t{name.size()});
  for (std::size_t at = 0; at < name.size(); at += 8) {
    std::uint64_t chunk = 0;
    for (const char c : name.substr(at, 8)) chunk = chunk << 8 | static_cast<unsigned char>(c);
    key = stream_key(key, chunk);
  }
  return key;
}

double Stream::exponential_beyond(std::size_t layer, double x) {
  constexpr std::size_t base = Ziggurat::kLayers - 1;
  // Without memory: what lies beyond the tail's start is again an exponential.
  if (layer == base) return kExponentialZiggurat.edge[base] + exponential();
  const double height = height_within(kExponentialZiggurat, layer, uniform());
  return height < exponential_density(x) ? x : exponential();
}

double Stream::normal_beyond(std::size_t layer, double x) {
  constexpr std::size_t base = Ziggurat::kLayers - 1;
  for (;;) {
    if (x < kNormalZiggurat.edge[layer]) return x;
    if (layer == base) break;
    if (height_within(kNormalZiggurat, layer, uniform()) < normal_density(x)) return x;
    const std::uint64_t random = bits();
    layer = random % Ziggurat::kLayers;
    x = part(random) * kNormalZiggurat.edge[layer + 1];
  }
  // Tail after Marsaglia (1964).
  const double start = kNormalZiggurat.edge[base];
  for (;;) {
    const double beyond = exponential() / start;
    if (2 * exponential() > beyond * beyond) return start + beyond;
  }
}

}  // namespace sluice
