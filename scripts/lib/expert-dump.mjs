// Reads an .expert of version 2 as docs/BINARY_FORMAT_SPEC.md describes it, with nothing of the
// package, and says what each byte is. For small files whose sections are stored as they are.

import { createHash, createPublicKey, verify } from "node:crypto";

const params = 1;
const signingCert = 10;
const signatureAt = 0x34;
const bytesARow = 8;
const mostRows = 2;

const bytes = () => "";
const text = (field) => JSON.stringify(field.toString().replace(/\0+$/, ""));
const integer = (field) => Buffer.from(field).reverse().toString("hex");
const number = (field) => `0x${integer(field).replace(/^0+(?=.)/, "")}`;
const decimal = (field) => String(BigInt(`0x${integer(field)}`));
const date = (field) => new Date(Number(field.readBigUInt64LE()) * 1000).toISOString();
const floats = (field) =>
  Array.from({ length: field.length / 4 }, (_, i) => field.readFloatLE(4 * i)).join(", ");

// [name, bytes, how its value is shown]
const headerFields = [
  ["MAGIC", 8, text],
  ["MAJOR", 2, decimal],
  ["MINOR", 2, decimal],
  ["HEADER_SIZE", 4, decimal],
  ["TOC_COUNT", 4, decimal],
  ["FILE_SHA256", 32, bytes],
  ["SIG_ED25519", 64, bytes],
];
const tocFields = [
  ["section_id", 4, decimal],
  ["type", 2, decimal],
  ["codec", 2, decimal],
  ["offset", 8, number],
  ["stored_length", 8, decimal],
  ["raw_length", 8, decimal],
  ["sha256", 32, bytes],
  ["layer", 4, number],
  ["flags", 4, number],
  ["name", 24, text],
];
const paramsFields = [
  ["layer", 4, decimal],
  ["module_count", 2, decimal],
  ["0", 10, bytes],
];
const moduleFields = [
  ["module", 1, decimal],
  ["kind", 1, decimal],
  ["dtype", 1, decimal],
  ["flags", 1, number],
  ["rank", 2, decimal],
  ["sparse_format", 2, decimal],
  ["in_features", 4, decimal],
  ["out_features", 4, decimal],
  ["scale", 4, floats],
  ["sparse_weight", 4, floats],
  ["offset_a", 8, number],
  ["offset_b", 8, number],
  ["offset_c", 8, number],
  ["offset_sp_indices", 8, number],
  ["offset_sp_values", 8, number],
  ["sp_nnz", 8, decimal],
  ["0", 24, bytes],
];
const certificateFields = [
  ["version", 2, decimal],
  ["role", 1, decimal],
  ["max_path", 1, decimal],
  ["serial", 16, bytes],
  ["issuer", 32, bytes],
  ["subject", 32, bytes],
  ["not_before", 8, date],
  ["not_after", 8, date],
  ["name", 128, text],
  ["scope", 128, text],
  ["signature", 64, bytes],
];

function require(condition, what) {
  if (!condition) throw new Error(what);
}

/** Takes a file from its start, field by field, into lines of text. */
class Dump {
  lines = [];
  at = 0;

  constructor(file) {
    this.file = file;
  }

  title(name) {
    this.lines.push("", `-- ${name}`);
  }

  /** The next bytes, which are `meaning`; of many only the first are shown. */
  take(count, meaning) {
    const field = this.file.subarray(this.at, this.at + count);
    require(field.length === count, `the file ends within ${meaning}`);
    for (let from = 0; from < count && from < mostRows * bytesARow; from += bytesARow) {
      const offset = (this.at + from).toString(16).padStart(4, "0");
      const hex = field.toString("hex", from, from + bytesARow).replace(/..(?=.)/g, "$& ");
      const isCut = from + bytesARow >= mostRows * bytesARow && count > mostRows * bytesARow;
      const row = `${offset}  ${hex.padEnd(3 * bytesARow)} ${isCut ? "..." : "   "}`;
      this.lines.push(`${row}  ${from === 0 ? meaning : ""}`.trimEnd());
    }
    this.at += count;
    return field;
  }

  /** Fields by their names. */
  struct(fields) {
    const found = {};
    for (const [name, count, shown] of fields) {
      const value = shown(this.file.subarray(this.at, this.at + count));
      found[name] = this.take(count, `${name} ${value}`.trimEnd());
    }
    return found;
  }

  zerosUpTo(offset) {
    if (offset === this.at) return;
    const zeros = this.take(offset - this.at, `${offset - this.at} zeros`);
    require(zeros.every((byte) => byte === 0), "padding that is not zero");
  }
}

const u64 = (field) => Number(field.readBigUInt64LE());
const sha256 = (...pieces) =>
  pieces.reduce((hash, piece) => hash.update(piece), createHash("sha256")).digest();

function zeroed(file, from, to) {
  const copy = Buffer.from(file);
  return copy.fill(0, from, to);
}

function signatureHolds(key, message, signature) {
  const der = Buffer.concat([Buffer.from("302a300506032b6570032100", "hex"), key]); // RFC 8410
  return verify(
    null,
    message,
    createPublicKey({ key: der, format: "der", type: "spki" }),
    signature,
  );
}

/** Of one module, LoRA in F32: A is [rank, in], B is [out, rank]. */
function dumpParams(dump) {
  const start = dump.at;
  dump.struct(paramsFields);
  const module = dump.struct(moduleFields);
  const rank = module.rank.readUInt16LE();
  for (const [offset, features] of [
    [module.offset_a, module.in_features],
    [module.offset_b, module.out_features],
  ]) {
    dump.zerosUpTo(start + u64(offset));
    const count = 4 * rank * features.readUInt32LE();
    dump.take(count, floats(dump.file.subarray(dump.at, dump.at + count)));
  }
}

function dumpCertificate(dump) {
  const start = dump.at;
  const { issuer, subject, signature } = dump.struct(certificateFields);
  const body = dump.file.subarray(start, dump.at - signature.length);
  const message = Buffer.concat([Buffer.from("HLLMEXP-CERT-V1\0"), body]);
  require(signatureHolds(
    issuer,
    message,
    signature,
  ), "a certificate whose signature does not match");
  return subject;
}

function dumpSection(dump, entry) {
  const type = entry.type.readUInt16LE();
  const length = u64(entry.stored_length);
  dump.zerosUpTo(u64(entry.offset));
  dump.title(`section ${entry.section_id.readUInt32LE()}`);
  const stored = dump.file.subarray(dump.at, dump.at + length);
  require(sha256(stored).equals(entry.sha256), "a section with another SHA-256");
  require(entry.codec.readUInt16LE() === 0, "a section that is compressed");
  if (type === signingCert) return dumpCertificate(dump);
  if (type === params) dumpParams(dump);
  else dump.take(length, text(stored));
  return undefined;
}

/** Lines that explain the file; an error where it is not as specified. */
export function dumpExpert(file) {
  const dump = new Dump(file);
  dump.title("fixed header");
  const header = dump.struct(headerFields);
  const headerSize = header.HEADER_SIZE.readUInt32LE();
  dump.title("METADATA_JSON");
  dump.take(headerSize - dump.at, "zstd frame, then zeros");
  const entries = Array.from({ length: header.TOC_COUNT.readUInt32LE() }, (_, i) => {
    dump.title(`TOC[${i}]`);
    return dump.struct(tocFields);
  });
  const head = file.subarray(0, dump.at);
  const keys = entries.map((entry) => dumpSection(dump, entry)).filter((key) => key !== undefined);
  require(dump.at === file.length, "bytes after the last section");

  const signed = zeroed(head, signatureAt, signatureAt + header.SIG_ED25519.length);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(head.length));
  const message = Buffer.concat([Buffer.from("HLLMEXP-SIG-V1\0"), length, signed]);
  require(signatureHolds(keys[0], message, header.SIG_ED25519), "a signature that does not match");
  require(sha256(zeroed(file, 0x14, 0x74)).equals(header.FILE_SHA256), "another FILE_SHA256");
  return dump.lines.slice(1);
}
