#!/usr/bin/env bash
# Ctrl-C once, twice and three times while runs are under way. Once: they are looked up before the
# report. Twice: the report comes at once, so nobody knows where they are. Three times: no report.
# No temporary file stays.
#   second_interrupt.sh SLUICE
set -euo pipefail
sluice=$1
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

fail() {
  echo "$case: $1" >&2
  cat "$folder/out" "$folder/err" >&2
  exit 1
}

# begin NAME: a load of runs that do not end by themselves.
begin() {
  case=$1
  rm -f "$folder"/*
  "$sluice" load bench/punctual_load.yaml -p rate=50/s --set duration=1h --set workflows.claims.time=1h \
    --set load.drain=1s --spawn --json "$folder/report.json" --hdr "$folder/log.hdr" \
    >"$folder/out" 2>"$folder/err" &
  load=$!
  # It says how it goes when it sends, and by then some runs were accepted.
  for _ in $(seq 600); do
    if grep -q 'sending.*201' "$folder/err"; then return; fi
    sleep 0.1
  done
  fail 'it does not send'
}
# end CODE: waits for it.
end() {
  local code=0
  wait $load || code=$?
  [[ $code == "$1" ]] || fail "exit code $code instead of $1"
}
is_reported() {
  [[ $(cd "$folder" && echo *) == 'err log.hdr out report.json' ]] || fail "files: $(ls "$folder")"
  grep -q '"complete": *false' "$folder/report.json" || fail 'the report is not marked incomplete'
}
lost() { grep -o '"lost": *[0-9]*' "$folder/report.json" | grep -o '[0-9]*$'; }

begin once
kill -INT $load
end 130
is_reported
[[ $(lost) == 0 ]] || fail "$(lost) runs are lost, although there was time to ask for them"

begin twice
kill -INT $load
sleep 0.2
kill -INT $load
end 130
is_reported
[[ $(lost) -gt 0 ]] || fail 'it took the time to ask for its runs'

# All of them at one instant, so that it cannot have ended before the third.
begin 'three times'
# Under nohup there are only two kinds of signals that end it.
if ((0x$(awk '/^SigIgn/ { print $2 }' /proc/$load/status) & 1)); then
  kill -INT $load && kill -TERM $load && wait $load || exit 0
fi
kill -STOP $load
kill -HUP $load
kill -INT $load
kill -TERM $load
kill -CONT $load
code=0
wait $load || code=$?
[[ $code == 129 || $code == 130 || $code == 143 ]] || fail "exit code $code"
[[ $(cd "$folder" && echo *) == 'err out' ]] || fail "files: $(ls "$folder")"
