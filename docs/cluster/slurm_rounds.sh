#!/usr/bin/env bash
# An experiment on a Slurm cluster until nothing is missing, in at most ARRAYS arrays of SHARDS tasks:
#   slurm_rounds.sh ARRAYS SHARDS DIR sluice sweep FILE --vary … --json FILE
# DIR is the store. It, this folder and all files are where every node sees them. Between the arrays this runs as a job of
# its own; the last such job tells the result. Options of sbatch for all jobs: SBATCH_PARTITION, SBATCH_ACCOUNT …, or
# SLUICE_SBATCH='--mem=2G --cpus-per-task=4'. Started again by hand, it goes on.
set -euo pipefail
arrays=$1 shards=$2 store=$3
shift 3
scripts=$(dirname "$(realpath "$0")")
read -ra options <<<"${SLUICE_SBATCH:-}"

array=1-$shards wanted=''
if [[ -e $store/manifest.json ]]; then
  code=0
  array=$("$1" merge --store "$store" --array) || code=$?
  case $code in
    0)
      # All that was wanted is there; the shards see now whether a next round wants more.
      array=1-$shards wanted=$(cksum <"$store/manifest.json")
      if [[ $wanted == "${SLUICE_WANTED:-}" ]]; then
        echo "complete: $store"
        exec "$@" --store "$store"
      fi
      ;;
    5) ;;
    *) exit $code ;;
  esac
fi
((arrays > 0)) || { echo "shards $array of $shards have to go on" >&2 && exit 5; }

job=$(sbatch --parsable "${options[@]}" --array="$array" "$scripts/slurm_shard.sh" "$shards" \
  "$@" --store "$store")
echo "shards $array of $shards: job $job"
printf -v again '%q ' "$scripts/slurm_rounds.sh" $((arrays - 1)) "$shards" "$store" "$@"
sbatch "${options[@]}" --job-name=sluice-merge --dependency="afterany:$job" \
  --output=sluice-merge-%j.log >/dev/null <<JOB
#!/usr/bin/env bash
export SLUICE_WANTED='$wanted'
exec bash $again
JOB
