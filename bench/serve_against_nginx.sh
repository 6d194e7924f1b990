#!/usr/bin/env bash
# How many POST /run a second the mock API answers on one core, in turn with yardsticks: nginx with a static
# answer, and a minimal cpp-httplib server. wrk (64 connections, 400-byte bodies) runs on another core. Then what
# that hides: latency at Poisson arrivals, few and many connections, who is served how often, idle event streams.
#   bench/serve_against_nginx.sh [BUILD_DIR [ROUNDS [SECONDS]]]
# bench/set_up.sh installs and builds what it needs.
set -euo pipefail
export LC_ALL=C.UTF-8
here=$(dirname "$(realpath "$0")")
source "$here/needs.sh"
source "$here/nginx.sh"
build=${1:-build/bench}
rounds=${2:-3}
seconds=${3:-5}
connections=${CONNECTIONS:-64}
needs "$build/bin" nginx wrk taskset sluice sluice_bare_server sluice_httplib_server sluice_http_probe sluice_sse_holder
temp=$(mktemp -d)
pids=()
end() {
  ((${#pids[@]} == 0)) || kill "${pids[@]}" 2>/dev/null || true
  wait
  rm -rf "$temp"
}
trap end EXIT

# In the background only: it becomes the server, so that $! is the server's number.
on_server_core() { exec taskset -c 0 "$@"; }

# port_in FILE: the port in a line `listening on …:PORT`, once it is there.
port_in() {
  for ((i = 0; i < 200; i++)); do
    sed -n 's/.*listening on .*:\([0-9]*\)$/\1/p' "$1" | grep . && return
    sleep 0.05
  done
  cat "$1" >&2
  return 1
}

start_httplib() {
  : >"$temp/httplib"
  on_server_core "$build/bin/sluice_httplib_server" "$connections" >"$temp/httplib" &
  pids+=($!)
  for ((i = 0; i < 100 && ! $(wc -l <"$temp/httplib"); i++)); do sleep 0.05; done
  httplib_port=$(cat "$temp/httplib")
}

start_sluice() {
  : >"$temp/sluice"
  on_server_core "$build/bin/sluice" serve "$here/http/scenario.yaml" --quiet 2>"$temp/sluice" &
  sluice_pid=$!
  pids+=($sluice_pid)
  sluice_port=$(port_in "$temp/sluice")
}

start_bare() {
  : >"$temp/bare"
  mkfifo "$temp/bare_in"
  on_server_core "$build/bin/sluice_bare_server" 1 <"$temp/bare_in" 2>"$temp/bare" &
  pids+=($!)
  exec 8>"$temp/bare_in"
  bare_port=$(port_in "$temp/bare")
}

# measure PORT [CONNECTIONS]: requests a second and the 99th percentile of the latency in milliseconds.
measure() {
  taskset -c 1 wrk -t 1 -c "${2:-$connections}" -d "${seconds}s" --latency -s "$here/http/post_run.lua" \
    "http://127.0.0.1:$1" >"$temp/wrk"
  if grep -q 'Non-2xx' "$temp/wrk"; then grep 'Non-2xx' "$temp/wrk" >&2; fi
  awk '/Requests\/sec/ {rate = $2}
    /99%/ {ms = $2 + 0; if ($2 ~ /us$/) ms /= 1000; else if ($2 !~ /ms$/) ms *= 1000}
    END {print rate, ms}' "$temp/wrk"
}

probe() { taskset -c 1 "$build/bin/sluice_http_probe" "$@"; }

# median FILE: of the last word of its lines.
median() { awk '{print $NF}' "$1" | sort -n | awk '{r[NR] = $1} END {print r[int((NR + 1) / 2)]}'; }

throughput() {
  echo "requests/s (p99 ms), $connections connections, one server core"
  printf '%22s %22s %22s %22s   %s\n' nginx cpp-httplib 'bare server' 'sluice serve' 'sluice/nginx'
  for ((round = 0; round < rounds; round++)); do
    read -r a a99 <<<"$(measure "$nginx_port")"
    read -r b b99 <<<"$(measure "$httplib_port")"
    read -r c c99 <<<"$(measure "$bare_port")"
    read -r d d99 <<<"$(measure "$sluice_port")"
    printf '%14s (%5s) %14s (%5s) %14s (%5s) %14s (%5s)   ' "$a" "$a99" "$b" "$b99" "$c" "$c99" "$d" "$d99"
    awk "BEGIN {printf \"%.2f\n\", $d / $a}"
  done | tee "$temp/rounds"
  echo "median sluice/nginx $(median "$temp/rounds")"
}

poisson() {
  echo "p99 (ms) at 10000 Poisson requests/s, $connections connections"
  for ((round = 0; round < rounds; round++)); do
    a=$(probe "$nginx_port" poisson 10000 "$connections" "$seconds" | sed 's/.*p99 \([0-9.]*\).*/\1/')
    d=$(probe "$sluice_port" poisson 10000 "$connections" "$seconds" | sed 's/.*p99 \([0-9.]*\).*/\1/')
    awk "BEGIN {printf \"  nginx %s, sluice serve %s, sluice/nginx %.2f\n\", $a, $d, $d / $a}"
  done | tee "$temp/rounds"
  echo "median sluice/nginx $(median "$temp/rounds")"
}

few_and_many() {
  echo 'requests/s (p99 ms) of sluice serve, 16 and 1000 connections'
  for ((round = 0; round < rounds; round++)); do
    read -r a a99 <<<"$(measure "$sluice_port" 16)"
    read -r b b99 <<<"$(measure "$sluice_port" 1000)"
    awk "BEGIN {printf \"  %s (%s), %s (%s), one to the other %.2f\n\", $a, $a99, $b, $b99, $a / $b}"
  done
  probe "$sluice_port" connect 1000
  for count in 64 1000; do probe "$sluice_port" fair $count "$seconds"; done
}

# POST /run while 10 000 streams are held, in turn with none.
streams() {
  "$build/bin/sluice_sse_holder" "$sluice_port" "$sluice_pid"
  for ((round = 0; round < rounds; round++)); do
    a=$(probe "$sluice_port" poisson 10000 "$connections" "$seconds")
    "$build/bin/sluice_sse_holder" "$sluice_port" "$sluice_pid" 10000 $((seconds + 3)) >"$temp/held" &
    local holder=$!
    sleep 3
    b=$(probe "$sluice_port" poisson 10000 "$connections" "$seconds")
    wait $holder
    printf '  without streams: %s\n  with 10000 held: %s\n' "$a" "$b"
  done
}

start_nginx 201 00000000-0000-4000-8000-000000000000
pids+=("$nginx_pid")
start_httplib
start_bare
start_sluice
streams
throughput
poisson
few_and_many
