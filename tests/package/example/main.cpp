// Draws one number from a named stream, with nothing but the installed package.
#include <cstdio>

#include "pipeline/random.hpp"

int main() {
  sluice::Stream arrivals{sluice::stream_key(42, std::uint64_t{1})};
  std::printf("first arrival draw: %.6f\n", arrivals.uniform());
}
