#!/usr/bin/env node
// Writes js/generated/error-codes.ts and docs/errors.md from src/common/error_codes.def.
//   usage: scripts/generate-error-codes.mjs [--check]     --check: fail where a file is out of date
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const source = "src/common/error_codes.def";
const notice = `Generated from ${source} by scripts/generate-error-codes.mjs; edit that list instead.`;

/** The groups of the list: [{ title, codes: [{ name, why }] }]. Every line of the list is understood or refused. */
function parse(text) {
  const groups = [];
  text.split("\n").forEach((line, index) => {
    const title = /^\/\/ -- (.+)$/.exec(line);
    const code = /^X\((\w+), "([^"\\]+)"\)$/.exec(line);
    if (title) groups.push({ title: title[1], codes: [] });
    else if (code && groups.length > 0) groups.at(-1).codes.push({ name: code[1], why: code[2] });
    else if (line !== "" && !line.startsWith("// "))
      throw new Error(`${source}:${index + 1}: neither a group nor a code: ${line}`);
  });
  const names = groups.flatMap((group) => group.codes.map((code) => code.name));
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice) throw new Error(`${source}: ${twice} occurs twice`);
  return groups;
}

/** A member of an object literal, laid out as Prettier does at 100 columns. */
function member(name, text) {
  const line = `  ${name}: ${JSON.stringify(text)},`;
  return line.length <= 100 ? line : `  ${name}:\n    ${JSON.stringify(text)},`;
}

function typescript(groups) {
  const codes = groups.flatMap((group) => group.codes);
  return `// ${notice}

/** Every code an \`AndonError\` can have. */
export const errorCodes = [
${codes.map(({ name }) => `  "${name}",`).join("\n")}
] as const;

export type ErrorCode = (typeof errorCodes)[number];

/** Why each of them happens, as a sentence without its full stop. */
export const errorWhys: Readonly<Record<ErrorCode, string>> = {
${codes.map(({ name, why }) => member(name, why)).join("\n")}
};
`;
}

function markdown(groups) {
  const capital = (text) => text[0].toUpperCase() + text.slice(1);
  const table = ({ title, codes }) =>
    [
      `## ${capital(title)}`,
      "",
      "| code | why |",
      "|---|---|",
      ...codes.map(({ name, why }) => `| \`${name}\` | ${why.replaceAll("|", "\\|")} |`),
    ].join("\n");
  return `<!-- ${notice} -->
# Error codes

The closed list of codes an \`AndonError\` can have. One check, one code, one test: a code says which rule was broken, the message
says where. Messages may change between versions; codes keep their meaning.

${groups.map(table).join("\n\n")}
`;
}

const groups = parse(readFileSync(resolve(root, source), "utf8"));
const outputs = {
  "js/generated/error-codes.ts": typescript(groups),
  "docs/errors.md": markdown(groups),
};
const outdated = Object.entries(outputs).filter(([path, text]) => {
  const file = resolve(root, path);
  return !existsSync(file) || readFileSync(file, "utf8") !== text;
});

if (process.argv.includes("--check")) {
  for (const [path] of outdated)
    console.error(`${path} is out of date: run scripts/generate-error-codes.mjs`);
  process.exitCode = outdated.length > 0 ? 1 : 0;
} else {
  for (const [path, text] of outdated) {
    mkdirSync(dirname(resolve(root, path)), { recursive: true });
    writeFileSync(resolve(root, path), text);
  }
}
