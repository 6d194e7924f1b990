# A Slurm cluster of one node on this machine, for the one who sources this: munged, slurmctld and slurmd with
# all their files in a folder, on free ports of the loopback interface, without systemd. Nothing outside is touched.
#   start_cluster FOLDER   afterwards sbatch, squeue … speak to it; fails with a reason
#   stop_cluster           ends its jobs and programs; harmless if it never started
# FOLDER has a short name (a socket's is at most 108 bytes) and is empty.

daemons=()

free_port() {
  local port
  while port=$((20000 + RANDOM % 20000)); (exec 3<>/dev/tcp/127.0.0.1/$port) 2>/dev/null; do :; done
  echo $port
}

# Twice as many processors as there are, so that tasks share them and are easily interrupted.
write_slurm_conf() {
  local folder=$1 host user
  host=$(hostname -s)
  user=$(id -un)
  cat >"$folder/slurm.conf" <<CONF
ClusterName=test
SlurmctldHost=$host(127.0.0.1)
NodeName=$host NodeAddr=127.0.0.1 CPUs=4 State=UNKNOWN
PartitionName=main Nodes=ALL Default=YES MaxTime=INFINITE State=UP
SlurmUser=$user
SlurmdUser=$user
SlurmctldPort=$(free_port)
SlurmdPort=$(free_port)
AuthType=auth/munge
CredType=cred/munge
AuthInfo=socket=$folder/munge.socket
StateSaveLocation=$folder/state
SlurmdSpoolDir=$folder/spool
SlurmctldPidFile=$folder/slurmctld.pid
SlurmdPidFile=$folder/slurmd.pid
SlurmctldLogFile=$folder/slurmctld.log
SlurmdLogFile=$folder/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SwitchType=switch/none
MpiDefault=none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SlurmdParameters=config_overrides
SchedulerType=sched/builtin
SchedulerParameters=batch_sched_delay=0,sched_interval=1
JobRequeue=1
KillWait=2
ReturnToService=2
MailProg=/bin/true
CONF
}

start_cluster() {
  local folder=$1
  export SLURM_CONF=$folder/slurm.conf PATH=$PATH:/usr/sbin:/sbin
  unset "${!SLURM_JOB@}" "${!SLURM_ARRAY@}" "${!SBATCH_@}" SLURM_CLUSTERS
  mkdir "$folder/state" "$folder/spool"
  write_slurm_conf "$folder"
  (umask 077 && head -c 128 /dev/urandom >"$folder/munge.key")
  munged --foreground --force --num-threads=2 --key-file="$folder/munge.key" --socket="$folder/munge.socket" \
    --pid-file="$folder/munge.pid" --seed-file="$folder/munge.seed" --log-file="$folder/munge.log" \
    >"$folder/munge.out" 2>&1 &
  daemons+=($!)
  slurmctld -D -f "$SLURM_CONF" >"$folder/slurmctld.out" 2>&1 &
  daemons+=($!)
  slurmd -D -f "$SLURM_CONF" >"$folder/slurmd.out" 2>&1 &
  daemons+=($!)
  local daemon
  for _ in $(seq 150); do
    if [[ $(timeout 5 sinfo -h -o %T 2>/dev/null) == idle ]]; then return; fi
    for daemon in "${daemons[@]}"; do kill -0 "$daemon" 2>/dev/null || break 2; done
    sleep 0.2
  done
  grep -hE 'error|fatal|Error' "$folder"/*.log "$folder"/*.out | tail -n 5
  return 1
}

stop_cluster() {
  ((${#daemons[@]})) || return 0
  timeout 5 scancel --user="$(id -un)" 2>/dev/null
  for _ in $(seq 50); do
    [[ -n $(timeout 5 squeue -h 2>/dev/null) ]] || break
    sleep 0.2
  done
  kill "${daemons[@]}" 2>/dev/null
  for _ in $(seq 50); do
    kill -0 "${daemons[@]}" 2>/dev/null || break
    sleep 0.1
  done
  kill -9 "${daemons[@]}" 2>/dev/null
  wait "${daemons[@]}" 2>/dev/null
  daemons=()
}
