#!/usr/bin/env bash
# run.sh SLUICE SCENARIO FOLDER: the official client's tests, installed by npm in FOLDER. The client refuses every host
# but its own, so each file of tests has a network of its own in which that host is the mock.
# Exit code 77: no Node.js here, no way to install the client, or no way to such a network.
set -euo pipefail
here=$(dirname "$(realpath "$0")")
official_host=$(realpath "$here/../../../../docs/examples/official_host.sh")
command -v node npm >/dev/null || { echo "skipped: no node and npm on this machine"; exit 77; }
mkdir -p "$3" && cp "$here"/{package.json,package-lock.json,.npmrc,*.mjs} "$3" && cd "$3"
if ! cmp -s package-lock.json installed.json; then
  npm ci --no-progress >npm.log 2>&1 || { cat npm.log; echo "skipped: npm cannot install the client"; exit 77; }
  cp package-lock.json installed.json
fi
export SLUICE=$1

# test_with FILE [OPTIONS OF SERVE…]
test_with() { bash "$official_host" "$scenario" --quiet "${@:2}" -- node --test --test-reporter=spec "$1"; }

scenario=$2
test_with client.test.mjs --clock manual
test_with rate_limit.test.mjs --clock manual -p requests_per_second=3
test_with wall_time.test.mjs --time-scale 40
