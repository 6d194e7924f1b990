#!/usr/bin/env bash
# run.sh LOG FOLDER: what hdr-histogram-js, installed by npm in FOLDER, reads from an interval log.
# Exit code 77: no Node.js here, or no way to install the package.
set -euo pipefail
here=$(dirname "$(realpath "$0")")
log=$(realpath "$1")
command -v node npm >/dev/null || exit 77
mkdir -p "$2" && cp "$here"/{package.json,package-lock.json,.npmrc,read.mjs} "$2" && cd "$2"
npm ci --no-progress --prefer-offline >npm.log 2>&1 || exit 77
exec node read.mjs "$log"
