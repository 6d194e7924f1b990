#!/usr/bin/env bash
# A whole `sluice load` of a mock that it starts itself, with every output; then each output on a full disk.
#   outputs.sh SLUICE
set -euo pipefail
sluice=$1
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

fail() {
  echo "$1" >&2
  cat "$folder"/*.out "$folder"/*.err >&2
  exit 1
}
# load NAME EXIT_CODE OPTION...: its output is in NAME.out and NAME.err.
load() {
  local name=$1 expected=$2 code=0
  shift 2
  "$sluice" load bench/punctual_load.yaml -p rate=200/s --set duration=2s --spawn "$@" \
    >"$folder/$name.out" 2>"$folder/$name.err" || code=$?
  [[ $code == "$expected" ]] || fail "exit code $code instead of $expected: $*"
}
contains() { grep -qE "$2" "$1" || fail "$1 does not contain $2"; }

load whole 0 --json "$folder/report.json" --csv "$folder/csv" --markdown "$folder/report.md" --hdr "$folder/log.hdr"
contains "$folder/whole.out" 'send, from its intended time'
contains "$folder/report.json" '"validity": *"valid"'
contains "$folder/report.md" '^#'
contains "$folder/log.hdr" '^#\[Histogram log format version 1.3\]'
contains "$folder/log.hdr" '^Tag=lateness,'
ls "$folder"/csv/*.csv >/dev/null || fail 'no CSV files'

# Together: loads wait more than they compute.
loads=()
for option in --json --markdown --hdr; do
  load "full$option" 8 "$option" /dev/full & loads+=($!)
done
load csv 8 --csv "$folder/report.md" & loads+=($!)
load folder 8 --json "$folder/no/such/folder.json" & loads+=($!)
for load in "${loads[@]}"; do wait "$load"; done
for option in --json --markdown --hdr; do contains "$folder/full$option.err" /dev/full; done
contains "$folder/folder.err" 'folder.json'
