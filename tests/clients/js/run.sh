#!/usr/bin/env bash
# run.sh SLUICE SCENARIO FOLDER: the official client's tests, installed by npm in FOLDER.
# Exit code 77: no Node.js here, or no way to install the client.
set -euo pipefail
here=$(dirname "$(realpath "$0")")
command -v node npm >/dev/null || { echo "skipped: no node and npm on this machine"; exit 77; }
mkdir -p "$3" && cp "$here"/{package.json,package-lock.json,.npmrc,*.mjs} "$3" && cd "$3"
if [[ ! -e node_modules/cloudcruise/package.json ]]; then
  npm ci --no-progress >npm.log 2>&1 || { cat npm.log; echo "skipped: npm cannot install the client"; exit 77; }
fi
export SLUICE=$1 SLUICE_SCENARIO=$2
exec npm test --silent
