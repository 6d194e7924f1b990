#!/usr/bin/env bash
# Ctrl-C twice while runs are under way: the report so far is written, and no temporary file stays.
#   second_interrupt.sh SLUICE
set -euo pipefail
sluice=$1
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

"$sluice" load bench/punctual_load.yaml -p rate=50/s --set duration=1h --spawn \
  --json "$folder/report.json" --hdr "$folder/log.hdr" >"$folder/out" 2>"$folder/err" &
load=$!
# It says how it goes when it sends.
for _ in $(seq 600); do
  if grep -q 'sending' "$folder/err"; then break; fi
  sleep 0.1
done
kill -TERM $load
sleep 0.2
kill -TERM $load 2>/dev/null || true
code=0
wait $load || code=$?

fail() {
  echo "$1" >&2
  cat "$folder/out" "$folder/err" >&2
  exit 1
}
[[ $code == 143 ]] || fail "exit code $code instead of 143"
[[ $(cd "$folder" && echo *) == 'err log.hdr out report.json' ]] || fail "files: $(ls "$folder")"
grep -q '"complete": *false' "$folder/report.json" || fail 'the report is not marked incomplete'
