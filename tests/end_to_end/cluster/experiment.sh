# What the tests of clusters have in common: a small sweep, and what one process says of it. For the one who sources
# this; `sluice` is set to the program, `seed` to what the draws of whom to kill begin with, `folder` to a folder.

RANDOM=$seed
shards=6
store=$folder/store
sweep=(sweep "$(realpath "$(dirname "${BASH_SOURCE[0]}")")/experiment.yaml" --vary workers=7..14 --replications 24
  --threads 1)

fail() {
  echo "seed $seed: $*" >&2
  exit 1
}

# report FILE [ARGUMENT…]: of the whole sweep, without what tells of the machine.
report() {
  local file=$1 code=0
  shift
  "$sluice" "${sweep[@]}" -q --json "$file.whole" "$@" || code=$?
  ((code == 0)) || fail "sweep ended with $code"
  sed '/"seconds":/d' "$file.whole" >"$file"
}

# Nothing is missing, nothing is there twice, and the report is that of one process, without another simulation.
is_as_of_one_process() {
  "$sluice" merge --store "$store" >"$folder/merged" || fail "merge: $(cat "$folder/merged")"
  local before
  before=$(cksum "$store"/points)
  report "$folder/sharded.json" --store "$store"
  [[ $(cksum "$store"/points) == "$before" ]] || fail 'points were missing'
  for shard in "$store"/points.*-of-*; do
    [[ -z $(grep '"replication"' "$shard" | cut -d, -f1-2 | sort | uniq -d) ]] || fail "$shard has points twice"
  done
  report "$folder/one_process.json"
  cmp "$folder/one_process.json" "$folder/sharded.json" || fail 'the reports differ'
}
