#!/usr/bin/env bash
# A sweep as arrays of a real Slurm, with docs/cluster/slurm_rounds.sh, whose tasks are killed at random: in the end the
# same bytes as of one process. Skipped, with a message, where Slurm is not installed or does not start.
#   slurm.sh SLUICE [SEED]
set -euo pipefail
sluice=$(realpath "$1")
seed=${2:-$RANDOM}
here=$(dirname "$(realpath "$0")")
scripts=$(realpath "$here/../../../docs/cluster")
kills=8
seconds=500

skip() {
  echo "skipped: $*"
  exit 77
}
for tool in munged slurmctld slurmd sbatch; do
  PATH=$PATH:/usr/sbin command -v $tool >/dev/null ||
    skip "no $tool; on Debian: apt-get install --no-install-recommends munge slurmctld slurmd slurm-client"
done
# In a namespace of its own no process survives it, whatever ends it.
contain=(unshare --pid --fork --kill-child --mount-proc)
if [[ -z ${SLUICE_CONTAINED:-} ]] && "${contain[@]}" true 2>/dev/null; then
  SLUICE_CONTAINED=yes exec "${contain[@]}" bash "$0" "$sluice" "$seed"
fi

folder=$(mktemp -d)
source "$here/experiment.sh"
source "$here/slurm_cluster.sh"
trap 'stop_cluster || true; rm -rf "$folder"' EXIT
trap 'exit 143' INT TERM HUP
mkdir "$folder/cluster" "$folder/jobs"
start_cluster "$folder/cluster" >"$folder/reason" || skip "Slurm does not start: $(cat "$folder/reason")"

# give_up TEXT: with what the jobs said.
give_up() {
  squeue -t all -r -o '%i %j %T %r' >&2
  tail -n 20 "$folder"/jobs/* >&2
  fail "$@"
}
# The number of the job that is a task of an array, which runs: `7_3` is job 9.
job_of() { squeue -h -j "$1" -t RUNNING -o %A; }
# process JOB NAME: one of that name inside the job.
process() {
  local id name
  for id in $(scontrol listpids "$1" 2>/dev/null | awk '$1 ~ /^[0-9]+$/ { print $1 }'); do
    if { read -r name <"/proc/$id/comm"; } 2>/dev/null && [[ $name == "$2" ]]; then echo "$id" && return; fi
  done
}

# strike TASK: what happens to tasks, one after the other. Who has ended meanwhile is not hit.
ways=('kill -9 of the shard' 'SIGTERM to the shard' 'kill -9 of the script' scancel requeue 'warning of the end')
declare -A hit=()
strike() {
  local task=$1 way=${ways[kills % ${#ways[@]}]} job shard script
  job=$(job_of "$task") && [[ -n $job ]] || return 0
  shard=$(process "$job" "${sluice##*/}")
  script=$(process "$job" bash)
  [[ -n $shard && -n $script ]] || return 0
  case $way in
    'kill -9 of the shard') kill -9 "$shard" ;;
    'SIGTERM to the shard') kill -TERM "$shard" ;;
    'kill -9 of the script') kill -9 "$script" ;;
    scancel) scancel "$task" ;;
    requeue) scontrol requeue "$task" ;;
    'warning of the end') scancel --batch --signal=USR1 "$task" ;;
  esac 2>/dev/null || return 0
  hit[$way]=$((${hit[$way]:-0} + 1))
  kills=$((kills - 1))
}
# Slurm lets a task that is requeued wait two minutes.
hurry() {
  local task
  for task in $(squeue -h -r -t PENDING -o '%i %r' | awk '$2 == "BeginTime" { print $1 }'); do
    scontrol update JobId="$task" StartTime=now 2>/dev/null || true
  done
}

cd "$folder/jobs"
rounds=(bash "$scripts/slurm_rounds.sh" 20 "$shards" "$store" "$sluice" "${sweep[@]}" -q)
export SLUICE_MOST_RESTARTS=2
"${rounds[@]}" >"$folder/jobs/first.log" || give_up 'nothing was submitted'
end=$((SECONDS + seconds))
while [[ -n $(squeue -h) ]]; do
  ((SECONDS < end)) || give_up "it is not over after $seconds s"
  hurry
  mapfile -t tasks < <(squeue -h -r -t RUNNING -o %i | grep _)
  if ((kills > 0 && ${#tasks[@]} > 0)); then strike "${tasks[RANDOM % ${#tasks[@]}]}"; fi
  sleep 0.3
done

grep -qs '^complete' "$folder"/jobs/sluice-merge-*.log || give_up 'it ended before all was there'
# On a quick machine tasks may end before all has happened: the bytes are compared all the same.
((${#hit[@]} == ${#ways[@]})) || echo "not everything happened, but only: ${!hit[*]}"
is_as_of_one_process
for way in "${!hit[@]}"; do echo "${hit[$way]} × $way"; done
echo "$(cat "$folder"/jobs/*.log | grep -c '^shards .* job') arrays"
