#!/usr/bin/env bash
# page.sh SLUICE [WEB]: makes page.webp beside this script, the top of the showcase's HTML page. WEB: where reports/web was built.
# Needs Node.js and Chromium.
set -euo pipefail
here=$(dirname "$(realpath "$0")")
sluice=$(realpath "$1")
web=$(realpath "${2:-$(dirname "$sluice")/../reports/web}")
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT
(cd "$here/../.." && "$sluice" simulate scenarios/high_starves_low.yaml -q --html "$temp/page.html")
ln -s "$web/node_modules" "$temp/node_modules"
cat >"$temp/shoot.mjs" <<'END'
import {writeFileSync} from 'node:fs';
import {chromium} from 'playwright-core';
const browser = await chromium.launch({executablePath: process.argv[2], args: ['--no-sandbox']});
const page = await browser.newPage({viewport: {width: 1304, height: 1180}});
await page.goto(new URL('page.html', import.meta.url).href);
await page.evaluate(() => document.fonts.ready);
const png = (await page.screenshot()).toString('base64');
const webp = await page.evaluate(async (png) => {
  const image = new Image();
  image.src = `data:image/png;base64,${png}`;
  await image.decode();
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [image.width, image.height];
  canvas.getContext('2d').drawImage(image, 0, 0);
  return canvas.toDataURL('image/webp', 0.85);
}, png);
writeFileSync(process.argv[3], Buffer.from(webp.split(',')[1], 'base64'));
await browser.close();
END
cd "$temp"
node shoot.mjs "$(command -v chromium chromium-browser google-chrome | head -n 1)" "$here/page.webp"
