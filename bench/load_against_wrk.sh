#!/usr/bin/env bash
# How late the load generator sends, and how many requests a second it sends from one core, in turn with wrk, which is
# given one thread and as many connections. A static nginx answers on another core.
#   lateness: a whole `sluice load` of 1 000 and 10 000 runs a second;
#   closed loop: the generator's client, as fast as it can, latencies recorded;
#   open loop: a whole `sluice load` of Poisson arrivals at shares of what wrk just reached with the same kind of
#     request, every run recorded. A share is kept if the load is valid: at most 1 % late by over 50 ms or not sent.
#     That no run is seen to start or end says nothing here: nginx runs none.
#   bench/load_against_wrk.sh [BUILD_DIR [ROUNDS [SECONDS]]]        CONNECTIONS=64
# bench/set_up.sh installs and builds what it needs.
set -euo pipefail
export LC_ALL=C.UTF-8
here=$(dirname "$(realpath "$0")")
source "$here/needs.sh"
source "$here/nginx.sh"
build=${1:-build/bench}
rounds=${2:-5}
seconds=${3:-3}
connections=${CONNECTIONS:-64}
needs "$build/bin" nginx wrk jq taskset sluice sluice_closed_loop
temp=$(mktemp -d)
nginx_pid=
end() {
  [[ -z $nginx_pid ]] || kill "$nginx_pid" 2>/dev/null || true
  wait
  rm -rf "$temp"
}
trap end EXIT

# Requests/s, 99th percentile in ms, processor time per request in µs.
#   run_wrk [OPTIONS OF WRK]
run_wrk() {
  TIMEFORMAT='%U %S'
  { time taskset -c 1 wrk -t 1 -c "$connections" -d "${seconds}s" --latency "$@" "http://127.0.0.1:$nginx_port/" \
    >"$temp/wrk" 2>&1; } 2>"$temp/time"
  awk 'FNR == NR {cpu = ($1 + $2) * 1e6; next}
    /Requests\/sec/ {rate = $2} /requests in/ {count = $1}
    /99%/ {ms = $2 + 0; if ($2 ~ /us$/) ms /= 1000; else if ($2 !~ /ms$/) ms *= 1000}
    END {printf "%.0f %.3f %.2f\n", rate, ms, cpu / count}' "$temp/time" "$temp/wrk"
}

run_sluice() {
  taskset -c 1 "$build/bin/sluice_closed_loop" "http://127.0.0.1:$nginx_port/" "$connections" "$seconds" |
    awk '{if ($6 > 0) print $6 " failures" >"/dev/stderr"; printf "%d %s %.2f\n", $1, $3, $4 + $5}'
}

# open_loop RATE: whether the load was valid; requests/s sent, 99th percentiles of lateness and of the latency from the
# send in ms, processor time per run in µs.
open_loop() {
  taskset -c 1 "$build/bin/sluice" load "$here/punctual_load.yaml" --target "http://127.0.0.1:$nginx_port" \
    --follow webhooks --connections "$connections" -p "rate=$1/s" --for "${seconds}s" --set load.drain=0s --set load.lost_share=100% \
    --quiet --json "$temp/load.json" >/dev/null 2>"$temp/load.err" || [[ -s $temp/load.json ]] || cat "$temp/load.err" >&2
  jq -r '.load | "\(.validity) \(.requests.sent_per_s | round) \(.lateness.p99_s * 1e3) \(.latency_from_send.p99_s * 1e3)" +
    " \(.cpu_s * 1e6 / .requests.sent)"' "$temp/load.json"
}

lateness_rounds() {
  echo "POST /run, $connections connections, one core: sends from their intended time"
  local round rate sent lateness cpu
  for ((round = 0; round < rounds; round++)); do
    for rate in 1000 10000; do
      read -r _ sent lateness _ cpu <<<"$(open_loop "$rate")"
      printf '%10s sent/s, late by %7.3f ms (p99), %6.2f processor µs a run\n' "$sent" "$lateness" "$cpu"
    done
  done
}

closed_loop_rounds() {
  echo "requests/s (p99 ms, processor µs a request), $connections connections, one thread, closed loop"
  printf '%32s %32s   %s\n' wrk sluice 'sluice/wrk'
  local round a a99 acpu b b99 bcpu
  for ((round = 0; round < rounds; round++)); do
    # In turn, and each first as often.
    if ((round % 2)); then
      read -r b b99 bcpu <<<"$(run_sluice)"
      read -r a a99 acpu <<<"$(run_wrk)"
    else
      read -r a a99 acpu <<<"$(run_wrk)"
      read -r b b99 bcpu <<<"$(run_sluice)"
    fi
    printf '%12s (%7s, %7s) %12s (%7s, %7s)   ' "$a" "$a99" "$acpu" "$b" "$b99" "$bcpu"
    awk "BEGIN {printf \"%.2f\n\", $b / $a}"
  done | tee "$temp/rounds"
  awk '{print $NF}' "$temp/rounds" | sort -n |
    awk '{r[NR] = $1} END {print "median sluice/wrk " r[int((NR + 1) / 2)]}'
}

open_loop_rounds() {
  echo "POST /run, $connections connections, one core, open loop: shares of what wrk reached just before"
  printf '%10s %6s %9s %10s %17s %20s %20s\n' wrk share '' sent/s 'lateness p99, ms' 'from send p99, ms' 'processor µs a run'
  local round rate share validity sent lateness from_send cpu
  for ((round = 0; round < rounds; round++)); do
    read -r rate _ <<<"$(run_wrk -s "$here/http/post_run.lua")"
    for share in 0.5 0.6 0.7 0.8 0.9; do
      read -r validity sent lateness from_send cpu <<<"$(open_loop "$(awk "BEGIN {printf \"%.0f\", $share * $rate}")")"
      printf '%10s %6s %9s %10s %17.3f %20.3f %20.2f\n' "$rate" "$share" "$validity" "$sent" "$lateness" "$from_send" "$cpu"
    done
  done | tee "$temp/rounds"
  awk '{n[$2]++; valid[$2] += $3 == "valid"} END {for (s in n) print "share " s ": " valid[s] " of " n[s] " loads valid"}' \
    "$temp/rounds" | sort
}

# A name of its own for each run.
start_nginx 200 '$request_id'
lateness_rounds
closed_loop_rounds
open_loop_rounds
