#!/bin/bash
# mutation.sh [--work DIR] [--jobs N] [--from NAME] [NAME…]: puts the faults of mutants.txt into a copy of the tree, one at a
# time, and says which test catches each. Without names: all of them. Ends with 1 if any is missed.
#
# Only what a test program needs is built, one program after the other, and the first that fails ends the matter. A fault
# takes a minute or so on one core; DIR (default: a folder of its own under /tmp) keeps the copy and its build for the next time.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
work=${TMPDIR:-/tmp}/sluice_mutation
jobs=$(nproc)
from=
names=()
while (($#)); do
  case $1 in
    --work) work=$2; shift 2 ;;
    --jobs) jobs=$2; shift 2 ;;
    --from) from=$2; shift 2 ;;
    -*) sed -n '2,6s/^# //p' "$0" >&2; exit 2 ;;
    *) names+=("$1"); shift ;;
  esac
done
# In the order in which they are tried: what is quick to build and likely to fail first.
programs=(pipeline reference sim reports invariants swarm)
most_seconds=600

mutants() { perl "$here/mutants.pl" "$here/mutants.txt" "$@"; }

mutants check "$root" >&2
if ((${#names[@]} == 0)); then mapfile -t names < <(mutants names | sed -n "/^${from:-.*}\$/,\$p"); fi

# ---- the copy and its build

mkdir -p "$work"
copy=$work/tree build=$work/build log=$work/log
mkdir -p "$copy" "$log"
# Only files that differ are written, so that the next time little is built.
(cd "$root" && git ls-files -co --exclude-standard -z | xargs -0 cp -u --parents -t "$copy")
undo() { [[ -n ${changed:-} ]] && cp "$root/$changed" "$copy/$changed"; changed=; }
trap undo EXIT
for file in $(sed -n 's/^@ [^ ]* //p' "$here/mutants.txt" | sort -u); do
  cmp -s "$root/$file" "$copy/$file" || cp "$root/$file" "$copy/$file"
done
cmake -S "$copy" -B "$build" -G Ninja -D CMAKE_BUILD_TYPE=Release -D CMAKE_CXX_FLAGS_RELEASE="-O1 -DNDEBUG" \
  -D SLUICE_LTO=OFF -D SLUICE_UNITY_TESTS=ON -D SLUICE_WERROR=OFF -D SLUICE_BENCH=OFF >"$log/configure" 2>&1 ||
  { tail -20 "$log/configure" >&2; exit 2; }

build_program() { cmake --build "$build" --target "sluice_$1_tests" -- -j "$jobs" >"$log/$2" 2>&1; }
run_program() {  # from the copy's root, for files that tests read
  (cd "$copy" && timeout "$most_seconds" "$build/bin/sluice_$1_tests" --gtest_fail_fast --gtest_brief=1 \
    --gtest_filter='-*Alone*.*' >>"$log/$2" 2>&1)
}

echo "without a fault:" >&2
for program in "${programs[@]}"; do
  build_program "$program" baseline && run_program "$program" baseline ||
    { echo "$program: fails without any fault, see $log/baseline" >&2; exit 2; }
done

# ---- one fault after the other

caught=0 missed=()
for name in "${names[@]}"; do
  changed=$(perl "$here/mutants.pl" "$here/mutants.txt" apply "$copy" "$name")
  by=
  for program in "${programs[@]}"; do
    if ! build_program "$program" "$name"; then by="no compiler accepts it"; break; fi
    status=0
    run_program "$program" "$name" || status=$?
    ((status == 0)) && continue
    by=$(sed -n 's/^\[  FAILED  \] \([^ ,(]*\).*/\1/p' "$log/$name" | head -1)
    if ((status == 124)); then by="$program, which hangs"; fi
    if ((status > 128)); then by="$program, which crashes"; fi
    by=${by:-$program, which fails}
    break
  done
  undo
  if [[ $by == "no compiler accepts it" ]]; then echo "$name: $by, see $log/$name" >&2; exit 2; fi
  if [[ -n $by ]]; then
    ((++caught))
    printf 'caught  %-42s %s\n' "$name" "$by"
  else
    missed+=("$name")
    printf 'MISSED  %s\n' "$name"
  fi
done
echo "${#names[@]} faults: $caught caught, ${#missed[@]} missed"
((${#missed[@]} == 0))
