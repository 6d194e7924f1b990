#!/usr/bin/env bash
# Builds a sanitizer preset and runs the test suite in it: sanitizer.sh PRESET BUILD_DIR.
# Left out there: tests with `Slow` in their name.
set -euo pipefail
preset=$1 build=$2

cmake --preset "$preset" -B "$build" -D SLUICE_WERROR=ON >/dev/null
cmake --build "$build"
export ASAN_OPTIONS=detect_stack_use_after_return=1 UBSAN_OPTIONS=print_stacktrace=1
export TSAN_OPTIONS=halt_on_error=1
ctest --test-dir "$build" --output-on-failure --no-tests=error -j "$(nproc)"
