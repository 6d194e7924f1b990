#!/usr/bin/env bash
# Runs sluice_fixed_pipeline in turn with a yardstick program, and prints the ratio of their times per run:
#   bench/against_yardstick.sh YARDSTICK.cpp [BUILD_DIR [PAIRS [PLAN]]]
# PLAN: counts or waits, to record no more than that.
# The yardstick takes the same arguments and prints `ns_per_run N`. Machines are noisy: the ratio of each pair counts.
# bench/set_up.sh installs and builds what it needs.
set -euo pipefail
source "$(dirname "$(realpath "$0")")/needs.sh"
source=$1
build=${2:-build/bench}
pairs=${3:-5}
plan=${4:-}
needs "$build/bin" g++ sluice_fixed_pipeline
yardstick=$(mktemp)
trap 'rm -f "$yardstick"' EXIT
g++ -O3 -march=native -std=c++20 -o "$yardstick" "$source"

ns() { "$@" | sed 's/.*ns_per_run \([0-9.]*\).*/\1/'; }

for shape in "200 50 100 4 0.95" "5000 2000 10000 2 0.95"; do
  echo "workers, workspaces, credentials, limit, load: $shape"
  for ((i = 0; i < pairs; i++)); do
    # shellcheck disable=SC2086
    echo "$(ns "$build/bin/sluice_fixed_pipeline" 5000000 $shape $plan) $(ns "$yardstick" 5000000 $shape)"
  done | awk '{ printf "  sluice %6.1f ns  yardstick %6.1f ns  ratio %.2f\n", $1, $2, $1 / $2 }' |
    tee >(cat >&2) | awk '{ print $NF }' | sort -n |
    awk '{ r[NR] = $1 } END { print "  median ratio " r[int((NR + 1) / 2)] }'
done
