#!/usr/bin/env bash
# What it costs the load generator to follow runs to their end, and how late it then sends: `sluice serve` on core 0, one
# `sluice load` of bench/punctual_load.yaml on core 1, event streams.
#   lateness: short runs, 1 000 and 10 000 a second;
#   in flight: as many runs a second, short ones and ones of ten seconds; what the second needs more, is theirs.
#   bench/load_followed.sh [BUILD_DIR]
# bench/set_up.sh installs and builds what it needs.
set -euo pipefail
export LC_ALL=C.UTF-8
here=$(dirname "$(realpath "$0")")
source "$here/needs.sh"
build=${1:-build/bench}
needs "$build/bin" jq taskset sluice
sluice=$build/bin/sluice
temp=$(mktemp -d)
server=
end() {
  [[ -z $server ]] || kill "$server" 2>/dev/null || true
  wait
  rm -rf "$temp"
}
trap end EXIT

start_server() {
  local try
  : >"$temp/server.log"
  (exec taskset -c 0 "$sluice" serve "$@" --listen 127.0.0.1:0 --quiet >"$temp/server.log" 2>&1) &
  server=$!
  for ((try = 0; try < 50; try++)); do
    url=$(grep -oEm 1 'http://[0-9.:]+' "$temp/server.log") && return
    sleep 0.1
  done
  cat "$temp/server.log" >&2
  return 1
}

# follow RATE TIME SECONDS: leaves the report in $temp/load.json and the most memory the generator held, in KiB, in $peak.
follow() {
  local scenario=("$here/punctual_load.yaml" -p "rate=$1/s" --set "workflows.claims.time=$2"
    --set resource_groups.main.workers=20000 --set serve.streams.hold_back=0s) load seen
  rm -f "$temp/load.json"
  start_server "${scenario[@]}"
  taskset -c 1 "$sluice" load "${scenario[@]}" --set "duration=$3s" --set load.drain=15s --target "$url" --quiet \
    --json "$temp/load.json" >/dev/null 2>"$temp/load.err" &
  load=$!
  peak=0
  while kill -0 "$load" 2>/dev/null; do
    seen=$(awk '/VmHWM/ {print $2}' "/proc/$load/status" 2>/dev/null) || true
    peak=${seen:-$peak}
    sleep 0.2
  done
  wait "$load" || true
  [[ -s $temp/load.json ]] || { cat "$temp/load.err" >&2; exit 1; }
  kill "$server"
  wait "$server" || true
  server=
}

say() {
  jq -r '.load | "\(.validity), \(.runs.followed) followed, \(.runs.ended) ended, \(.cpu_s * 1e7 / .runs.followed | round / 10)" +
    " µs of processor a run; sends late by \(.lateness.p50_s * 1e6 | round) µs (p50), \(.lateness.p99_s * 1e6 | round) µs (p99)"' \
    "$temp/load.json"
}

for rate in 1000 10000; do
  follow "$rate" 100ms 6
  echo "$rate runs/s of 100 ms: $(say)"
done
follow 1000 100ms 30
short=$peak
echo "1000 runs/s of 100 ms, 30 s: $(say); $short KiB at most"
follow 1000 10s 30
echo "1000 runs/s of 10 s, 30 s: $(say); $peak KiB at most"
awk "BEGIN {printf \"%.0f bytes more for each of 9900 runs more in flight\\n\", ($peak - $short) * 1024 / 9900}"
