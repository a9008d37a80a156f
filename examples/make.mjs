// Makes the packages of this folder from the descriptions beside them: node examples/make.mjs, after
// npm run build. The result is the same every time.

import { createHash, createPrivateKey } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { pack } from "../dist/index.js";

const here = (name) => new URL(name, import.meta.url);
const description = (name) => JSON.parse(readFileSync(here(name), "utf8"));
const { d } = createPrivateKey(readFileSync(here("demo-key.pem"))).export({ format: "jwk" });
const signingKey = new Uint8Array(Buffer.from(d, "base64url"));

const iris = description("iris.json");
const signed = Buffer.from(await pack(iris, { signingKey }));
writeFileSync(here("iris.aprender"), await pack(iris));
writeFileSync(here("iris-signed.aprender"), signed);
writeFileSync(here("iris-tampered.aprender"), forge(signed));
writeFileSync(here("diabetes.aprender"), await pack(description("diabetes.json")));

/** What a careful forger does: turns the sign of a weight, then makes CRC-32 and manifest right. */
function forge(file) {
  const weights = entry(file, "weights.safetensors");
  const forged = Buffer.from(weights);
  forged[forged.length - 1] ^= 0x80;
  const manifest = entry(file, "manifest.json");
  const remade = Buffer.from(manifest.toString().replace(sha256(weights), sha256(forged)));
  return [
    [weights, forged],
    [manifest, remade],
    [crc32(weights), crc32(forged)],
    [crc32(manifest), crc32(remade)],
  ].reduce((bytes, [from, to]) => replaceAll(bytes, from, to), file);
}

/** The content of a stored entry, found by walking the local headers (APPNOTE 4.3.7). */
function entry(file, name) {
  for (let header = 0; file.readUInt32LE(header) === 0x04034b50; ) {
    const nameEnd = header + 30 + file.readUInt16LE(header + 26);
    const begin = nameEnd + file.readUInt16LE(header + 28);
    const end = begin + file.readUInt32LE(header + 22);
    if (file.toString("utf8", header + 30, nameEnd) === name) return file.subarray(begin, end);
    header = end;
  }
  throw new Error(`no entry ${name}`);
}

function replaceAll(bytes, from, to) {
  const result = Buffer.from(bytes);
  for (let at = result.indexOf(from); at >= 0; at = result.indexOf(from, at + 1)) {
    to.copy(result, at);
  }
  return result;
}

function sha256(bytes) {
  return createHash("sha256").update(bytes).digest("hex");
}

/** CRC-32 of ISO 3309, as four bytes in a ZIP header. */
function crc32(bytes) {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  const field = Buffer.alloc(4);
  field.writeUInt32LE(~crc >>> 0);
  return field;
}
