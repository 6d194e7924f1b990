#!/usr/bin/env bash
# Installs what the benchmarks need, and builds their programs in build/bench: bench/set_up.sh
# On other systems than Debian 12 what is installed must do; each script says what it lacks.
set -euo pipefail
preset=bench
source "$(dirname "$(realpath "$0")")/../cmake/setup.sh"

set_up "$run_by_hand, Google Benchmark, cpp-httplib, nginx, wrk, jq, valgrind, Python 3 and taskset (util-linux)" \
  "${run_packages[@]}" libbenchmark-dev libcpp-httplib-dev nginx-light wrk jq valgrind python3 util-linux
is_configured || configure
build_quietly all
