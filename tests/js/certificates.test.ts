import { describe, expect, test } from "@jest/globals";
import {
  issueCertificate,
  issueRevocationList,
  readCertificates,
  readKeyRotation,
  readRevocationList,
  rotateKey,
  type CertificateRequest,
} from "andon";
import { verify } from "node:crypto";
import { codeOf } from "./support/errors.js";
import { keyOf, publicKeyObject, seedOf } from "./support/keys.js";

const now = Math.floor(Date.now() / 1000);
const request: CertificateRequest = {
  role: "signer",
  name: "Ada",
  scope: "expert-acme-*",
  subject: keyOf(2),
  notBefore: now,
  notAfter: new Date((now + 60) * 1000),
  serial: "000102030405060708090a0b0c0d0e0f",
};

describe("certificates", () => {
  test("are read back as they were asked for, with the issuer's key", async () => {
    const bytes = await issueCertificate(request, seedOf(1));
    expect(bytes.length).toBe(420);
    expect(await readCertificates(bytes)).toEqual([
      {
        role: "signer",
        name: "Ada",
        scope: "expert-acme-*",
        serial: "000102030405060708090a0b0c0d0e0f",
        issuer: keyOf(1),
        subject: keyOf(2),
        notBefore: now,
        notAfter: now + 60,
        maxPath: 0,
        signatureHolds: true,
      },
    ]);
  });

  test("are signed so that openssl agrees", async () => {
    const bytes = await issueCertificate(request, seedOf(1));
    const message = Buffer.concat([Buffer.from("HLLMEXP-CERT-V1\0"), bytes.subarray(0, 356)]);
    expect(verify(null, message, publicKeyObject(1), bytes.subarray(356))).toBe(true);
  });

  test("are read as chains, and say where a signature does not hold", async () => {
    const leaf = await issueCertificate(request, seedOf(1));
    const ca = await issueCertificate({ ...request, role: "ca", maxPath: 1 }, seedOf(3));
    ca[419] = (ca[419] ?? 0) ^ 1;
    const chain = await readCertificates(Buffer.concat([leaf, ca]));
    expect(
      chain.map(({ role, maxPath, signatureHolds }) => [role, maxPath, signatureHolds]),
    ).toEqual([
      ["signer", 0, true],
      ["ca", 1, false],
    ]);
  });

  test("have a random serial unless told otherwise", async () => {
    const { role, name, scope, subject, notBefore, notAfter } = request;
    const plain = { role, name, scope, subject, notBefore, notAfter };
    const first = await readCertificates(await issueCertificate(plain, seedOf(1)));
    const second = await readCertificates(await issueCertificate(plain, seedOf(1)));
    expect(first[0]?.serial).not.toBe(second[0]?.serial);
  });

  test.each<[string, object, string]>([
    ["an unknown role", { role: "boss" }, "CertificateMalformed"],
    ["no name", { name: "" }, "CertificateMalformed"],
    ["a name above 128 bytes", { name: "n".repeat(129) }, "CertificateMalformed"],
    ["a path of a signer", { maxPath: 1 }, "CertificateMalformed"],
    ["an end before the beginning", { notAfter: now - 1 }, "CertificateMalformed"],
    ["a path that is no byte", { maxPath: 256 }, "InvalidArgument"],
    ["milliseconds for seconds", { notAfter: Date.now() * 1000 }, "InvalidArgument"],
    ["a time that is none", { notBefore: Number.NaN }, "InvalidArgument"],
    ["a serial that is no hexadecimal", { serial: "xyz" }, "InvalidArgument"],
    ["a serial of another size", { serial: new Uint8Array(15) }, "InvalidArgument"],
    ["a subject that is no key", { subject: "AAAA" }, "KeyMalformed"],
  ])("with %s are refused", async (_, change, code) => {
    const changed = { ...request, ...change };
    expect(await codeOf(() => issueCertificate(changed, seedOf(1)))).toBe(code);
  });

  test("need a seed of 32 bytes", async () => {
    expect(await codeOf(() => issueCertificate(request, new Uint8Array(31)))).toBe("KeyMalformed");
  });

  test("that are none are refused", async () => {
    expect(await codeOf(() => readCertificates(new Uint8Array()))).toBe("ChainLength");
    expect(await codeOf(() => readCertificates(new Uint8Array(420)))).toBe("CertificateMalformed");
    const text = "text" as unknown as Uint8Array;
    expect(await codeOf(() => readCertificates(text))).toBe("InvalidArgument");
  });
});

describe("revocation lists", () => {
  test("are read back in order, with defaults", async () => {
    const bytes = await issueRevocationList(
      {
        number: 7,
        issued: now,
        entries: [
          { kind: "file", id: "ab".repeat(32), reason: "malicious", revokedFrom: 5 },
          { kind: "key", id: keyOf(2) },
          { kind: "serial", id: "cd".repeat(16) },
        ],
      },
      seedOf(1),
    );
    const since = { reason: "unspecified", revokedFrom: now };
    expect(await readRevocationList(bytes)).toEqual({
      number: 7,
      issued: now,
      expires: now + 7 * 24 * 3600,
      issuer: keyOf(1),
      entries: [
        { kind: "serial", id: "cd".repeat(16), ...since },
        { kind: "key", id: keyOf(2), ...since },
        { kind: "file", id: "ab".repeat(32), reason: "malicious", revokedFrom: 5 },
      ],
    });
  });

  test.each<[string, object, string]>([
    ["a number that is none", { number: 0.5 }, "InvalidArgument"],
    ["above 7 days", { issued: now, expires: now + 8 * 24 * 3600 }, "RevocationListMalformed"],
    ["a file that is no hash", { entries: [{ kind: "file", id: "ab" }] }, "InvalidArgument"],
    [
      "an unknown reason",
      { entries: [{ kind: "key", id: keyOf(2), reason: "mood" }] },
      "RevocationListMalformed",
    ],
    [
      "an unknown kind",
      { entries: [{ kind: "x", id: "ab".repeat(32) }] },
      "RevocationListMalformed",
    ],
  ])("with %s are refused", async (_, change, code) => {
    const changed = { number: 1, entries: [], ...change };
    expect(await codeOf(() => issueRevocationList(changed, seedOf(1)))).toBe(code);
  });

  test("with a changed byte are refused", async () => {
    const bytes = await issueRevocationList({ number: 1, entries: [] }, seedOf(1));
    bytes[100] = (bytes[100] ?? 0) ^ 1;
    expect(await codeOf(() => readRevocationList(bytes))).toBe("RevocationListSignature");
  });
});

describe("key rotations", () => {
  test("are read back", async () => {
    const bytes = await rotateKey(seedOf(1), seedOf(2), now);
    expect(await readKeyRotation(bytes)).toEqual({ from: keyOf(1), to: keyOf(2), since: now });
  });

  test("to the same key or with a changed byte are refused", async () => {
    expect(await codeOf(() => rotateKey(seedOf(1), seedOf(1)))).toBe("RotationMalformed");
    const bytes = await rotateKey(seedOf(1), seedOf(2));
    bytes[200] = (bytes[200] ?? 0) ^ 1;
    expect(await codeOf(() => readKeyRotation(bytes))).toBe("RotationSignature");
  });
});
