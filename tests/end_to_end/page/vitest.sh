#!/usr/bin/env bash
# vitest.sh SOURCES WEB: types and pure functions of the page's charts, with the packages of the folder where they were built.
set -euo pipefail
sources=$1 web=$2
command -v node >/dev/null || { echo "skipped: no node on this machine"; exit 77; }
[[ -d $web/node_modules/vitest ]] || { echo "skipped: the packages of reports/web are not installed"; exit 77; }
cd "$web"
rm -rf src test
cp -r "$sources"/{src,test} .
node node_modules/typescript/bin/tsc --noEmit
exec node node_modules/vitest/vitest.mjs run
