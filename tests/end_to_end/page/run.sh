#!/usr/bin/env bash
# run.sh SLUICE SCENARIOS WEB FOLDER: pages of the library in headless Chromium, held against the JSON of the same runs. WEB is
# where reports/web was built, with its packages.
set -euo pipefail
here=$(dirname "$(realpath "$0")")
sluice=$1 scenarios=$2 web=$3 folder=$4
command -v node >/dev/null || { echo "skipped: no node on this machine"; exit 77; }
[[ -d $web/node_modules/playwright-core ]] || { echo "skipped: the packages of reports/web are not installed"; exit 77; }
for browser in chromium chromium-browser google-chrome; do
  CHROMIUM=$(command -v "$browser") && break
done
[[ -n ${CHROMIUM:-} ]] || { echo "skipped: no Chromium on this machine (apt-get install chromium)"; exit 77; }
export CHROMIUM
mkdir -p "$folder"
cp "$here/page.test.mjs" "$folder"
ln -sfn "$web/node_modules" "$folder/node_modules"
write() { "$sluice" simulate "$1" -q --html "$folder/$2.html" --json "$folder/$2.json" "${@:3}" 2>/dev/null || [[ $? == [35] ]]; }
write "$scenarios/high_starves_low.yaml" page
write "$scenarios/high_starves_low.yaml" failed -p workers=60
write "$scenarios/worker_outage.yaml" incident
write "$scenarios/hung_runs.yaml" lost
if ! grep -q 'id="sluice-data"' "$folder/page.html"; then
  echo "skipped: this program was built without charts"
  exit 77
fi
cd "$folder"
exec node --test page.test.mjs
