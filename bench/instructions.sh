#!/usr/bin/env bash
# Instructions per run of sluice_fixed_pipeline, which no other load of the machine changes, as the difference between
# a short and a longer run of each shape:
#   bench/instructions.sh [BUILD_DIR [PLAN]]
# PLAN: counts or waits, to record no more than that.
# bench/set_up.sh installs and builds what it needs.
set -euo pipefail
source "$(dirname "$(realpath "$0")")/needs.sh"
build=${1:-build/bench}
plan=${2:-}
needs "$build/bin" valgrind sluice_fixed_pipeline

instructions() {
  valgrind --tool=callgrind --callgrind-out-file=/dev/null "$build/bin/sluice_fixed_pipeline" "$@" $plan 2>&1 >/dev/null |
    sed -n 's/.*Collected : //p'
}

for shape in "200 50 100 4 0.95" "5000 2000 10000 2 0.95"; do
  # shellcheck disable=SC2086
  few=$(instructions 100000 $shape)
  # shellcheck disable=SC2086
  many=$(instructions 300000 $shape)
  echo "$shape: $(((many - few) / 200000)) instructions per run"
done
