// Who has had least worker time by weight: start-time fair queueing over worker time.
//
// Source: P. Goyal, H. M. Vin, H. Cheng, "Start-time Fair Queueing", SIGCOMM 1996. Two things are
// other than there. A run's cost is not known when it starts, so it is charged while it runs, and
// the worker time of a workspace grows at a rate: the workers that it has. And whoever is least
// changes between events, so the least is found by a kinetic tournament (J. Basch, L. J. Guibas,
// J. Hershberger, "Data Structures for Mobile Data", J. Algorithms 31, 1999): each match of it
// knows until when its winner stays.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/prefetch.hpp"
#include "base/time.hpp"

namespace sluice {

/// Exact: integers of worker-nanoseconds, compared by products. Not thread-safe; `now` never goes
/// back. Joining, leaving, and a worker more or less: O(log members) amortised, and for each the
/// matches whose winner has changed meanwhile.
class LeastWorkerTime {
 public:
  /// Members are numbers below `members`; each has weight 1, no worker, and takes no part.
  explicit LeastWorkerTime(std::size_t members);
  /// REQUIRES: weight >= 1, before anything happened.
  void set_weight(std::uint32_t member, std::uint32_t weight);

  bool contains(std::uint32_t member) const {
    return matches_[first_leaf_ + member].winner == member;
  }
  bool empty() const { return matches_[1].winner == UINT32_MAX; }
  void prefetch(std::uint32_t member) const { fetch_ahead(&accounts_[member]); }

  /// It takes part from now on. If it has had less by weight than whoever takes part and has had
  /// least, it is as if it had had that; while nobody takes part, what the last one to take a
  /// worker had had then. REQUIRES: it takes no part.
  void join(Time now, std::uint32_t member);
  /// REQUIRES: it takes part.
  void leave(std::uint32_t member);
  /// It is charged for one worker more, or less, from now on, whether it takes part or not.
  void take_worker(Time now, std::uint32_t member);
  void release_worker(Time now, std::uint32_t member);

  /// Who takes part and has had least by weight. Of equals the one that will have had less an
  /// instant later; of equals again the one that joined, or took a worker, first. REQUIRES: there
  /// is one.
  std::uint32_t least(Time now);

 private:
  __extension__ typedef __int128 WorkerTime;  // in ns

  struct Account {
    WorkerTime had = 0;  // until `since`
    Time since;
    std::uint64_t turn = 0;
    std::uint32_t workers = 0;
    std::uint32_t weight = 1;

    WorkerTime had_at(Time now) const { return had + WorkerTime{workers} * (now - since).ns; }
  };
  /// Of a tree in an array: the match n is between the winners of 2 n and 2 n + 1.
  struct Match {
    std::uint32_t winner = UINT32_MAX;
    Time until = Time::never();  // then it, or one below it, is to be played anew

    bool operator==(const Match&) const = default;
  };

  static bool comes_before(const Account& a, const Account& b, Time now);
  /// When `b` comes before `a`, which comes before it now.
  static Time overtaken(const Account& a, const Account& b, Time now);
  void charge(Time now, Account& account);
  void play(Time now, std::size_t match);
  void play_those_due(Time now, std::size_t match);
  /// From its leaf to the root, or to the first match that does not notice.
  void play_all_of(Time now, std::uint32_t member);

  std::vector<Account> accounts_;
  std::size_t first_leaf_;
  std::vector<Match> matches_;
  Account floor_;  // of the last one to take a worker, then
  Time latest_;
  std::uint64_t next_turn_ = 0;
};

}  // namespace sluice
