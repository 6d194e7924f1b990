# For scripts to source: what of a report the same seed must give again, byte for byte.

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# report_bytes SLUICE SCENARIO OUT [SIMULATE_ARGUMENT...]: the JSON report of two replications without the blocks
# "build" and "wall". Exit code 3 and 5 are verdicts, not failures.
report_bytes() {
  local sluice=$1 scenario=$2 out=$3 code=0
  shift 3
  "$sluice" simulate "$scenario" --replications 2 --json "$scratch/report.json" "$@" >"$scratch/terminal" 2>&1 || code=$?
  if [[ $code != [035] ]]; then
    cat "$scratch/terminal"
    echo "$sluice simulate $scenario: exit code $code"
    return 1
  fi
  if [[ $(grep -cE '^ "(build|wall)": \{.*\},?$' "$scratch/report.json") != 2 ]]; then
    echo "$scenario: the report has no lines \"build\" and \"wall\" to leave out"
    return 1
  fi
  grep -vE '^ "(build|wall)": ' "$scratch/report.json" >"$out"
}
