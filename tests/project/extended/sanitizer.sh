#!/usr/bin/env bash
# Builds a sanitizer preset and runs the test suite in it: sanitizer.sh PRESET BUILD_DIR [FOLDER...].
# With folders: their tests only. Left out there: tests with `Slow` in their name.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
preset=$1 build=$2
shift 2

cmake --preset "$preset" -B "$build" -D SLUICE_WERROR=ON >/dev/null
if (($# == 0)); then
  cmake --build "$build"
  only=.
else
  cmake --build "$build" --target sluice $(printf 'sluice_%s_tests ' "$@")
  only="^($(IFS='|' && echo "$*"))\\."
fi
export ASAN_OPTIONS=detect_stack_use_after_return=1 UBSAN_OPTIONS=print_stacktrace=1
export RC_PARAMS=max_success=20  # random cases, of 100
export TSAN_OPTIONS="halt_on_error=1 suppressions=$here/tsan.supp"
# Many tests wait for a clock more than they compute.
ctest --test-dir "$build" --output-on-failure --no-tests=error -j "$((2 * $(nproc)))" -R "$only"
