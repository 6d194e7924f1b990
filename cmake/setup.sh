# What ./run and ./check share: installs missing packages, configures a preset and builds it in build/<preset>.
# Everything it says goes to standard error, so that standard output is the job's alone.
# SLUICE_OS_RELEASE names another os-release file (the tests of this file use it).

run_packages=(g++ cmake ninja-build libboost1.81-dev libfmt-dev nlohmann-json3-dev libyaml-cpp-dev
  libcli11-dev zlib1g-dev tzdata libssl-dev libsimdjson-dev libspdlog-dev prometheus-cpp-dev)
check_packages=("${run_packages[@]}" libgtest-dev libgmock-dev librapidcheck-dev libvalijson-dev libcpp-httplib-dev
  libbenchmark-dev clang libclang-rt-dev clang-format clang-tidy iproute2 mold
  munge slurmctld slurmd slurm-client parallel)

run_by_hand='g++ 12 or clang 14, cmake 3.25, ninja, Boost 1.81, fmt 9, nlohmann-json 3.11, yaml-cpp 0.7, CLI11 2.1, zlib, tzdata, OpenSSL 3, simdjson 2, spdlog 1.10, prometheus-cpp 1.0'
check_by_hand="$run_by_hand, GoogleTest, RapidCheck, valijson 1.0, cpp-httplib, Google Benchmark, clang 14 with its run-time libraries"

say() { printf 'sluice: %s\n' "$*" >&2; }
give_up() { say "$*"; exit 1; }

# True on Debian 12, the system whose package names are known.
is_debian_12() {
  local file=${SLUICE_OS_RELEASE:-/etc/os-release}
  [[ -r $file ]] && grep -qx 'ID="\?debian"\?' "$file" && grep -qx 'VERSION_ID="\?12"\?' "$file" &&
    command -v apt-get dpkg-query >/dev/null
}

# need_tools BY_HAND: on another system, what was installed by hand must do.
need_tools() {
  local tool
  for tool in cmake ninja c++; do
    command -v "$tool" >/dev/null || give_up "no $tool, and set-up installs packages on Debian 12 only;" \
      "install by hand: $1"
  done
}

# install_missing PACKAGE...: calls apt-get only when something is missing.
install_missing() {
  local installed package missing=() as_root=()
  installed=$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' "$@" 2>/dev/null || true)
  for package in "$@"; do
    [[ $'\n'$installed$'\n' == *$'\n'"installed $package"$'\n'* ]] || missing+=("$package")
  done
  if ((${#missing[@]} == 0)); then return; fi

  local by_hand="apt-get install ${missing[*]}"
  if [[ $(id -u) != 0 ]]; then
    command -v sudo >/dev/null && { [[ -t 0 ]] || sudo -n true 2>/dev/null; } ||
      give_up "packages are missing and installing them needs root; as root: $by_hand"
    as_root=(sudo)
  fi
  local log=$root/build/packages.log
  say "installing ${#missing[@]} packages (log: build/packages.log): ${missing[*]}"
  as_root+=(env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o Acquire::Retries=2)
  { "${as_root[@]}" update && "${as_root[@]}" install --no-install-recommends "${missing[@]}"; } \
    </dev/null >"$log" 2>&1 || give_up "apt-get failed, perhaps for want of a network" \
    "(log: build/packages.log); install by hand: $by_hand"
}

# set_up BY_HAND PACKAGE...: what the build needs is there afterwards, or this script has ended.
set_up() {
  local by_hand=$1
  shift
  mkdir -p "$root/build"
  # Two at once would build into the same folder; the lock is dropped by end_set_up.
  exec 9>"$root/build/.lock"
  flock 9
  if is_debian_12; then
    install_missing "$@"
    configure_options=()
  else
    need_tools "$by_hand"
    configure_options=(-D CMAKE_CXX_COMPILER=c++)
  fi
  configure_failed="install by hand what is missing of: $by_hand"
}

end_set_up() { exec 9>&-; }

# configure [-D NAME=VALUE]...: the preset in its folder, from nothing if the tree was moved.
configure() {
  local fresh=()
  grep -qsxF "CMAKE_HOME_DIRECTORY:INTERNAL=$root" "$build/CMakeCache.txt" || fresh=(--fresh)
  local log=$root/build/configure.log
  cmake --preset "$preset" -S "$root" "${fresh[@]}" "${configure_options[@]}" "$@" >"$log" 2>&1 || {
    grep -A 4 -m 1 'CMake Error' "$log" >&2 || true
    give_up "configuring failed (log: build/configure.log); $configure_failed"
  }
  sed -n 's/^-- sluice: /sluice: /p' "$log" >&2
}

# is_configured: here, and from this tree.
is_configured() {
  local cache=$build/CMakeCache.txt
  [[ -f $build/build.ninja ]] && grep -qsxF "CMAKE_HOME_DIRECTORY:INTERNAL=$root" "$cache"
}

# Shows how far the build is, once it takes longer than a glance.
show_progress() {
  sleep 2 2>/dev/null  # not holding standard error open when it outlives this script
  say "building (the first time takes some minutes; log: build/build.log)"
  while [[ -t 2 ]]; do
    printf '\r\033[K%.79s' "$(tail -n 1 "$root/build/build.log")" >&2
    sleep 1 2>/dev/null
  done
}

# build_quietly TARGET: silent when there is nothing to do.
build_quietly() {
  local log=$root/build/build.log code=0
  : >"$log"
  show_progress 9>&- >/dev/null </dev/null &
  local progress=$!
  cmake --build "$build" --target "$1" >"$log" 2>&1 || code=$?
  kill "$progress" 2>/dev/null || true
  wait "$progress" 2>/dev/null || true
  [[ -t 2 ]] && printf '\r\033[K' >&2
  if ((code != 0)); then
    tail -n 30 "$log" >&2
    give_up "the build failed (log: build/build.log)"
  fi
}

root=$(dirname "$(dirname "$(realpath "${BASH_SOURCE[0]}")")")
build=$root/build/$preset
