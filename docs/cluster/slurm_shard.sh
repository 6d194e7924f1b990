#!/usr/bin/env bash
# One shard of an experiment, as a task of a Slurm array:
#   sbatch --array=1-16 slurm_shard.sh 16 sluice sweep FILE --vary … --store DIR
# It is submitted again where that may help; exit codes as in the README beside this file.
#SBATCH --job-name=sluice
#SBATCH --ntasks=1
#SBATCH --time=04:00:00
#SBATCH --requeue
#SBATCH --open-mode=append
#SBATCH --output=sluice-%A_%a.log
# A warning to this script alone, before the time is over.
#SBATCH --signal=B:USR1@60
set -u
shards=$1
shift
most_restarts=${SLUICE_MOST_RESTARTS:-5}

shard='' cancelled='' trapped='' code=0
end_shard() {
  trapped=yes
  [[ -z $shard ]] || kill -TERM "$shard" 2>/dev/null
}
trap end_shard USR1
# From Slurm: scancel, a preemption, a node that is drained. Slurm knows itself whether the task is to go on.
trap 'cancelled=yes; end_shard' TERM
"$@" --shards "$shards" &
shard=$!
# A trap ends the wait, not the shard: its exit code is that of a wait that none ended.
while trapped='' code=0; wait $shard || code=$?; [[ $trapped ]]; do :; done

again=''
case $code in 1 | 7 | 137 | 143) again=yes ;; esac
if [[ -n $again && -z $cancelled ]]; then
  # Of the last task of an array, SLURM_JOB_ID is the whole array's.
  task=${SLURM_ARRAY_JOB_ID}_$SLURM_ARRAY_TASK_ID
  if ((${SLURM_RESTART_COUNT:-0} < most_restarts)); then
    echo "exit code $code: task $task goes on later" >&2
    scontrol requeue "$task"
  else
    echo "exit code $code, for the ${SLURM_RESTART_COUNT}th time: task $task is given up" >&2
  fi
fi
exit $code
