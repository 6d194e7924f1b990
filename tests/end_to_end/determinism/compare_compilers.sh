#!/usr/bin/env bash
# The same seed gives the same bytes of JSON report from another compiler, at another level of
# optimisation: compare_compilers.sh SLUICE BUILD_DIR_OF_CLANG SCENARIO...
set -euo pipefail
source "$(dirname "$(realpath "$0")")/report_bytes.sh"
sluice=$1 clang_build=$2
shift 2

cmake --build "$clang_build" --target sluice

failures=0
for scenario in "$@"; do
  report_bytes "$sluice" "$scenario" "$scratch/one" && report_bytes "$clang_build/bin/sluice" "$scenario" "$scratch/other" &&
    cmp "$scratch/one" "$scratch/other" || {
    echo "differs or fails: $scenario"
    diff "$scratch/one" "$scratch/other" | head -20 || true
    failures=$((failures + 1))
  }
done
exit "$((failures > 0))"
