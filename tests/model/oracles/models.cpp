#include "tests/model/oracles/models.hpp"

#include <algorithm>
#include <cmath>

namespace sluice::test {

double erlang_c(std::uint32_t workers, double load) {
  double blocked = 1;  // Erlang B of 0 workers
  for (std::uint32_t n = 1; n <= workers; ++n) blocked = load * blocked / (n + load * blocked);
  return blocked / (1 - load / workers * (1 - blocked));
}

double mmc_wait(std::uint32_t workers, double arrivals, double mean_service) {
  return erlang_c(workers, arrivals * mean_service) / (workers / mean_service - arrivals);
}

namespace {

/// Birth and death with one rate of arrivals up to `room`; beyond `workers`, each who waits leaves
/// at the rate `leaving`.
struct Queue {
  double full = 0;    ///< share of the time with `room` in the system
  double length = 0;  ///< mean number waiting
};
Queue birth_and_death(std::uint32_t workers, double arrivals, double mean_service, double leaving,
                      std::uint32_t room) {
  double weight = 1, total = 1, waiting = 0;
  for (std::uint32_t n = 1; n <= room; ++n) {
    const std::uint32_t served = std::min(n, workers);
    weight *= arrivals / (served / mean_service + (n - served) * leaving);
    total += weight;
    waiting += weight * (n - served);
  }
  return {weight / total, waiting / total};
}

}  // namespace

FiniteRoomModel finite_room(std::uint32_t workers, double arrivals, double mean_service,
                            std::uint32_t room) {
  const Queue queue = birth_and_death(workers, arrivals, mean_service, 0, room);
  return {queue.full, queue.length / (arrivals * (1 - queue.full))};
}

double share_abandoning(std::uint32_t workers, double arrivals, double mean_service,
                        double mean_patience) {
  constexpr std::uint32_t kEndless = 10'000;
  const Queue queue = birth_and_death(workers, arrivals, mean_service, 1 / mean_patience, kEndless);
  return queue.length / mean_patience / arrivals;
}

double mg1_wait(double arrivals, double mean_service, double scv) {
  const double load = arrivals * mean_service;
  return arrivals * mean_service * mean_service * (1 + scv) / (2 * (1 - load));
}

namespace {

/// residual / ((1 − σ_{k−1}) (1 − σ_k)) with the shares of all workers' time that levels take.
ByLevel cobham(double residual, const ByLevel& loads) {
  ByLevel waits;
  double above = 0;
  for (std::size_t k = 0; k < kLevels; ++k) {
    const double with = above + loads[k];
    waits[k] = residual / ((1 - above) * (1 - with));
    above = with;
  }
  return waits;
}

}  // namespace

ByLevel priority_waits(std::uint32_t workers, double mean_service, const ByLevel& arrivals) {
  const double capacity = workers / mean_service;
  ByLevel loads;
  double total = 0;
  for (std::size_t k = 0; k < kLevels; ++k) {
    loads[k] = arrivals[k] / capacity;
    total += arrivals[k];
  }
  return cobham(erlang_c(workers, total * mean_service) / capacity, loads);
}

ByLevel priority_mg1_waits(const ByLevel& arrivals, const ByLevel& mean_service,
                           const ByLevel& second_moment) {
  ByLevel loads;
  double residual = 0;
  for (std::size_t k = 0; k < kLevels; ++k) {
    loads[k] = arrivals[k] * mean_service[k];
    residual += arrivals[k] * second_moment[k] / 2;
  }
  return cobham(residual, loads);
}

double busy_period_mean(double arrivals, double service_rate) {
  return 1 / (service_rate - arrivals);
}

double busy_period_sd(double arrivals, double service_rate) {
  const double r = arrivals / service_rate;
  return std::sqrt((1 + r) / std::pow(1 - r, 3)) / service_rate;
}

ClosedLoopModel closed_loop(std::uint32_t workers, double mean_service, std::uint32_t clients,
                            double think_time) {
  // Birth and death: with n clients waiting or in service, N − n think.
  double weight = 1, total = 0, served = 0, present = 0;
  for (std::uint32_t n = 0; n <= clients; ++n) {
    const double rate = std::min(n, workers) / mean_service;
    if (n > 0) weight *= (clients - n + 1) / think_time / rate;
    total += weight;
    served += weight * rate;
    present += weight * n;
  }
  return {served / total, present / served};
}

double mm1_asymptotic_variance(double load, double mean_service) {
  const double polynomial = 2 + 5 * load - 4 * load * load + load * load * load;
  return load * polynomial / std::pow(1 - load, 4) * mean_service * mean_service;
}

}  // namespace sluice::test
