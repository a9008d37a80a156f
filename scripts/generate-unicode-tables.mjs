// Writes ranges of code points by class for src/transformer/unicode.cc.
//   usage: node scripts/generate-unicode-tables.mjs UnicodeData.txt OUTPUT
// Format of UnicodeData.txt: Unicode Standard Annex #44, section 4.2. "<..., First>" and "<..., Last>" are a range.

import { readFileSync, writeFileSync } from "node:fs";

const [input, output] = process.argv.slice(2);
const classes = { kLetters: "L", kNumbers: "N" };
const ranges = Object.fromEntries(Object.keys(classes).map((name) => [name, []]));

let first;
for (const line of readFileSync(input, "utf8").trimEnd().split("\n")) {
  const [code, name, category] = line.split(";");
  const point = parseInt(code, 16);
  if (name.endsWith(", First>")) {
    first = point;
    continue;
  }
  const begin = name.endsWith(", Last>") ? first : point;
  for (const [table, letter] of Object.entries(classes)) {
    if (!category.startsWith(letter)) continue;
    const last = ranges[table].at(-1);
    if (last?.[1] === begin - 1) last[1] = point;
    else ranges[table].push([begin, point]);
  }
}

const hex = (point) => `0x${point.toString(16).toUpperCase()}`;
const tables = Object.entries(ranges).map(
  ([name, list]) =>
    `constexpr CodePointRange ${name}[] = {\n` +
    list.map(([begin, end]) => `    {${hex(begin)}, ${hex(end)}},\n`).join("") +
    "};\n",
);
writeFileSync(output, tables.join("\n"));
