#!/usr/bin/env bash
# build.sh AUTO|ON needed|all FOLDER: FOLDER/front_end.cpp out of this folder's TypeScript. Packages come from npm's registry as
# package-lock.json names them, once; `needed` leaves out those of the tests. Nothing is written beside the sources. With AUTO,
# where the packages cannot be had, the program is built without charts, and this says so.
set -euo pipefail
wish=$1 extent=$2 folder=$3
web=$(dirname "$(realpath "$0")")
mkdir -p "$folder"
cd "$folder"
exec 9>lock && flock 9  # a build that was ended may have left one at work

without_charts() {
  echo "sluice: HTML pages will have words and tables, but no charts: $1 (log: $folder/npm.log)" >&2
  [[ $wish == AUTO ]] || exit 1
  printf '%s\n' '#include "reports/html/front_end.hpp"' 'namespace sluice {' \
    'std::string front_end() { return {}; }' '}  // namespace sluice' >front_end.cpp
  exit 0
}

rm -rf src test
cp -r "$web"/{src,test,package.json,package-lock.json,tsconfig.json,vite.config.mts,embed.mjs} .
omit=()
[[ $extent == all ]] || omit=(--omit=dev)
wanted="$extent $(cksum <package-lock.json)"
if [[ ! -d node_modules || $(cat installed 2>/dev/null) != "$wanted" ]]; then
  rm -f installed
  timeout 300 npm ci "${omit[@]}" --ignore-scripts --no-audit --no-fund --fetch-retries=1 --fetch-retry-mintimeout=1000 \
    --fetch-timeout=60000 >npm.log 2>&1 ||
    without_charts 'npm cannot install packages'
  echo "$wanted" >installed
fi
node node_modules/vite/bin/vite.js build --logLevel warn >npm.log 2>&1 || without_charts 'vite failed'
node embed.mjs dist/page.js front_end.cpp
