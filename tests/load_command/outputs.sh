#!/usr/bin/env bash
# A whole `sluice load` of a mock that it starts itself, with every output; then each output on a full disk.
#   outputs.sh SLUICE
set -euo pipefail
sluice=$1
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

fail() {
  echo "$1" >&2
  cat "$folder/out" "$folder/err" >&2
  exit 1
}
# load EXIT_CODE OPTION...
load() {
  local expected=$1 code=0
  shift
  "$sluice" load bench/punctual_load.yaml -p rate=200/s --set duration=2s --spawn "$@" \
    >"$folder/out" 2>"$folder/err" || code=$?
  [[ $code == "$expected" ]] || fail "exit code $code instead of $expected: $*"
}
contains() { grep -qE "$2" "$1" || fail "$1 does not contain $2"; }

load 0 --json "$folder/report.json" --csv "$folder/csv" --markdown "$folder/report.md" --hdr "$folder/log.hdr"
contains "$folder/out" 'send, from its intended time'
contains "$folder/report.json" '"validity": *"valid"'
contains "$folder/report.md" '^#'
contains "$folder/log.hdr" '^#\[Histogram log format version 1.3\]'
contains "$folder/log.hdr" '^Tag=lateness,'
ls "$folder"/csv/*.csv >/dev/null || fail 'no CSV files'

for option in --json --markdown --hdr; do
  load 8 "$option" /dev/full
  contains "$folder/err" /dev/full
done
load 8 --csv "$folder/report.md"
load 8 --json "$folder/no/such/folder.json"
contains "$folder/err" 'folder.json'
