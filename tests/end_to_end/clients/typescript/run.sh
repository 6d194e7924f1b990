#!/usr/bin/env bash
# run.sh SLUICE SCENARIO FOLDER: makes a TypeScript client of the served OpenAPI document, compiles and runs it, in FOLDER.
# Exit code 77: no Node.js here, or no way to install the generator.
set -euo pipefail
here=$(dirname "$(realpath "$0")")
command -v node npm >/dev/null || { echo "skipped: no node and npm on this machine"; exit 77; }
mkdir -p "$3" && cp "$here"/{package.json,package-lock.json,.npmrc,tsconfig.json,*.ts,*.mjs} "$3" && cd "$3"
if ! cmp -s package-lock.json installed.json; then
  npm ci --no-progress >npm.log 2>&1 || { cat npm.log; echo "skipped: npm cannot install the generator"; exit 77; }
  cp package-lock.json installed.json
fi
export SLUICE=$1 SLUICE_SCENARIO=$2
exec npm test --silent
