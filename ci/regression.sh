#!/usr/bin/env bash
# Load-tests two builds of a server with the same scenarios, in turn, several times each, and says
# whether the new one is worse than chance explains. docs/loading.md, "For regressions".
set -euo pipefail

usage() {
  cat <<'END'
regression.sh --base COMMAND --new COMMAND [OPTIONS] SCENARIO…

COMMAND is run by bash, once per repetition, and serves the start-run API until it is ended by
SIGTERM. The first http:// or https:// URL that it prints (standard output or error) is the target.
In it, {scenario} stands for the scenario file, {seed} for the seed and {time_scale} for the scale.

  --base COMMAND        the server to hold against
  --new COMMAND         the server in question
  --repetitions N       of each scenario with each server (8)
  --seed N              of the first repetition; the next ones count up (1)
  --time-scale X        scenario seconds per second (1)
  --load-option OPTION  handed to `sluice load`; may be repeated: --load-option=--follow=polling
  --compare-option OPT  handed to `sluice compare`; may be repeated: --compare-option=--pairs
  --retries N           for a load that was invalid: the machine was busy (2)
  --out FOLDER          for reports, comparisons and logs of the servers (load-regression)
  --sluice PROGRAM      (sluice)

Exit codes: 0 nothing got worse · 4 something did · 5 too little to tell · 2 bad usage · 6 a load
stayed invalid · 7 a server could not be reached · others as `sluice load`.
END
}

fail() {
  echo "regression.sh: $2" >&2
  exit "$1"
}

commands_base='' commands_new='' repetitions=8 first_seed=1 time_scale=1 retries=2
out=load-regression sluice=sluice
load_options=() compare_options=() scenarios=()
server=''

read_arguments() {
  while (($# > 0)); do
    local name=$1 value=''
    case $name in
      -h | --help) usage; exit 0 ;;
      --*=*) value=${name#*=} name=${name%%=*} ;;
      --*) (($# > 1)) || fail 2 "$name needs a value"; value=$2; shift ;;
      *) scenarios+=("$name") ;;
    esac
    shift
    case $name in
      --base) commands_base=$value ;;
      --new) commands_new=$value ;;
      --repetitions) repetitions=$value ;;
      --seed) first_seed=$value ;;
      --time-scale) time_scale=$value ;;
      --load-option) load_options+=("$value") ;;
      --compare-option) compare_options+=("$value") ;;
      --retries) retries=$value ;;
      --out) out=$value ;;
      --sluice) sluice=$value ;;
      --*) fail 2 "no option $name; --help lists them" ;;
    esac
  done
  [[ -n $commands_base && -n $commands_new ]] || fail 2 'give --base and --new; --help tells more'
  ((${#scenarios[@]} > 0)) || fail 2 'give at least one scenario file'
  [[ $repetitions =~ ^[1-9][0-9]*$ && $first_seed =~ ^[0-9]+$ && $retries =~ ^[0-9]+$ ]] ||
    fail 2 '--repetitions, --seed and --retries are whole numbers'
  command -v "$sluice" >/dev/null || fail 2 "no program $sluice; --sluice names it"
}

# In a session of its own, so that whatever the command started ends with it.
start_server() {
  local command=$1 log=$2
  : >"$log"
  setsid bash -c "$command" >"$log" 2>&1 </dev/null &
  server=$!
}

# The first URL in the log of the server under way; nothing, and false, if it never comes.
url_of_server() {
  local log=$1 tries
  for ((tries = 0; tries < 300; ++tries)); do
    grep -oEm 1 'https?://[^[:space:]"'"'"'<>,]+' "$log" | head -n 1 | grep . && return
    kill -0 "$server" 2>/dev/null || return 1
    sleep 0.1
  done
  return 1
}

stop_server() {
  [[ -n $server ]] || return 0
  local tries
  kill -TERM -- "-$server" 2>/dev/null || true
  for ((tries = 0; tries < 100; ++tries)); do
    kill -0 -- "-$server" 2>/dev/null || break
    sleep 0.1
  done
  kill -KILL -- "-$server" 2>/dev/null || true
  wait "$server" 2>/dev/null || true
  server=''
}

# load_once COMMAND SCENARIO SEED STEM: one load of a fresh server; returns its exit code.
load_once() {
  local command=$1 scenario=$2 seed=$3 stem=$4 url code=0
  command=${command//'{scenario}'/$scenario}
  command=${command//'{seed}'/$seed}
  command=${command//'{time_scale}'/$time_scale}
  start_server "$command" "$stem.server.log"
  if ! url=$(url_of_server "$stem.server.log"); then
    tail -n 5 "$stem.server.log" >&2
    fail 7 "this command printed no URL, or none within 30 s: $command"
  fi
  "$sluice" load "$scenario" --target "$url" --seed "$seed" --time-scale "$time_scale" \
    --json "$stem.json" --quiet ${load_options[@]+"${load_options[@]}"} 2>"$stem.log" || code=$?
  stop_server
  return "$code"
}

# load_valid WHICH COMMAND SCENARIO REPETITION FOLDER: as often as it takes to be valid.
load_valid() {
  local which=$1 command=$2 scenario=$3 repetition=$4 folder=$5
  local seed=$((first_seed + repetition - 1)) stem=$folder/$which-$repetition code try
  for ((try = 0; try <= retries; ++try)); do
    code=0
    load_once "$command" "$scenario" "$seed" "$stem" || code=$?
    ((code == 6)) || break
    echo "regression.sh: $stem: the load was not valid, try $((try + 1))" >&2
  done
  case $code in
    0 | 3 | 5) ;;  # what the scenario expects is not the question here
    *)
      tail -n 5 "$stem.log" >&2 2>/dev/null || true
      fail "$code" "$stem: sluice load ended with exit code $code"
      ;;
  esac
}

# In turn, and every other time the new one first: what drifts on the machine falls on both alike.
measure() {
  local scenario=$1 folder=$2 i
  for ((i = 1; i <= repetitions; ++i)); do
    echo "$scenario: repetition $i of $repetitions" >&2
    if ((i % 2 == 1)); then
      load_valid base "$commands_base" "$scenario" "$i" "$folder"
      load_valid new "$commands_new" "$scenario" "$i" "$folder"
    else
      load_valid new "$commands_new" "$scenario" "$i" "$folder"
      load_valid base "$commands_base" "$scenario" "$i" "$folder"
    fi
  done
}

# The exit code of the comparison, which is also printed and kept.
judge() {
  local folder=$1 base=() new=() i code=0
  for ((i = 1; i <= repetitions; ++i)); do
    base+=("$folder/base-$i.json") new+=("$folder/new-$i.json")
  done
  "$sluice" compare --base "${base[@]}" --new "${new[@]}" --json "$folder/comparison.json" \
    ${compare_options[@]+"${compare_options[@]}"} >"$folder/comparison.txt" || code=$?
  cat "$folder/comparison.txt"
  return "$code"
}

main() {
  read_arguments "$@"
  trap stop_server EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
  local scenario folder code worse=0 unclear=0
  for scenario in "${scenarios[@]}"; do
    [[ -r $scenario ]] || fail 2 "cannot read $scenario"
    folder=$out/$(basename "${scenario%.*}")
    mkdir -p "$folder" || fail 8 "cannot make the folder $folder"
    measure "$scenario" "$folder"
    code=0
    judge "$folder" || code=$?
    case $code in
      0) ;;
      4) worse=1 ;;
      5) unclear=1 ;;
      *) fail "$code" "$folder: sluice compare ended with exit code $code" ;;
    esac
  done
  if ((worse)); then exit 4; fi
  if ((unclear)); then exit 5; fi
}

main "$@"
