// Closed forms of queueing theory that simulations are held against.
//
// Rates are per second, times in seconds, `workers` is c, `load` is a = λ/μ. Sources: Kleinrock,
// Queueing Systems I (1975) and II (1976); Cobham, Oper. Res. 2 (1954); Davis, Oper. Res. 14
// (1966); Whitt, Management Science 35 (1989) for the asymptotic variance; Palm, Tele 4
// (1953) for impatience.
#pragma once

#include <array>
#include <cstdint>

#include "pipeline/ids.hpp"

namespace sluice::test {

using ByLevel = std::array<double, kLevels>;

/// Probability that an arrival at M/M/c has to wait. REQUIRES load < workers.
double erlang_c(std::uint32_t workers, double load);

/// Mean wait of M/M/c in order of arrival: C / (cμ − λ).
double mmc_wait(std::uint32_t workers, double arrivals, double mean_service);

/// M/M/c/K: arrivals that find `room` runs waiting or in service are refused.
struct FiniteRoomModel {
  double refused = 0;  ///< share of the arrivals
  double wait = 0;     ///< mean, of those who are let in
};
FiniteRoomModel finite_room(std::uint32_t workers, double arrivals, double mean_service,
                            std::uint32_t room);

/// Erlang-A (M/M/c+M): share of the arrivals that leave before they are served, when each waits an
/// exponential time at most.
double share_abandoning(std::uint32_t workers, double arrivals, double mean_service,
                        double mean_patience);

/// Mean wait of M/G/1 (Pollaczek-Khinchine): λ E[S]² (1 + SCV) / (2 (1 − ρ)).
double mg1_wait(double arrivals, double mean_service, double scv);

/// Mean waits of non-preemptive strict priority over M/M/c with one service rate:
/// W_k = C / (cμ (1 − σ_{k−1}) (1 − σ_k)).
ByLevel priority_waits(std::uint32_t workers, double mean_service, const ByLevel& arrivals);

/// Mean waits of non-preemptive strict priority over M/G/1:
/// W_k = ½ Σ λ_i E[S_i²] / ((1 − σ_{k−1}) (1 − σ_k)).
ByLevel priority_mg1_waits(const ByLevel& arrivals, const ByLevel& mean_service,
                           const ByLevel& second_moment);

/// Busy period of M/M/1 with arrival rate Λ and service rate M > Λ: 1/(M − Λ) and
/// √((1 + r) / (M² (1 − r)³)), r = Λ/M.
double busy_period_mean(double arrivals, double service_rate);
double busy_period_sd(double arrivals, double service_rate);

/// Clients that think, wait and are served by c workers, all times exponential.
struct ClosedLoopModel {
  double throughput = 0;  ///< per second
  double sojourn = 0;     ///< wait and service
};
ClosedLoopModel closed_loop(std::uint32_t workers, double mean_service, std::uint32_t clients,
                            double think_time);

/// n · Var(mean wait of n successive customers) of M/M/1 for large n:
/// ρ (2 + 5ρ − 4ρ² + ρ³) / ((1 − ρ)⁴ μ²).
double mm1_asymptotic_variance(double load, double mean_service);

}  // namespace sluice::test
