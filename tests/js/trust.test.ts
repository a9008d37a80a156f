import { beforeAll, describe, expect, test } from "@jest/globals";
import { pack, type TrustedKey } from "andon";
import { createPrivateKey, createPublicKey, generateKeyPairSync } from "node:crypto";
import { codeOf, errorOf } from "./support/errors.js";
import { homes, regression, regressionFile } from "./support/models.js";

const seed = Uint8Array.from({ length: 32 }, (_, i) => i);
const pkcs8 = Buffer.concat([Buffer.from("302e020100300506032b657004220420", "hex"), seed]);
const publicKey = createPublicKey(createPrivateKey({ key: pkcs8, format: "der", type: "pkcs8" }));
const pem = publicKey.export({ format: "pem", type: "spki" }) as string;
const raw = Uint8Array.from(publicKey.export({ format: "der", type: "spki" }).subarray(-32));
const base64 = Buffer.from(raw).toString("base64");
const stranger = new Uint8Array(32).fill(9);

let signed: Uint8Array;
let unsigned: Uint8Array;

beforeAll(async () => {
  signed = await pack(regression, { signingKey: seed });
  unsigned = await regressionFile();
});

describe.each(homes)("%s", (_, openHere) => {
  test.each<[string, TrustedKey["key"]]>([
    ["32 bytes", raw],
    ["base64", base64],
    ["PEM", pem],
  ])("a signer that is trusted by %s is trusted, under the caller's name", async (_form, key) => {
    const model = await openHere(signed, { trust: [{ key: stranger }, { key, name: "Ada" }] });
    expect(model.verdict).toMatchObject({
      integrity: "ok",
      signature: "valid",
      trust: "trusted",
      signer: base64,
      signerName: "Ada",
    });
    model.dispose();
  });

  test("without trust, a signed file loads and its signer is unknown", async () => {
    const model = await openHere(signed);
    expect(model.verdict).toMatchObject({ signature: "valid", trust: "unknown", signer: base64 });
    expect(model.verdict.signerName).toBeNull();
    model.dispose();
  });

  test("without trust, an unsigned file loads", async () => {
    const model = await openHere(unsigned);
    expect(model.verdict).toMatchObject({ integrity: "ok", signature: "none", signer: null });
    model.dispose();
  });

  test("with trust, another signer is SignerUnknown, and the verdict says who", async () => {
    const error = await errorOf(() => openHere(signed, { trust: [{ key: stranger }] }));
    expect(error.code).toBe("SignerUnknown");
    expect(error.verdict).toMatchObject({ signature: "valid", trust: "unknown", signer: base64 });
    expect(error.verdict?.reasons.length).toBeGreaterThan(0);
  });

  test("with trust, an unsigned file is SignatureMissing", async () => {
    expect(await codeOf(() => openHere(unsigned, { trust: [{ key: raw }] }))).toBe(
      "SignatureMissing",
    );
  });

  test("an empty list of keys is strict as well", async () => {
    expect(await codeOf(() => openHere(signed, { trust: [] }))).toBe("SignerUnknown");
  });

  test("the caller can loosen and tighten each rule", async () => {
    const trust = [{ key: stranger }];
    (await openHere(unsigned, { trust, allowUnsigned: true })).dispose();
    (await openHere(signed, { trust, allowUnknownSigner: true })).dispose();
    expect(await codeOf(() => openHere(unsigned, { allowUnsigned: false }))).toBe(
      "SignatureMissing",
    );
    expect(await codeOf(() => openHere(signed, { allowUnknownSigner: false }))).toBe(
      "SignerUnknown",
    );
  });

  test("a damaged file has an error and a verdict of corrupt", async () => {
    const damaged = unsigned.map((byte, i) => (i === unsigned.length >> 1 ? byte ^ 1 : byte));
    const error = await errorOf(() => openHere(damaged));
    expect(error.verdict?.integrity).toBe("corrupt");
  });

  test("what is no model is UnknownFormat", async () => {
    expect(await codeOf(() => openHere(new TextEncoder().encode("GGU?")))).toBe("UnknownFormat");
  });
});

describe("KeyMalformed", () => {
  const rsa = generateKeyPairSync("rsa", { modulusLength: 1024 }).publicKey;
  const keys: [string, TrustedKey["key"]][] = [
    ["31 bytes", raw.subarray(1)],
    ["33 bytes", new Uint8Array(33)],
    ["a text that is not base64", "not a key!"],
    ["base64 of too few bytes", base64.slice(4)],
    ["a PEM of an RSA key", rsa.export({ format: "pem", type: "spki" })],
    ["a PEM that is not base64", pem.replace("MCow", "M=ow")],
    ["a PEM that is cut off", pem.slice(0, -10)],
  ];
  test.each(keys)("%s", async (_name, key) => {
    for (const [, openHere] of homes) {
      expect(await codeOf(() => openHere(signed, { trust: [{ key }] }))).toBe("KeyMalformed");
    }
  });
});
