#!/usr/bin/env bash
# One bounded run of a fuzzer: fuzz.sh ASAN_BUILD_DIR NAME SECONDS MAX_BYTES DICTIONARY CORPUS...
# What made it fail stays in ASAN_BUILD_DIR/fuzz/NAME.
set -euo pipefail
build=$1 name=$2 seconds=$3 max_bytes=$4 dictionary=$5
shift 5

flock "$build" cmake --build "$build" --target "sluice_fuzz_$name"  # one after the other
finds=$build/fuzz/$name
mkdir -p "$finds/corpus"
# Its own code for a find would be 77, a test that was skipped.
"$build/bin/sluice_fuzz_$name" -error_exitcode=1 -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -max_len="$max_bytes" \
  -dict="tests/fuzz/$dictionary" -print_final_stats=1 -artifact_prefix="$finds/" "$finds/corpus" "$@"
