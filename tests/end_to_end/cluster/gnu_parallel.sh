#!/usr/bin/env bash
# A sweep as jobs of GNU parallel that are killed at random, and parallel itself once; then again with --resume-failed, and
# merged until nothing is missing: in the end the same bytes as of one process. Skipped where there is no GNU parallel.
#   gnu_parallel.sh SLUICE [SEED]
set -euo pipefail
sluice=$(realpath "$1")
seed=${2:-$RANDOM}
here=$(dirname "$(realpath "$0")")
kills=8
if ! parallel --version 2>/dev/null | grep -q '^GNU parallel'; then
  echo 'skipped: no GNU parallel; on Debian: apt-get install parallel'
  exit 77
fi

folder=$(mktemp -d)
parallel=''
trap 'kill -9 $parallel 2>/dev/null || true; kill -9 $(shards_running) 2>/dev/null || true; rm -rf "$folder"' EXIT
trap 'exit 143' INT TERM HUP
source "$here/experiment.sh"
export PARALLEL_HOME=$folder/home
mkdir -p "$PARALLEL_HOME"
touch "$PARALLEL_HOME/will-cite"

# Those that work on this store.
shards_running() {
  local process name arguments
  for process in /proc/[0-9]*; do
    { read -r name <"$process/comm" && mapfile -d '' arguments <"$process/cmdline"; } 2>/dev/null || continue
    if [[ $name == "${sluice##*/}" && " ${arguments[*]} " == *" --store $store "* ]]; then
      echo "${process#/proc/}"
    fi
  done
}
# As docs/cluster/README.md says it.
start() {
  parallel --joblog "$folder/jobs" --resume-failed --retries 2 -N0 -j 3 \
    "$sluice" "${sweep[@]}" -q --store "$store" --shards "$shards" ::: $(seq "$shards") 2>>"$folder/errors" &
  parallel=$!
}

start
while ((kills > 0)) && kill -0 $parallel 2>/dev/null; do
  sleep 0.3
  mapfile -t running < <(shards_running)
  ((${#running[@]})) || continue
  kill -9 "${running[RANDOM % ${#running[@]}]}" 2>/dev/null || continue
  kills=$((kills - 1))
  if ((kills == 4)); then
    # Its machine is gone. Whoever of its jobs is left ends, as they would there.
    kill -9 $parallel
    wait $parallel 2>/dev/null || true
    kill -9 $(shards_running) 2>/dev/null || true
    start
  fi
done
# On a quick machine shards may end before they are killed: the bytes are compared all the same.
echo "$((8 - kills)) shards were killed"
# Round after round, until every shard has ended with 0: all is done. Those that waited for others are started again.
for ((round = 0; ; round++)); do
  if wait $parallel; then break; fi
  ((round < 12)) || fail "not complete: $(cat "$folder/errors")"
  code=0
  "$sluice" merge --store "$store" -q || code=$?
  ((code == 0 || code == 5)) || fail "merge ends with $code"
  start
done
# Sequence, …, exit code, signal, command: what shards ended with that were not killed.
codes=$(awk -F'\t' 'NR > 1 && $8 == 0 { print $7 }' "$folder/jobs" | sort -un | tr '\n' ' ')
echo "$round more rounds; exit codes $codes"
[[ $codes =~ ^0\ (5\ )?(137\ )?$ ]] || fail "exit codes $codes"
is_as_of_one_process
