#!/usr/bin/env bash
# How many requests a second one thread of the load generator's client sends, closed loop, in turn with wrk, which is
# given one thread and as many connections. A static nginx answers on another core.
#   bench/load_against_wrk.sh [BUILD_DIR [ROUNDS [SECONDS]]]        CONNECTIONS=64
# Needs nginx, wrk and taskset (Debian: nginx-light wrk util-linux) and the target sluice_closed_loop.
set -euo pipefail
export LC_ALL=C.UTF-8
build=${1:-build/release}
rounds=${2:-5}
seconds=${3:-3}
connections=${CONNECTIONS:-64}
for tool in nginx wrk taskset; do
  command -v $tool >/dev/null || { echo "$tool is missing: apt-get install nginx-light wrk util-linux" >&2; exit 2; }
done
temp=$(mktemp -d)
nginx_pid=
end() {
  [[ -z $nginx_pid ]] || kill "$nginx_pid" 2>/dev/null || true
  wait
  rm -rf "$temp"
}
trap end EXIT

start_nginx() {
  for ((try = 0; try < 20; try++)); do
    port=$((20000 + RANDOM % 12000))
    cat >"$temp/nginx.conf" <<CONF
worker_processes 1;
daemon off;
master_process off;
pid $temp/nginx.pid;
error_log $temp/nginx.log;
events { worker_connections 8192; }
http {
  access_log off;
  keepalive_requests 1000000000;
  client_body_temp_path $temp/body;
  proxy_temp_path $temp/proxy;
  fastcgi_temp_path $temp/fastcgi;
  uwsgi_temp_path $temp/uwsgi;
  scgi_temp_path $temp/scgi;
  server {
    listen 127.0.0.1:$port;
    default_type application/json;
    location / { return 200 '{"session_id":"00000000-0000-4000-8000-000000000000"}'; }
  }
}
CONF
    # It becomes the server, so that $! is the server's number.
    (exec taskset -c 0 nginx -c "$temp/nginx.conf" -p "$temp" 2>>"$temp/nginx.err") &
    nginx_pid=$!
    sleep 0.3
    if kill -0 "$nginx_pid" 2>/dev/null; then return; fi
  done
  cat "$temp/nginx.err" >&2
  return 1
}

# Requests/s, 99th percentile in ms, processor time per request in µs.
run_wrk() {
  TIMEFORMAT='%U %S'
  { time taskset -c 1 wrk -t 1 -c "$connections" -d "${seconds}s" --latency "http://127.0.0.1:$port/" \
    >"$temp/wrk" 2>&1; } 2>"$temp/time"
  awk 'FNR == NR {cpu = ($1 + $2) * 1e6; next}
    /Requests\/sec/ {rate = $2} /requests in/ {count = $1}
    /99%/ {ms = $2 + 0; if ($2 ~ /us$/) ms /= 1000; else if ($2 !~ /ms$/) ms *= 1000}
    END {printf "%.0f %.3f %.2f\n", rate, ms, cpu / count}' "$temp/time" "$temp/wrk"
}

run_sluice() {
  taskset -c 1 "$build/bin/sluice_closed_loop" "http://127.0.0.1:$port/" "$connections" "$seconds" |
    awk '{if ($6 > 0) print $6 " failures" >"/dev/stderr"; printf "%d %s %.2f\n", $1, $3, $4 + $5}'
}

start_nginx
echo "requests/s (p99 ms, processor µs a request), $connections connections, one thread, closed loop"
printf '%32s %32s   %s\n' wrk sluice 'sluice/wrk'
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
awk '{print $NF}' "$temp/rounds" | sort -n | awk '{r[NR] = $1} END {print "median sluice/wrk " r[int((NR + 1) / 2)]}'
