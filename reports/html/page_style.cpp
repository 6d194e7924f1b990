#include "reports/html/page_style.hpp"

namespace sluice {
namespace {

// --lN and --lNt are line and text of the N-th level, --lNb its area and --lNk the pattern on it;
// --cN are five steps of grey for cells. Contrasts: text 4.5 or more, lines 3 or more.
constexpr std::string_view kStyle = R"css(:root {
  color-scheme: light dark;
  --bg: #fdfdfb; --ink: #1a1d22; --ink2: #565d68; --hair: #e4e4de; --hair2: #a9adb2;
  --panel: #f5f5f0; --good: #1c6b3e; --bad: #a3262a; --tint: #f6e4e2; --on: #fff;
  --l0: #1f4e8c; --l0t: #1f4e8c; --l0b: #1f4e8c; --l0k: #1f4e8c;
  --l1: #27896d; --l1t: #17725a; --l1b: #9fd0c1; --l1k: #5fb39b;
  --l2: #c8480a; --l2t: #b03d04; --l2b: #f3b592; --l2k: #dd7c48;
  --other: #d5dae3; --held: #ece3c4; --heldk: #cbb976;
  --c0: #f1f1ec; --c1: #d8dce0; --c2: #aeb8c2; --c3: #5f6e7e; --c4: #27323f; --con: #fff;
}
@media (prefers-color-scheme: dark) {
  :root {
    --bg: #14171b; --ink: #e8e8e3; --ink2: #a6adb7; --hair: #2a2f36; --hair2: #68707a;
    --panel: #1b1f24; --good: #6fcf97; --bad: #ff8f8f; --tint: #3a2022;
    --l0: #7fb2f2; --l0t: #8fbcf5; --l0b: #3d6cab; --l0k: #3d6cab;
    --l1: #4cc2a0; --l1t: #5fcfae; --l1b: #2f7a64; --l1k: #52ad92;
    --l2: #ff9757; --l2t: #ffa46b; --l2b: #8a4a22; --l2k: #c9743d;
    --other: #3a4350; --held: #4a4322; --heldk: #7d7136;
    --c0: #1d2228; --c1: #303a44; --c2: #4b5b6b; --c3: #8ea3b6; --c4: #d3dfe9; --con: #10151a;
  }
}
@media (forced-colors: active) {
  :root {
    --bg: Canvas; --ink: CanvasText; --ink2: CanvasText; --hair2: GrayText;
    --hair: color-mix(in srgb, CanvasText 30%, Canvas);
    --panel: Canvas; --good: CanvasText; --bad: CanvasText; --tint: Canvas; --on: CanvasText;
    --l0: CanvasText; --l0t: CanvasText; --l0b: Canvas; --l0k: Canvas;
    --l1: CanvasText; --l1t: CanvasText; --l1b: Canvas; --l1k: CanvasText;
    --l2: CanvasText; --l2t: CanvasText; --l2b: Canvas; --l2k: CanvasText;
    --other: Canvas; --held: Canvas; --heldk: CanvasText;
    --c0: Canvas; --c1: color-mix(in srgb, CanvasText 20%, Canvas);
    --c2: color-mix(in srgb, CanvasText 40%, Canvas);
    --c3: color-mix(in srgb, CanvasText 70%, Canvas); --c4: CanvasText; --con: Canvas;
  }
  svg, .bar { forced-color-adjust: none; }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body {
  margin: 0; background: var(--bg); color: var(--ink); overflow-wrap: break-word;
  font: 15px/1.5 Inter, system-ui, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
  font-variant-numeric: tabular-nums lining-nums;
}
main { max-width: 1256px; margin: 0 auto; padding: 36px 24px 60px; }
a { color: inherit; text-decoration-color: var(--hair2); text-underline-offset: 3px; }
:focus-visible { outline: 2px solid var(--l0); outline-offset: 2px; }
.meta {
  color: var(--ink2); font-size: 13px; display: flex; flex-wrap: wrap; gap: 4px 18px; margin: 0;
  justify-content: space-between; border-bottom: 1px solid var(--hair); padding-bottom: 10px;
}
.meta b { color: var(--ink); margin-right: 8px; }
.lead {
  display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); gap: 24px 56px;
  align-items: end; margin-top: 26px;
}
.question { color: var(--ink2); font-size: 17px; margin: 0 0 4px; max-width: 60ch; }
h1 {
  font-size: 36px; line-height: 1.16; letter-spacing: -.022em; font-weight: 640;
  margin: 0 0 14px; max-width: 29ch; text-wrap: balance;
}
.verdict { display: flex; gap: 12px; align-items: baseline; flex-wrap: wrap; margin: 0; }
.verdict span { color: var(--ink2); font-size: 14px; max-width: 64ch; }
.chip {
  font-weight: 640; border: 1.5px solid currentColor; border-radius: 4px; padding: 1px 9px;
  letter-spacing: .03em; font-size: 13px; white-space: nowrap;
}
.good, .bad, .open { white-space: nowrap; }
.good { color: var(--good); font-weight: 640; }
.bad { color: var(--bad); font-weight: 640; }
.open { color: var(--ink); font-weight: 640; }
.answer { font-size: 17px; line-height: 1.5; margin: 0; max-width: 66ch; }
.caution { border-left: 3px solid var(--bad); padding-left: 12px; }
.keys {
  display: grid; grid-template-columns: repeat(3, minmax(0, 1fr)); gap: 0 40px;
  margin: 30px 0 14px; border-top: 2px solid var(--ink);
}
.keys > div { padding-top: 12px; }
.keys a { text-decoration: none; display: block; }
.keys a:hover b { text-decoration: underline; text-decoration-thickness: 2px; }
.keys a b {
  font-size: 44px; line-height: 1.05; font-weight: 600; letter-spacing: -.03em; white-space: nowrap;
}
.keys i { font-style: normal; font-size: 17px; color: var(--ink2); margin-left: 4px; }
.keys p {
  margin: 6px 0 0; color: var(--ink2); font-size: 14px; line-height: 1.45; max-width: 40ch;
}
.keys strong { color: var(--ink); font-weight: 640; }
nav {
  font-size: 13px; color: var(--ink2); display: flex; flex-wrap: wrap; gap: 2px 18px;
  border-top: 1px solid var(--hair); border-bottom: 1px solid var(--hair); padding: 7px 0;
}
section {
  display: grid; grid-template-columns: 900px minmax(0, 1fr); gap: 0 36px; margin-top: 52px;
}
section > header {
  grid-column: 1 / -1; border-top: 1px solid var(--ink); padding-top: 8px; margin-bottom: 10px;
}
section.wide > .body { grid-column: 1 / -1; }
.body { min-width: 0; }
.kicker {
  font-size: 12px; font-weight: 600; color: var(--ink2); letter-spacing: .05em; margin: 0;
  text-transform: uppercase;
}
h2 {
  font-size: 23px; line-height: 1.25; letter-spacing: -.012em; font-weight: 640; margin: 2px 0 0;
  max-width: 84ch;
}
h3 { font-size: 15px; line-height: 1.35; font-weight: 640; margin: 18px 0 2px; }
figure { margin: 0 0 18px; min-width: 0; }
figure h3 { margin-top: 8px; }
figcaption, .caption, .more {
  font-size: 12.5px; line-height: 1.45; color: var(--ink2); max-width: 92ch; margin: 4px 0 0;
}
.tools { white-space: nowrap; }
.tools button, .sort, .back {
  font: inherit; color: inherit; background: none; border: 0; padding: 0; cursor: pointer;
  text-decoration: underline; text-decoration-color: var(--hair2); text-underline-offset: 3px;
}
.tools button { margin-left: 8px; min-height: 24px; }
.aside { font-size: 13px; line-height: 1.5; color: var(--ink2); }
.aside p { margin: 6px 0 12px; }
.aside b, .aside strong { color: var(--ink); font-weight: 640; }
.reading {
  position: sticky; top: 12px; overflow-x: auto;
  border: 1px solid var(--hair); background: var(--panel); border-radius: 6px;
  padding: 10px 12px; margin: 8px 0 14px;
}
.reading h3 { margin: 0 0 4px; font-size: 13px; color: var(--ink); }
.reading table { font-size: 12px; }
.reading td, .reading th { padding: 2px 0 2px 4px; border: 0; }
.reading th:first-child { padding-left: 0; }
.reading p { margin: 6px 0 0; }
.plot { position: relative; }
.plot svg { display: block; max-width: 100%; overflow: visible; font-family: inherit; }
.plot:focus-visible { outline-offset: 4px; }
.plot > svg { height: auto; }
.plot svg text { font-size: 12px; }
.plot svg .strong { font-weight: 640; }
table { border-collapse: collapse; font-size: 13px; width: 100%; }
caption { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
th {
  font-weight: 500; color: var(--ink2); text-align: right; padding: 4px 10px 4px 0;
  vertical-align: bottom;
}
thead th { border-bottom: 1px solid var(--hair2); }
th.l, td.l, th[scope="row"] { text-align: left; }
th[scope="row"] { color: var(--ink); font-weight: 400; vertical-align: top; }
td { text-align: right; padding: 5px 10px 5px 0; vertical-align: top; white-space: nowrap; }
td.l { white-space: normal; min-width: 15ch; }
td:last-child, th:last-child { padding-right: 0; }
tbody td, tbody th { border-bottom: 1px solid var(--hair); padding-top: 5px; padding-bottom: 5px; }
small { color: var(--ink2); font-size: 12px; }
td small { display: block; line-height: 1.2; }
.bar { display: block; position: relative; width: 130px; height: 12px; margin-top: 4px; }
.bar i { display: block; height: 100%; }
.bar u { position: absolute; top: 5px; height: 2px; background: var(--ink); }
.b0 { background: var(--l0); }
.b1 { background: var(--l1); }
.b2 { background: var(--l2); }
.scroll { overflow-x: auto; margin: 6px 0 10px; position: relative; }
.sort { text-decoration: none; }
th[aria-sort="ascending"] .sort::after { content: " ↑"; }
th[aria-sort="descending"] .sort::after { content: " ↓"; }
code, pre {
  font-family: ui-monospace, "SF Mono", Menlo, Consolas, "Liberation Mono", monospace;
  font-size: 12.5px;
}
pre {
  background: var(--panel); border: 1px solid var(--hair); border-radius: 6px; line-height: 1.5;
  padding: 10px 12px; overflow-x: auto; margin: 6px 0;
}
details { margin: 8px 0; }
summary { cursor: pointer; font-size: 13px; min-height: 24px; }
.l0, .l1, .l2 { font-weight: 640; }
b.l0 { color: var(--l0t); }
b.l1 { color: var(--l1t); }
b.l2 { color: var(--l2t); }
.filter { font: inherit; font-size: 13px; padding: 3px 8px; margin: 4px 0; max-width: 100%; }
.ratio { width: 190px; }
.hidden { position: absolute; width: 0; height: 0; }
.zoomed {
  position: sticky; top: 0; z-index: 1; background: var(--panel); font-size: 13px;
  padding: 6px 12px; border: 1px solid var(--hair); border-radius: 6px;
}
@media print, (max-width: 1240px) {
  section { grid-template-columns: minmax(0, 1fr); }
  .aside { max-width: 900px; columns: 2; column-gap: 32px; }
  .aside .reading, .aside .scroll, .aside p { break-inside: avoid; }
  .reading { position: static; }
  .lead { grid-template-columns: 1fr; }
  .keys { gap: 0 24px; }
  .keys a b { font-size: 36px; }
}
@media screen and (max-width: 760px) {
  main { padding: 18px 20px 40px; }
  h1 { font-size: 27px; }
  h2 { font-size: 19px; }
  .question { font-size: 15px; }
  .answer { font-size: 16px; }
  .keys { grid-template-columns: 1fr; gap: 14px; }
  .keys > div + div { border-top: 1px solid var(--hair); }
  section { margin-top: 38px; }
  .aside { columns: 1; }
  nav { gap: 4px 14px; line-height: 1.9; }
}
@media screen {
  .folded { display: none; }
}
@media print {
  :root { --bg: #fff; }
  body { font-size: 11pt; }
  main { padding: 0; max-width: none; }
  nav, label, .tools, .filter, .back, .zoomed { display: none; }
  section { display: block; margin-top: 16pt; }
  section > header, h3 { break-after: avoid; break-inside: avoid; }
  figure, .keys, .reading, tr, .aside p { break-inside: avoid; }
  .keys a b { font-size: 30pt; }
  h2 { font-size: 15pt; }
  .scroll { overflow: visible; }
  table { font-size: 8.5pt; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
)css";

}  // namespace

std::string_view page_style() { return kStyle; }

}  // namespace sluice
