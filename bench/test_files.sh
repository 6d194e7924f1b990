#!/usr/bin/env bash
# How long `sluice test` takes for 100 typical files on two threads:
#   bench/test_files.sh [BUILD_DIR [FILES [THREADS]]]
# Typical: an 8-hour day of two submitters on 40 workers with credentials and retries, some 6 000 runs, and five
# replications: 30 000 simulated runs a file, four sentences. Copies differ in their seeds.
# Prints files, threads, seconds of wall and of processor time. bench/set_up.sh installs and builds what it needs.
set -euo pipefail
source "$(dirname "$(realpath "$0")")/needs.sh"
build=${1:-build/bench}
files=${2:-100}
threads=${3:-2}
needs "$build/bin" sluice
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
for ((seed = 1; seed <= files; ++seed)); do
  cat >"$folder/$seed.yaml" <<YAML
scenario: typical-$seed
seed: $seed
duration: 8h
replications: 5
resource_groups: {main: {workers: {count: 40, start_up: 3s}}}
workspaces: {acme: {}, tenant: {count: 20}}
credentials:
  portal: {domain: https://portal.example.com, count: 40, allow_multiple_sessions: true, max_concurrency: 4}
workflows:
  claims: {needs: {USER: portal}, time: {lognormal: {median: 70s, p95: 4m}},
           failure: {rate: 3%, retry: true}, max_retries: 2}
submitters:
  interactive: {workspace: acme, workflow: claims, priority: HIGH, credentials: {USER: {pool: portal}},
                arrivals: {poisson: {rate: {at: {0h: 5/min, 2h: 15/min, 6h: 8/min}}}}}
  nightly:     {workspace: tenant, workflow: claims, priority: {MEDIUM: 30%, LOW: 70%},
                credentials: {USER: {drawn: portal}}, arrivals: {batch: {at: [1h, 4h], size: 400}}}
expect:
  - LOW.wait.p95 < 2h
  - HIGH.wait.p95 < 5m
  - starvation.longest{level=LOW} < 3h
reaches:
  - a LOW run waited while a HIGH run was dispatched
YAML
done
code=0
TIMEFORMAT='%R %U %S'
times=$( { time "$build/bin/sluice" test --threads "$threads" -q "$folder" >/dev/null 2>"$folder/said" || echo "$?" >"$folder/code"; } 2>&1)
code=$(cat "$folder/code" 2>/dev/null || echo 0)
# Verdicts are what they are; anything else is no measurement.
[[ $code == [035] ]] || { cat "$folder/said" >&2; exit "$code"; }
read -r real user sys <<<"$times"
echo "$files files, $threads threads: $real s, of processors $user s user and $sys s sys; exit code $code"
