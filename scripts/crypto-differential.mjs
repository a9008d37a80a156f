#!/usr/bin/env node
// Asks Andon, openssl (through Node.js) and @noble/ed25519 (zip215: false) about the same signatures,
// and counts on which they differ, and why. Fails where a difference has no known cause, or where Andon
// accepts what openssl refuses.
//   usage: scripts/crypto-differential.mjs [COUNT [FIRST [THREADS]]]      by default 1000000 0 and all
// Interrupted (Ctrl-C), it reports what was done. Builds the program that answers for Andon where ANDON_ED25519_VERIFY does not name it.
import * as noble from "@noble/ed25519";
import { execFileSync, spawnSync } from "node:child_process";
import { createHash, createPublicKey, verify } from "node:crypto";
import { availableParallelism } from "node:os";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import { caseOf, changeNames, classOf } from "./lib/ed25519-cases.mjs";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const batchSize = 500;

function opensslAccepts({ key, signature, message }) {
  const der = Buffer.concat([Buffer.from("302a300506032b6570032100", "hex"), key]);
  return verify(
    null,
    message,
    createPublicKey({ key: der, format: "der", type: "spki" }),
    signature,
  );
}

function nobleAccepts({ key, signature, message }) {
  try {
    return noble.verify(signature, message, key, { zip215: false });
  } catch {
    return false; // it throws where an encoding is refused
  }
}

function andonAccepts(program, cases) {
  const input = Buffer.concat(cases.flatMap((one) => [one.key, one.signature, one.message]));
  const { status, stdout } = spawnSync(program, { input });
  if (status !== 0 || stdout.length !== cases.length) throw new Error(`${program} did not answer`);
  return [...stdout].map((answer) => answer === 49);
}

/** Counts of a batch by "change" and, where the three differ, by who accepts and why they differ. */
function judge(program, first, count) {
  const counts = { cases: {}, accepted: {}, differences: {}, failures: [] };
  const add = (table, name) => (table[name] = (table[name] ?? 0) + 1);
  const cases = Array.from({ length: count }, (_, i) => caseOf(first + i));
  andonAccepts(program, cases).forEach((andon, i) => {
    const one = cases[i];
    const openssl = opensslAccepts(one);
    const strict = nobleAccepts(one);
    add(counts.cases, one.change);
    if (andon) add(counts.accepted, one.change);
    if (andon === openssl && openssl === strict) return;
    const why = classOf(one);
    const who = [andon && "Andon", openssl && "openssl", strict && "noble"].filter(Boolean);
    add(counts.differences, `${why} | accepted by ${who.join(", ")}`);
    if (why === "NOT EXPLAINED" || (andon && !openssl)) counts.failures.push(first + i);
  });
  return counts;
}

function work() {
  noble.hashes.sha512 = (message) => createHash("sha512").update(message).digest();
  const { program, batches } = workerData;
  for (const [first, count] of batches) parentPort.postMessage(judge(program, first, count));
}

function build() {
  const program = process.env["ANDON_ED25519_VERIFY"];
  if (program !== undefined) return program;
  const cmake = (...options) => execFileSync("cmake", options, { cwd: root, stdio: "ignore" });
  cmake("--preset", "native-release");
  cmake("--build", "--preset", "native-release", "--target", "ed25519_verify");
  return resolve(root, "build/native-release/tests/differential/ed25519_verify");
}

function merge(all, part) {
  for (const table of ["cases", "accepted", "differences"]) {
    for (const [name, count] of Object.entries(part[table])) {
      all[table][name] = (all[table][name] ?? 0) + count;
    }
  }
  all.failures.push(...part.failures);
}

async function main() {
  const [count = 1_000_000, first = 0, threads = availableParallelism()] = process.argv
    .slice(2)
    .map(Number);
  const program = build();
  const batches = Array.from({ length: Math.ceil(count / batchSize) }, (_, i) => [
    first + i * batchSize,
    Math.min(batchSize, count - i * batchSize),
  ]);
  const all = { cases: {}, accepted: {}, differences: {}, failures: [] };
  let done = 0;
  const runs = Array.from({ length: threads }, (_, thread) => {
    const mine = batches.filter((__, i) => i % threads === thread);
    const worker = new Worker(new URL(import.meta.url), { workerData: { program, batches: mine } });
    return new Promise((end, fail) => {
      worker.on("message", (part) => {
        merge(all, part);
        const failures = all.failures.length;
        process.stderr.write(`\r${++done} of ${batches.length} batches, ${failures} failures`);
      });
      worker.on("error", fail);
      worker.on("exit", end);
    });
  });
  process.once("SIGINT", () => {
    finish(all, first);
    process.exit();
  });
  await Promise.all(runs);
  finish(all, first);
}

function finish(all, first) {
  process.stderr.write("\n");
  report(all, first);
  process.exitCode = all.failures.length > 0 ? 1 : 0;
}

function report({ cases, accepted, differences, failures }, first) {
  const sum = (table) => Object.values(table).reduce((a, b) => a + b, 0);
  console.log(`| cases from ${first} | number | Andon accepts |\n| --- | ---: | ---: |`);
  for (const name of changeNames) {
    console.log(`| ${name} | ${cases[name] ?? 0} | ${accepted[name] ?? 0} |`);
  }
  console.log(`| all | ${sum(cases)} | ${sum(accepted)} |`);
  console.log("\n| difference | accepted by | number |\n| --- | --- | ---: |");
  for (const [name, count] of Object.entries(differences).sort()) {
    console.log(`| ${name.replace("accepted by ", "")} | ${count} |`);
  }
  console.log(
    `\nnot explained, or accepted by Andon alone: ${failures.length}`,
    ...failures.slice(0, 8),
  );
}

if (isMainThread) await main();
else work();
