// Signatures for scripts/crypto-differential.mjs: good ones, random ones, and every kind of change that
// implementations of Ed25519 are known to judge differently. The same number gives the same case.
import { Point } from "@noble/ed25519";
import { createHash, createPrivateKey, createPublicKey, sign } from "node:crypto";

const order = Point.CURVE().n;
const prime = Point.CURVE().p;
const pkcs8 = Buffer.from("302e020100300506032b657004220420", "hex");
const keys = new Map();

/** Canonical encodings of the points of small order, and those that are not canonical. */
export const oddPoints = [
  ["small order", "0100000000000000000000000000000000000000000000000000000000000000"],
  ["small order", "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"],
  ["small order", "0000000000000000000000000000000000000000000000000000000000000000"],
  ["small order", "0000000000000000000000000000000000000000000000000000000000000080"],
  ["small order", "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"],
  ["small order", "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85"],
  ["small order", "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"],
  ["small order", "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa"],
  [
    "small order, not canonical",
    "0100000000000000000000000000000000000000000000000000000000000080",
  ],
  [
    "small order, not canonical",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
  ],
  [
    "small order, not canonical",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  ],
  [
    "small order, not canonical",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
  ],
  [
    "small order, not canonical",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  ],
  [
    "small order, not canonical",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
  ],
  ["not canonical", "f0ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"],
  ["not canonical", "f2ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"],
].map(([kind, hex]) => ({ kind, bytes: Buffer.from(hex, "hex") }));

const torsion = Point.fromHex(oddPoints[6].bytes.toString("hex")); // of order 8

const changes = {
  "as signed": () => undefined,
  "a bit of the signature": (it) => flip(it.signature, it.random),
  "a bit of the message": (it) => flip(it.message, it.random),
  "a bit of the key": (it) => flip(it.key, it.random),
  "another key": (it) => it.key.set(signer(it.random[0] + 1000).key),
  "random signature": (it) => it.signature.set(hash("signature", it.random)),
  "random key": (it) => it.key.set(hash("key", it.random).subarray(0, 32)),
  "S not reduced": (it) => putScalar(it.signature, scalarOf(it.signature.subarray(32)) + order),
  "odd R": (it) => it.signature.set(oddPoint(it.random).bytes),
  "odd R, S = 0": (it) => {
    it.signature.set(oddPoint(it.random).bytes);
    putScalar(it.signature, 0n);
  },
  "odd key": (it) => it.key.set(oddPoint(it.random).bytes),
  "odd key, odd R, S = 0": (it) => {
    it.key.set(oddPoint(it.random).bytes);
    it.signature.set(oddPoint(it.random.subarray(1)).bytes);
    putScalar(it.signature, 0n);
  },
  "key of mixed order": mixKey,
  "R of mixed order": mixR,
};
export const changeNames = Object.keys(changes);

/** { change, key, signature, message } */
export function caseOf(number) {
  const random = hash("case", Buffer.from(String(number)));
  const change = changeNames[number % changeNames.length];
  const { key, privateKey } = signer(random.readUInt8(0));
  const message = hash("message", random).subarray(0, 32);
  const it = { random: random.subarray(1), key: Buffer.from(key), message };
  it.signature = sign(null, message, privateKey);
  changes[change](it);
  return { change, key: it.key, signature: it.signature, message: it.message };
}

/** Why implementations may differ on it. */
export function classOf({ key, signature }) {
  const parts = [];
  const keyKind = kindOf(key);
  const rKind = kindOf(signature.subarray(0, 32));
  if (scalarOf(signature.subarray(32)) >= order) parts.push("S not reduced");
  if (keyKind !== "plain") parts.push(`key ${keyKind}`);
  if (rKind !== "plain") parts.push(`R ${rKind}`);
  return parts.join(", ") || "NOT EXPLAINED";
}

function kindOf(bytes) {
  let point;
  try {
    point = Point.fromBytes(bytes, true);
  } catch {
    return "no point";
  }
  const canonical = Buffer.from(point.toBytes()).equals(bytes) && y(bytes) < prime;
  const suffix = canonical ? "" : ", not canonical";
  if (point.isSmallOrder()) return `of small order${suffix}`;
  if (!point.isTorsionFree()) return `of mixed order${suffix}`;
  return canonical ? "plain" : "not canonical";
}

const y = (bytes) => scalarOf(bytes) & ((1n << 255n) - 1n);

function signer(number) {
  let found = keys.get(number);
  if (found === undefined) {
    const seed = hash("seed", Buffer.from(String(number))).subarray(0, 32);
    const privateKey = createPrivateKey({
      key: Buffer.concat([pkcs8, seed]),
      format: "der",
      type: "pkcs8",
    });
    const key = createPublicKey(privateKey).export({ format: "der", type: "spki" }).subarray(-32);
    const expanded = createHash("sha512").update(seed).digest().subarray(0, 32);
    expanded[0] &= 248;
    expanded[31] = (expanded[31] & 127) | 64;
    found = { key, privateKey, scalar: scalarOf(expanded) % order };
    keys.set(number, found);
  }
  return found;
}

/** A signature for the key plus a point of order 8: S B = R + k (A' - T), so only 8 times it holds always. */
function mixKey(it) {
  const number = it.random[0];
  const key = Point.fromBytes(signer(number).key).add(torsion);
  it.key.set(key.toBytes());
  signByHand(it, nonceOf(it), Point.ZERO, signer(number).scalar);
}

function mixR(it) {
  const number = it.random[0];
  it.key.set(signer(number).key);
  signByHand(it, nonceOf(it), torsion, signer(number).scalar);
}

const nonceOf = (it) => scalarOf(hash("nonce", it.random)) % order;

function signByHand(it, nonce, offset, scalar) {
  const r = Buffer.from(Point.BASE.multiply(nonce, false).add(offset).toBytes());
  const digest = createHash("sha512").update(r).update(it.key).update(it.message).digest();
  it.signature.set(r);
  putScalar(it.signature, (nonce + (scalarOf(digest) % order) * scalar) % order);
}

function scalarOf(bytes) {
  return BigInt(`0x${Buffer.from(bytes).reverse().toString("hex")}`);
}

function putScalar(signature, scalar) {
  const hex = scalar.toString(16).padStart(64, "0");
  signature.set(Buffer.from(hex, "hex").reverse(), 32);
}

function flip(bytes, random) {
  const bit = random.readUInt16LE(0) % (8 * bytes.length);
  bytes[bit >> 3] ^= 1 << (bit & 7);
}

const oddPoint = (random) => oddPoints[random[0] % oddPoints.length];

function hash(purpose, bytes) {
  return createHash("sha512").update(purpose).update(bytes).digest();
}
