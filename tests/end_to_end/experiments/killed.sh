#!/usr/bin/env bash
# Kills sweeps, plans and shards with a store at random times, goes on, and compares what they find in the end with what
# one undisturbed process finds, byte by byte: killed.sh SLUICE [KILLS_OF_EACH [SEED]]
# 100 kills of each take some two minutes on two cores.
set -euo pipefail
sluice=$(realpath "$1")
kills=${2:-4}
RANDOM=${3:-1}
cd "$(dirname "$(realpath "$0")")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
scenario=$PWD/queue.yaml
vary=(--vary workers=3..6 --vary sessions=1,3)
choose=(--choose workers=2..8 --choose sessions=1..4 --cost '10*workers + sessions')

# What may differ between two runs is in the last two members.
found() { sed '/^ *"build":/,$d' "$1"; }

# killed_until_done NAME COMMAND…: the command is killed at random times, KILLS times at most, and then left alone.
killed_until_done() {
  local name=$1 left=$kills
  shift
  while ((left-- > 0)); do
    "$@" --store "$work/$name" --json "$work/$name.json" -q &
    local pid=$!
    sleep "0.$(printf '%03d' $((RANDOM % 120)))"
    kill -9 "$pid" 2>/dev/null || true
    wait "$pid" 2>/dev/null || true
  done
  "$@" --store "$work/$name" --json "$work/$name.json" -q
}

same() {
  if ! cmp -s <(found "$work/$1.json") <(found "$work/$2.json"); then
    echo "$1 and $2 differ:"
    diff <(found "$work/$1.json") <(found "$work/$2.json") | head
    exit 1
  fi
  echo "$2: the same bytes as $1"
}

"$sluice" sweep "$scenario" "${vary[@]}" --json "$work/sweep.json" -q
"$sluice" plan "$scenario" "${choose[@]}" --json "$work/plan.json" -q
killed_until_done killed_sweep "$sluice" sweep "$scenario" "${vary[@]}"
same sweep killed_sweep
killed_until_done killed_plan "$sluice" plan "$scenario" "${choose[@]}"
same plan killed_plan

# Three shards of a sweep, each of them killed now and then, until all say that nothing is left to do.
shard_kills=0
for ((turn = 0; turn < 1000; turn++)); do
  all_done=true
  for shard in 1/3 2/3 3/3; do
    "$sluice" sweep "$scenario" "${vary[@]}" --store "$work/shards" --shard $shard >"$work/said" &
    pid=$!
    if ((shard_kills < kills)) && ((RANDOM % 2)); then
      sleep "0.$(printf '%03d' $((RANDOM % 60)))"
      kill -9 "$pid" 2>/dev/null && shard_kills=$((shard_kills + 1)) || true
    fi
    wait "$pid" 2>/dev/null || true
    grep -q 'all is done' "$work/said" || all_done=false
  done
  "$sluice" merge --store "$work/shards" -q || [[ $? == 5 ]]
  if $all_done; then break; fi
done
"$sluice" sweep "$scenario" "${vary[@]}" --store "$work/shards" --json "$work/shards.json" -q
same sweep shards
# Nothing twice: as many points as replications.
points=$(grep -c '"setting"' "$work/shards/points")
replications=$(sed -n '/"spent"/s/.*"replications": \([0-9]*\).*/\1/p' "$work/sweep.json")
[[ $points == "$replications" ]] || { echo "$points points of $replications replications"; exit 1; }
echo "$kills kills of each, $shard_kills of shards: nothing lost, nothing twice"
