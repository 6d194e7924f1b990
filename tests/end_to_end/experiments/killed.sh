#!/usr/bin/env bash
# Kills sweeps, plans, comparisons and shards with a store at random times, goes on, and compares what they find in the end with what
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
more=(--base-set params.workers=3 --set params.workers=4 --most 60)
choose=(--choose workers=2..8 --choose sessions=1..4 --cost '10*workers + sessions')

# What may differ between two runs is in the last two members.
found() { sed '/^ *"build":/,$d' "$1"; }

same() {
  if ! cmp -s <(found "$work/$1.json") <(found "$work/$2.json"); then
    echo "$1 and $2 differ:"
    diff <(found "$work/$1.json") <(found "$work/$2.json") | head
    exit 1
  fi
}

# Nothing twice: as many points in a store as replications were asked for.
as_many_points() {
  local points replications
  points=$(find "$1" -name points -exec cat {} + | grep -c '"setting"')
  replications=$(sed -n '/"spent"/s/.*"replications": \([0-9]*\).*/\1/p
    /"repetitions"/s/.*"base": \([0-9]*\), "new": \([0-9]*\).*/\1+\2/p' "$work/$2.json")
  replications=$((replications))
  [[ $points == "$replications" ]] || { echo "$points points of $replications replications in $1"; exit 1; }
}

# killed NAME COMMAND…: the command is killed at random times; when it comes to its end, that is compared and a new
# store begun, until it was killed KILLS times.
killed() {
  local name=$1 store=0 left=$kills pid
  shift
  while ((left > 0)); do
    "$@" --store "$work/$name-$store" --json "$work/killed.json" -q &
    pid=$!
    sleep "0.0$(printf '%02d' $((RANDOM % 90)))"
    kill -9 "$pid" 2>/dev/null || true
    if wait "$pid" 2>/dev/null; then
      same "$name" killed
      as_many_points "$work/$name-$store" "$name"
      store=$((store + 1))
    else
      left=$((left - 1))
    fi
  done
  "$@" --store "$work/$name-$store" --json "$work/killed.json" -q
  same "$name" killed
  echo "$name: killed $kills times, $((store + 1)) stores came to the same bytes"
}

"$sluice" sweep "$scenario" "${vary[@]}" --json "$work/sweep.json" -q
"$sluice" plan "$scenario" "${choose[@]}" --json "$work/plan.json" -q
"$sluice" compare "$scenario" "${more[@]}" --json "$work/compare.json" -q
killed sweep "$sluice" sweep "$scenario" "${vary[@]}"
killed plan "$sluice" plan "$scenario" "${choose[@]}"
killed compare "$sluice" compare "$scenario" "${more[@]}"

# Three shards of a sweep, each of them killed now and then, until all say that nothing is left to do; again with a new
# store until they were killed KILLS times.
shard_kills=0
for ((store = 0; store == 0 || shard_kills < kills; store++)); do
  all_done=false
  for ((turn = 0; turn < 1000; turn++)); do
    if $all_done; then break; fi
    all_done=true
    for shard in 1/3 2/3 3/3; do
      "$sluice" sweep "$scenario" "${vary[@]}" --store "$work/shards-$store" --shard $shard >"$work/said" &
      pid=$!
      if ((RANDOM % 2)); then
        sleep "0.0$(printf '%02d' $((RANDOM % 60)))"
        kill -9 "$pid" 2>/dev/null || true
      fi
      code=0
      wait "$pid" 2>/dev/null || code=$?
      case $code in
        0) grep -q 'all is done' "$work/said" ;;
        5) all_done=false && grep -q 'its part is done' "$work/said" ;;
        137) shard_kills=$((shard_kills + 1)) all_done=false ;;
        *) echo "a shard ended with $code" && exit 1 ;;
      esac
    done
    "$sluice" merge --store "$work/shards-$store" -q 2>/dev/null || [[ $? == 5 || $? == 2 ]]
  done
  "$sluice" sweep "$scenario" "${vary[@]}" --store "$work/shards-$store" --json "$work/shards.json" -q
  same sweep shards
  as_many_points "$work/shards-$store" sweep
done
echo "shards: killed $shard_kills times, $store stores came to the same bytes: nothing lost, nothing twice"
