#!/usr/bin/env bash
# One bounded run of the scenario loader's fuzzer, from the scenario library: fuzz.sh ASAN_BUILD_DIR.
# What made it fail stays in ASAN_BUILD_DIR/fuzz.
set -euo pipefail
build=$1

cmake --build "$build" --target sluice_fuzz_scenario
mkdir -p "$build/fuzz/corpus"
"$build/bin/sluice_fuzz_scenario" -max_total_time=60 -timeout=10 -rss_limit_mb=2048 -max_len=16384 \
  -dict=tests/fuzz/scenario.dict -print_final_stats=1 -artifact_prefix="$build/fuzz/" \
  "$build/fuzz/corpus" tests/fuzz/corpus scenarios
