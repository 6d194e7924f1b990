#!/usr/bin/env bash
# ci/regression.sh with real servers: a changed rule is found, and, said of the same rule twice, is not.
#   regression.sh SLUICE [TRIALS [REPETITIONS]]
# With more than one trial it prints how often; each has seeds of its own.
set -euo pipefail
sluice=$1
trials=${2:-1}
repetitions=${3:-6}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

# compare NAME TRIAL OPTION...: a comparison with a server that gets these options as well; its exit code and its
# output are in NAME.code and NAME.out.
compare() {
  local name=$1 trial=$2 code=0 serve="$sluice serve {scenario} --seed {seed} --time-scale {time_scale}"
  serve+=" --set serve.streams.hold_back=0s"
  shift 2
  ci/regression.sh --base "$serve" --new "$serve $*" --time-scale 3600 --seed $((trial * 1000)) \
    --repetitions "$repetitions" --load-option=--for=1h --sluice "$sluice" --out "$folder/$name" \
    scenarios/head_of_line.yaml >"$folder/$name.out" 2>&1 || code=$?
  echo "$code" >"$folder/$name.code"
}

# code NAME: the exit code; another than the two verdicts ends this test.
code() {
  local code
  code=$(<"$folder/$1.code")
  [[ $code == 0 || $code == 4 ]] || { cat "$folder/$1.out" >&2; exit "$code"; }
  echo "$code"
}

found=0 false_alarms=0
for ((trial = 1; trial <= trials; trial++)); do
  # Together: loads wait more than they compute.
  compare same "$trial" &
  compare changed "$trial" -p when=block_level &
  wait
  same=$(code same) changed=$(code changed)
  [[ $same == 0 ]] || { false_alarms=$((false_alarms + 1)); cat "$folder/same.out"; }
  [[ $changed == 0 ]] || found=$((found + 1))
done
echo "changed rule found: $found of $trials; false alarms: $false_alarms of $trials"
((trials > 1 || (found == 1 && false_alarms == 0)))
