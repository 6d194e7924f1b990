#!/usr/bin/env bash
# The same seed gives the same bytes of JSON report from another compiler, at another level of optimisation, on
# another number of threads, the blocks "build" and "wall" apart:
# compare_compilers.sh SLUICE BUILD_DIR_OF_CLANG SCENARIO...
set -euo pipefail
sluice=$1 clang_build=$2
shift 2

cmake --build "$clang_build" --target sluice

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# report SLUICE SCENARIO OUT: what may not differ. Exit code 3 and 5 are verdicts, not failures of this test.
report() {
  local code=0
  "$1" simulate "$2" --replications 2 --json "$scratch/report.json" >"$scratch/terminal" 2>&1 || code=$?
  if [[ $code != [035] ]]; then
    cat "$scratch/terminal"
    echo "$1 simulate $2: exit code $code"
    return 1
  fi
  if [[ $(grep -cE '^ "(build|wall)": \{.*\},?$' "$scratch/report.json") != 2 ]]; then
    echo "$2: the report has no lines \"build\" and \"wall\" to leave out"
    return 1
  fi
  grep -vE '^ "(build|wall)": ' "$scratch/report.json" >"$3"
}

failures=0
for scenario in "$@"; do
  report "$sluice" "$scenario" "$scratch/one" && report "$clang_build/bin/sluice" "$scenario" "$scratch/other" &&
    cmp "$scratch/one" "$scratch/other" || {
    echo "differs or fails: $scenario"
    diff "$scratch/one" "$scratch/other" | head -20 || true
    failures=$((failures + 1))
  }
done
exit "$((failures > 0))"
