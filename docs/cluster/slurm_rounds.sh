#!/usr/bin/env bash
# An experiment on a Slurm cluster until nothing is missing, in at most ROUNDS arrays of SHARDS tasks:
#   slurm_rounds.sh ROUNDS SHARDS DIR sluice sweep FILE --vary …
# DIR is the store, a folder that all nodes see. Between the arrays it runs as a job of its own. Options of
# sbatch for all jobs: SBATCH_PARTITION, SBATCH_ACCOUNT …, or SLUICE_SBATCH='--mem=2G --cpus-per-task=4'.
set -euo pipefail
rounds=$1 shards=$2 store=$3
shift 3
scripts=$(dirname "$(realpath "$0")")
read -ra options <<<"${SLUICE_SBATCH:-}"

array=1-$shards
if [[ -e $store/manifest.json ]]; then
  code=0
  array=$("$1" merge --store "$store" --array) || code=$?
  case $code in
    0) echo "complete: $store" && exit ;;
    5) ((rounds > 0)) || { echo "shards $array of $shards are not complete" >&2 && exit 5; } ;;
    *) exit $code ;;
  esac
fi

job=$(sbatch --parsable "${options[@]}" --array="$array" "$scripts/slurm_shard.sh" "$shards" \
  "$@" --store "$store")
echo "shards $array of $shards: job $job"
printf -v again '%q ' "$scripts/slurm_rounds.sh" $((rounds - 1)) "$shards" "$store" "$@"
sbatch "${options[@]}" --job-name=sluice-merge --dependency="afterany:$job" \
  --output=sluice-merge-%j.log >/dev/null <<JOB
#!/usr/bin/env bash
exec bash $again
JOB
