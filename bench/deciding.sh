#!/usr/bin/env bash
# What `sluice sweep` and `sluice plan` cost beside the simulations that they need:
#   bench/deciding.sh [BUILD_DIR [PART…]]    parts: efficiency overhead memory day week; all of them if none is named
# Each part holds a command against a yardstick that runs in turn with it, and prints a line; ratios count, not times.
# Processor time is what other programs on the machine change least, wall time what they change most.
# Some two minutes. bench/set_up.sh installs and builds what it needs.
set -euo pipefail
source "$(dirname "$(realpath "$0")")/needs.sh"
build=${1:-build/bench}
needs "$build/bin" python3 sluice
shift "$(($# > 0))"
cd "$(dirname "$(realpath "$0")")/.."
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 - "$(realpath "$build/bin/sluice")" "$folder" "$@" <<'PYTHON'
import json, os, resource, subprocess, sys, time

sluice, folder, parts = sys.argv[1], sys.argv[2], sys.argv[3:]
cores = len(os.sched_getaffinity(0))


def heap_kib(process):
    """Private memory: pages of a store's files that were just written are not the program's."""
    try:
        with open("/proc/%d/status" % process) as status:
            return int(next(line for line in status if line.startswith("VmData")).split()[1])
    except (OSError, StopIteration):
        return 0


def run(*arguments, watched=False):
    """Wall and processor time, peak memory in KiB if it is watched. Verdicts are what they are: 0, 3, 5."""
    begin = time.monotonic()
    said = open(os.path.join(folder, "said"), "w+")
    child = subprocess.Popen([sluice, *arguments, "-q"], stdout=subprocess.DEVNULL, stderr=said)
    peak, ended = 0, 0
    while ended == 0:
        if watched:
            peak = max(peak, heap_kib(child.pid))
            time.sleep(0.02)
        ended, status, usage = os.wait4(child.pid, os.WNOHANG if watched else 0)
    if os.waitstatus_to_exitcode(status) not in (0, 3, 5):
        said.seek(0)
        sys.exit("%s: %d\n%s" % (" ".join(arguments), os.waitstatus_to_exitcode(status), said.read()))
    return time.monotonic() - begin, usage.ru_utime + usage.ru_stime, peak


def file(name, text):
    path = os.path.join(folder, name)
    with open(path, "w") as f:
        f.write(text)
    return path


def tiny():
    return file("tiny.yaml", """scenario: tiny
seed: 1
duration: 10m
params: {workers: 2}
api: {rate_limits: {}}
resource_groups: {main: {workers: "${workers}"}}
workspaces: {acme: {}}
workflows: {plain: {time: {exponential: 30s}}}
submitters: {people: {workspace: acme, workflow: plain, priority: HIGH, arrivals: {poisson: 1/min}}}
expect: ["HIGH.wait.mean < 10m"]
""")


def efficiency():
    day = "bench/planners_day.yaml"
    sweep = ["sweep", day, "--vary", "workers=40..70:10", "--replications", str(32 * cores)]
    pairs = [(run(*sweep, "--threads", "1"), run(*sweep, "--threads", str(cores))) for _ in range(3)]
    wall = sorted(one[0] / many[0] / cores for one, many in pairs)[1]
    work = sorted(one[1] / many[1] for one, many in pairs)[1]
    print("efficiency: %d threads are %.2f x %d times as fast as one (wall, middle of 3); one thread needs %.2f of "
          "their processor time" % (cores, wall, cores, work))


def overhead():
    settings, each = 1000, 5
    sweep = run("sweep", tiny(), "--vary", "workers=1..%d" % settings, "--replications", str(each))
    points = settings * each
    print("overhead: %.3f ms of processor time a point, its simulation of ten runs and all else (%d settings, %d points)" %
          (sweep[1] / points * 1e3, settings, points))


def memory():
    peaks = {}
    for settings in (100, 1000, 10000):
        sweep = ["sweep", tiny(), "--vary", "workers=1..%d" % settings, "--replications", "5", "--threads", "1"]
        peaks[settings] = run(*sweep, watched=True)[2]
        print("memory: %6d settings, peak %6d KiB" % (settings, peaks[settings]))
    print("memory: %.1f KiB a setting from 1 000 to 10 000" % ((peaks[10000] - peaks[1000]) / 9000))
    for settings in (100, 1000):
        sweep = ["sweep", tiny(), "--vary", "workers=1..%d" % settings, "--replications", "5", "--threads", "1",
                 "--store", os.path.join(folder, "store-%d" % settings), "--shard", "1/1"]
        peaks[settings] = max(run(*sweep, watched=True)[2] for _ in range(2))
        print("memory: %6d settings in a shard, peak %6d KiB" % (settings, peaks[settings]))
    print("memory: %.1f KiB a setting in a shard from 100 to 1 000" % ((peaks[1000] - peaks[100]) / 900))


def replications_worth(name, plan, one):
    single = sorted(run(*one)[1] for _ in range(3))[1]
    result = os.path.join(folder, "plan.json")
    wall, work, _ = run(*plan, "--json", result)
    with open(result) as f:
        found = json.load(f)
    print("%s: %s with %d settings and %d replications; %.1f s of wall time on %d cores, %.1f s of processor time, "
          "which is that of %.0f replications by `simulate`" %
          (name, found["status"], found["spent"]["settings"], found["spent"]["replications"], wall, cores, work,
           work / single))


def day():
    day = "bench/planners_day.yaml"
    plan = ["plan", day, "--choose", "workers=30..80", "--choose", "accounts=4..24",
            "--cost", "workers*60 + accounts*25"]
    replications_worth("planner's day, 51 x 21 settings", plan, ["simulate", day, "--replications", "1"])


def week():
    week = "scenarios/production_week.yaml"
    plan = ["plan", week, "--choose", "resource_groups.trial.workers=20..60:2",
            "--set", "expect.0=LOW.wait.p95{group=trial} < 30m"]
    replications_worth("production week", plan, ["simulate", week, "--replications", "1"])


for part in parts or ["efficiency", "overhead", "memory", "day", "week"]:
    {"efficiency": efficiency, "overhead": overhead, "memory": memory, "day": day, "week": week}[part]()
    sys.stdout.flush()
PYTHON
