#!/usr/bin/env bash
# What ./run says on systems where it cannot install anything: setup_test.sh SOURCE_DIR.
# Given: a copy of the scripts, a PATH of chosen commands only, and an os-release file.
set -euo pipefail

source_dir=$1
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
mkdir "$scratch/cmake" "$scratch/bin"
cp "$source_dir/run" "$scratch"
cp "$source_dir/cmake/setup.sh" "$scratch/cmake"
for tool in bash cat dirname env flock grep mkdir realpath sleep tail; do
  ln -s "$(command -v "$tool")" "$scratch/bin/$tool"
done

fake() {  # fake COMMAND SCRIPT_LINE
  printf '#!/bin/bash\n%s\n' "$2" >"$scratch/bin/$1"
  chmod +x "$scratch/bin/$1"
}
write_os_release() {
  printf 'PRETTY_NAME="A system"\nVERSION_ID="%s"\nID=%s\n' "$2" "$1" >"$scratch/os-release"
}

failures=0
# refuses TEXT...: ./run exits 1, prints nothing on standard output, and its last line has every TEXT.
refuses() {
  local code=0 last text
  (cd "$scratch" && PATH=$scratch/bin SLUICE_OS_RELEASE=$scratch/os-release ./run --version) \
    >"$scratch/out" 2>"$scratch/err" </dev/null || code=$?
  last=$(tail -n 1 "$scratch/err")
  for text in "$@"; do
    if [[ $code != 1 || -s $scratch/out || $last != "sluice: "*"$text"* ]]; then
      echo "want exit code 1 and a line with: $text"
      echo "got exit code $code and:"
      cat "$scratch/out" "$scratch/err"
      failures=$((failures + 1))
    fi
  done
}

echo "Given another system without a compiler"
write_os_release fedora 39
refuses "Debian 12 only" "install by hand: g++ 12 or clang 14, cmake 3.25"

echo "Given another system where configuring fails"
for tool in ninja c++; do fake "$tool" 'exit 0'; done
fake cmake 'echo "CMake Error: no Boost"; exit 1'
refuses "configuring failed" "Boost 1.81"

echo "Given Debian 12 without a package, and a user who may not install"
write_os_release debian 12
fake dpkg-query 'echo "installed cmake"; exit 1'
fake apt-get 'echo "apt-get was called"; exit 0'
fake id 'echo 1000'
refuses "needs root; as root: apt-get install g++ ninja-build"

echo "Given root, and no network"
fake id 'echo 0'
fake apt-get 'exit 100'
refuses "network" "install by hand: apt-get install g++ ninja-build"

echo "Given every package, apt-get is not called"
fake dpkg-query 'shift 3; printf "installed %s\n" "$@"'
fake apt-get 'echo "apt-get was called" >&2; exit 100'
refuses "configuring failed"

exit "$((failures > 0))"
