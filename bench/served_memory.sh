#!/usr/bin/env bash
# How much memory `sluice serve` has after 1 000, 10 000 and 100 000 runs that went through POST /run to
# their end:
#   bench/served_memory.sh [BUILD_DIR [RUNS...]]
# One line for each: runs sent, resident KiB. Runs take a second of a clock that
# goes 3 600 times as fast; one connection, about a minute for 100 000.
# bench/set_up.sh installs and builds what it needs.
set -euo pipefail
source "$(dirname "$(realpath "$0")")/needs.sh"
build=${1:-build/bench}
needs "$build/bin" python3 sluice
shift "$(($# > 0))"
folder=$(mktemp -d)
trap 'kill "$server" 2>/dev/null || true; rm -rf "$folder"' EXIT
cat >"$folder/served.yaml" <<'YAML'
duration: 24h
resource_groups: {main: {workers: 50}}
workspaces: {acme: {}}
workflows: {plain: {time: 1s, steps: 2}}
YAML
"$build/bin/sluice" serve "$folder/served.yaml" --time-scale 3600 --quiet 2>"$folder/log" &
server=$!
for _ in $(seq 100); do
  grep -q '^listening on' "$folder/log" && break
  sleep 0.1
done
grep -q '^listening on' "$folder/log" || { cat "$folder/log" >&2 && exit 1; }
port=$(sed -n 's/^listening on .*:\([0-9]*\)$/\1/p' "$folder/log")
python3 - "$port" "$server" "${@:-1000 10000 100000}" <<'PYTHON'
import http.client, json, re, sys
port, server, marks = int(sys.argv[1]), sys.argv[2], " ".join(sys.argv[3:]).split()
api = http.client.HTTPConnection("127.0.0.1", port)
body = json.dumps({"workflow_id": "plain", "run_input_variables": {}, "client_id": "one"})
head = {"cc-key": "sk_acme", "content-type": "application/json"}
sent = 0
for mark in map(int, marks):
    while sent < mark:
        api.request("POST", "/run", body, head)
        answer = api.getresponse()
        answer.read()
        if answer.status != 201:
            sys.exit("POST /run: %d" % answer.status)
        sent += 1
    status = open("/proc/%s/status" % server).read()
    print("%7d runs %7d KiB" % (sent, int(re.search(r"VmRSS:\s+(\d+)", status)[1])), flush=True)
PYTHON
