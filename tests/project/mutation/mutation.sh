#!/bin/bash
# mutation.sh [--in BUILD] [--work DIR] [--jobs N] [--from NAME] [NAME…]: puts the faults of mutants.txt into a copy of the
# tree, one at a time, and says which test catches each. Without names: all of them. Ends with 1 if any is missed.
#
# --in BUILD: into this tree itself, with its build folder BUILD, which saves building everything once. Do not work in the tree
# meanwhile. A file with a fault is put back however this ends; if it is killed, when it next begins.
# Otherwise DIR (default: a folder of its own under /tmp) keeps the copy and its build for the next time.
#
# Of the test programs only those that a fault changes run, N at a time; the first that fails ends the matter.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../../.." && pwd)
work=${TMPDIR:-/tmp}/sluice_mutation
jobs=$(nproc)
from= build=
names=()
while (($#)); do
  case $1 in
    --in) build=$(cd "$2" && pwd); shift 2 ;;
    --work) work=$2; shift 2 ;;
    --jobs) jobs=$2; shift 2 ;;
    --from) from=$2; shift 2 ;;
    -*) sed -n '2,9s/^# \?//p' "$0" >&2; exit 2 ;;
    *) names+=("$1"); shift ;;
  esac
done
# In the order in which they are tried: what is quick and likely to fail first.
programs=(reference pipeline invariants sim reports swarm)
most_seconds=600  # what is slow only because others use the machine does not hang
most_kbytes=8000000
export RC_PARAMS=seed=20261129  # what is drawn is the same each time

mutants() { perl "$here/mutants.pl" "$here/mutants.txt" "$@"; }

# ---- the tree that gets the faults, and its build

if [[ -n $build ]]; then
  tree=$root work=$build/mutation
else
  tree=$work/tree build=$work/build
fi
log=$work/log sound=$work/sound  # sound: the file that has a fault, as it was
mkdir -p "$tree" "$log"

# Written anew, not with its old time, so that it is compiled again.
put_back() {
  [[ -f $sound ]] || return 0
  cat "$sound" >"$tree/$(cat "$work/faulty")"
  rm "$sound"
}
running=()
stop() {
  ((${#running[@]} == 0)) || kill "${running[@]}" 2>/dev/null || true
  put_back
}
trap stop EXIT
trap 'exit 130' INT TERM HUP
put_back

mutants check "$root" >&2
if ((${#names[@]} == 0)); then mapfile -t names < <(mutants names | sed -n "/^${from:-.*}\$/,\$p"); fi

if [[ $tree != "$root" ]]; then
  (cd "$root" && git ls-files -co --exclude-standard -z) | while IFS= read -r -d '' file; do
    # Only files that differ are written, so that the next time little is built.
    cmp -s "$root/$file" "$tree/$file" || (cd "$root" && cp --parents "$file" "$tree")
  done
  cmake -S "$tree" -B "$build" -G Ninja -D CMAKE_BUILD_TYPE=Release -D CMAKE_CXX_FLAGS_RELEASE="-O1 -DNDEBUG" \
    -D SLUICE_LTO=OFF -D SLUICE_UNITY_TESTS=ON -D SLUICE_WERROR=OFF -D SLUICE_BENCH=OFF \
    -D SLUICE_WEB=OFF >"$log/configure" 2>&1 ||
    { tail -20 "$log/configure" >&2; exit 2; }
fi

targets=()
for program in "${programs[@]}"; do targets+=("sluice_${program}_tests"); done
targets[-1]=sluice_swarm

build_programs() { cmake --build "$build" --target "${targets[@]}" -- -j "$jobs" >"$log/$1.build" 2>&1; }
run_program() {  # from the tree's root, for files that tests read
  cd "$tree"
  ulimit -v "$most_kbytes"
  if [[ $1 == swarm ]]; then
    exec timeout "$most_seconds" "$build/bin/sluice_swarm" --scenarios 300 --stop --folder "$work/swarm"
  fi
  exec timeout "$most_seconds" "$build/bin/sluice_$1_tests" --gtest_fail_fast --gtest_brief=1 --gtest_filter='-*Alone*.*'
}
binary() { [[ $1 == swarm ]] && echo "$build/bin/sluice_swarm" || echo "$build/bin/sluice_$1_tests"; }
sum_of() { sha256sum <"$(binary "$1")"; }

# run_programs NAME PROGRAM…: `jobs` at a time, until one fails. Says how in `by`.
run_programs() {
  local name=$1 status pid program next=1
  shift
  local -A program_of=()
  by= running=()
  while :; do
    while ((${#program_of[@]} < jobs && next <= $#)); do
      program=${!next}
      run_program "$program" >"$log/$name.$program" 2>&1 &
      program_of[$!]=$program
      ((++next))
    done
    running=("${!program_of[@]}")
    ((${#running[@]} > 0)) || return 0
    status=0
    wait -n -p pid "${running[@]}" 2>/dev/null || status=$?  # without bash's word on a crash
    program=${program_of[$pid]}
    unset "program_of[$pid]"
    ((status == 0)) || break
  done
  by=$(sed -n 's/^\[  FAILED  \] \([^ ,(]*\).*/\1/p' "$log/$name.$program" | head -1)
  by=${by:-$program, which fails}
  if ((status == 124)); then by="$program, which hangs"; fi
  if ((status > 128)); then by="$program, which crashes"; fi
  for pid in "${!program_of[@]}"; do kill "$pid" 2>/dev/null || true; done
  for pid in "${!program_of[@]}"; do wait "$pid" 2>/dev/null || true; done
  running=()
}

echo "without a fault:" >&2
build_programs baseline || { tail -20 "$log/baseline.build" >&2; exit 2; }
run_programs baseline "${programs[@]}"
if [[ -n $by ]]; then echo "$by: fails without any fault, see $log/baseline.*" >&2; exit 2; fi
declare -A sound_sum
for program in "${programs[@]}"; do sound_sum[$program]=$(sum_of "$program"); done

# ---- one fault after the other

caught=0 missed=()
for name in "${names[@]}"; do
  file=$(mutants file "$name")
  echo "$file" >"$work/faulty"
  cp "$tree/$file" "$sound"
  mutants apply "$name" "$tree"
  accepted=yes
  build_programs "$name" || accepted=no
  changed=()
  for program in "${programs[@]}"; do
    [[ $accepted == no || $(sum_of "$program") == "${sound_sum[$program]}" ]] || changed+=("$program")
  done
  [[ $accepted == no ]] || run_programs "$name" "${changed[@]}"
  put_back
  if [[ $accepted == no ]]; then
    echo "$name: no compiler accepts it, see $log/$name.build" >&2
    exit 2
  elif [[ -n $by ]]; then
    ((++caught))
    printf 'caught  %-42s %s\n' "$name" "$by"
  else
    missed+=("$name")
    printf 'MISSED  %s\n' "$name"
  fi
done
echo "${#names[@]} faults: $caught caught, ${#missed[@]} missed"
((${#missed[@]} == 0))
