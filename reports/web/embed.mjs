// node embed.mjs SCRIPT OUT.cpp: the script as a C++ function. Literals are short, as compilers like them.
import {readFileSync, writeFileSync} from 'node:fs';

const [script, out] = process.argv.slice(2);
// Inside an HTML script element nothing may look like its end, or like a comment's begin.
const text = readFileSync(script, 'utf8').replaceAll('</script', '<\\/script').replaceAll('<!--', '<\\!--');
if (text.includes(')sluice"')) throw new Error(`${script} holds the end of a raw string`);
const points = Array.from(text);
const chunks = [];
for (let at = 0; at < points.length; at += 12_000)
  chunks.push(`  text += R"sluice(${points.slice(at, at + 12_000).join('')})sluice";`);
writeFileSync(out, `#include "reports/html/front_end.hpp"

namespace sluice {

std::string front_end() {
  std::string text;
  text.reserve(${Buffer.byteLength(text)});
${chunks.join('\n')}
  return text;
}

}  // namespace sluice
`);
