#!/usr/bin/env bash
# Prints a hash of each scenario's report, to be compared with those of the code before a change that may not change
# any: report_hashes.sh SLUICE [SIMULATE_ARGUMENT...], in the source tree's root.
set -euo pipefail
source "$(dirname "$(realpath "$0")")/report_bytes.sh"
sluice=$1
shift

for scenario in scenarios/*.yaml scenarios/incidents/*.yaml; do
  report_bytes "$sluice" "$scenario" "$scratch/bytes" "$@"
  echo "$(sha256sum <"$scratch/bytes" | cut -d' ' -f1) $scenario"
done
