#!/usr/bin/env bash
# Installs what the benchmarks need, and builds their programs in build/bench: bench/set_up.sh
# On other systems than Debian 12 what is installed must do; each script says what it lacks.
set -euo pipefail
preset=bench
source "$(dirname "$(realpath "$0")")/../cmake/setup.sh"

set_up "$run_by_hand, Google Benchmark, cpp-httplib, nginx, wrk, jq and taskset (util-linux)" \
  "${run_packages[@]}" libbenchmark-dev libcpp-httplib-dev nginx-light wrk jq util-linux
is_configured || configure
build_quietly all
