#!/usr/bin/env bash
# The scripts inside docs/ci/, as GitHub and GitLab run them: exit code, results, summary, shards.
#   templates.sh SLUICE
set -euo pipefail
sluice=$(realpath "$1")
docs=$PWD/docs/ci
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cp -r tests/end_to_end/transcripts/tests "$folder/scenarios"
cd "$folder"

fail() {
  echo "$1" >&2
  cat out >&2
  exit 1
}
# Runs the rest of its arguments, output in `out`.
expect_code() {
  local expected=$1 code=0
  shift
  "$@" >out 2>&1 || code=$?
  [[ $code == "$expected" ]] || fail "exit code $code instead of $expected"
}
contains() { grep -qE "$2" "$1" || fail "$1 does not contain $2"; }

# The block under a line that ends with `|`, up to a line that is indented less.
block_after() {
  awk -v line="$2" '
    in_block && NF { match($0, /^ */); if (!indent) indent = RLENGTH; if (RLENGTH < indent) exit }
    in_block { print substr($0, indent + 1) }
    $0 ~ line { in_block = 1 }' "$1"
}
block_after "$docs/github/action.yml" '^      run: [|]$' >github.sh
block_after "$docs/gitlab-ci.yml" '^    - [|]$' >gitlab.sh
[[ -s github.sh && -s gitlab.sh ]] || fail 'no scripts'

github() {
  env SLUICE="$sluice" TOLERANCE=10% RESULTS=results GITHUB_STEP_SUMMARY=summary.md "$@" \
    bash --noprofile --norc -eo pipefail github.sh
}
expect_code 2 github PATHS='scenarios/holds.yaml scenarios/mistake.yaml' SHARD= BASELINE= OPTIONS='--seed 3 --threads 1'
contains out '^::error file=scenarios/mistake.yaml,line=2,'
contains results/junit.xml '<error message='
contains results/test.json '"seed": 3'
contains summary.md 'PASS.*scenarios/holds.yaml'
expect_code 0 github PATHS=scenarios SHARD=2/3 BASELINE= OPTIONS=
contains out 'shard 2 of 3'
expect_code 5 github PATHS=scenarios/holds.yaml SHARD= BASELINE=nowhere OPTIONS=
contains out 'there is no baseline nowhere/scenarios/holds.yaml.json'
# What stands in an input is never run.
expect_code 2 github PATHS='$(touch run) scenarios/`touch run`' SHARD= BASELINE= OPTIONS=
[[ ! -e run ]] || fail 'an input was run'

mkdir -p sluice/build/release/bin
ln -s "$sluice" sluice/build/release/bin/sluice
gitlab() { env SLUICE_BASELINE= SLUICE_OPTIONS= "$@" sh -e gitlab.sh; }
expect_code 0 gitlab SLUICE_PATHS=scenarios CI_NODE_INDEX=2 CI_NODE_TOTAL=3
contains out 'shard 2 of 3'
contains sluice-test/junit.xml '<testsuites'
expect_code 3 gitlab SLUICE_PATHS=scenarios/fails.yaml
contains sluice-test/test.md 'FAIL'
