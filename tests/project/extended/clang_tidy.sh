#!/usr/bin/env bash
# clang-tidy over our sources, not the tests: clang_tidy.sh BUILD_DIR (configured with clang++).
set -euo pipefail
build=$1

if ! clang-tidy --version 2>/dev/null | grep -q 'version 14\.'; then
  echo "skipped: needs clang-tidy 14, other versions warn differently"
  exit 77
fi
find base pipeline reports scenarios sim experiments http mock_api load cli -name '*.cpp' -print0 |
  xargs -0 -n 1 -P "$(nproc)" clang-tidy -p "$build" --quiet 2>/dev/null
