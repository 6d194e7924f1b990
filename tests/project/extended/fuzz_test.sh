#!/usr/bin/env bash
# fuzz.sh fails where a fuzzer finds something, and does not look like a test that was skipped.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT
mkdir -p "$temp/source" "$temp/build/bin"
echo 'cmake_minimum_required(VERSION 3.25)
project(stand_in NONE)
add_custom_target(sluice_fuzz_stand_in)' >"$temp/source/CMakeLists.txt"
cmake -G Ninja -S "$temp/source" -B "$temp/build" >/dev/null

# Like libFuzzer: 77, if nobody says otherwise.
cat >"$temp/build/bin/sluice_fuzz_stand_in" <<'FUZZER'
#!/usr/bin/env bash
code=77
for argument; do [[ $argument != -error_exitcode=* ]] || code=${argument#*=}; done
[[ $FINDS == no ]] || exit "$code"
FUZZER
chmod +x "$temp/build/bin/sluice_fuzz_stand_in"

status_of() {
  local status=0
  FINDS=$1 bash "$here/fuzz.sh" "$temp/build" stand_in 1 10 a.dict corpus >/dev/null 2>&1 || status=$?
  echo "$status"
}
[[ $(status_of no) == 0 ]] || { echo "without a find it fails"; exit 1; }
found=$(status_of yes)
[[ $found != 0 && $found != 77 ]] || { echo "a find ends with $found"; exit 1; }
