#!/usr/bin/env bash
# Each benchmark says all that it lacks in one line, before it does anything: bench_needs_test.sh SOURCE_DIR.
# Given: an empty build folder.
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
failures=0
for script in serve_against_nginx load_against_wrk load_followed instructions served_memory "against_yardstick yardstick.cpp"; do
  read -r name yardstick <<<"$script"
  code=0
  # shellcheck disable=SC2086
  said=$(bash "$1/bench/$name.sh" $yardstick "$scratch/build" 2>&1 </dev/null) || code=$?
  wanted="missing: *$scratch/build/bin/sluice*; bench/set_up.sh installs and builds them, in build/bench/bin"
  # shellcheck disable=SC2053
  if [[ $code != 2 || $said != $wanted ]]; then
    echo "$name: want exit code 2 and '$wanted', got $code and:"
    echo "$said"
    failures=$((failures + 1))
  fi
done
exit "$((failures > 0))"
