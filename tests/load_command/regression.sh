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

# compare TRIAL OPTION...: the exit code of the comparison with a server that gets these options as well.
compare() {
  local trial=$1 code=0 serve="$sluice serve {scenario} --seed {seed} --time-scale {time_scale}"
  serve+=" --set serve.streams.hold_back=0s"
  shift
  ci/regression.sh --base "$serve" --new "$serve $*" --time-scale 3600 --seed $((trial * 1000)) \
    --repetitions "$repetitions" --load-option=--for=1h --sluice "$sluice" --out "$folder" \
    scenarios/head_of_line.yaml >"$folder/out" 2>&1 || code=$?
  [[ $code == 0 || $code == 4 ]] || { cat "$folder/out" >&2; exit "$code"; }
  echo "$code"
}

found=0 false_alarms=0
for ((trial = 1; trial <= trials; trial++)); do
  [[ $(compare "$trial") == 0 ]] || { false_alarms=$((false_alarms + 1)); cat "$folder/out"; }
  [[ $(compare "$trial" -p when=block_level) == 0 ]] || found=$((found + 1))
done
echo "changed rule found: $found of $trials; false alarms: $false_alarms of $trials"
((trials > 1 || (found == 1 && false_alarms == 0)))
