// The page's reckoning about experts, without a page.

import { expect, test } from "@playwright/test";
import type { AdapterSummary, CertificateDescription, Section } from "andon";
import { Adapters, kindName, layerName } from "../web-demo/app/expert/adapter-data.js";
import { chainLinks, permission } from "../web-demo/app/expert/chain-words.js";
import { flattened } from "../web-demo/app/expert/claims.js";
import { sizesByType, total, typeName } from "../web-demo/app/expert/sizes.js";

const section = (type: Section["type"], storedLength: number, rawLength: number): Section => ({
  id: 1,
  type,
  name: "",
  codec: "zstd",
  layer: null,
  critical: false,
  offset: 0,
  storedLength,
  rawLength,
  sha256: null,
});

test("sections are added up by type, the largest first", () => {
  const groups = sizesByType([
    section("docs", 5, 10),
    section("params", 100, 300),
    section("params", 50, 100),
  ]);
  expect(groups).toEqual([
    { type: "params", sections: 2, stored: 150, raw: 400 },
    { type: "docs", sections: 1, stored: 5, raw: 10 },
  ]);
  expect(total(groups)).toEqual({ stored: 155, raw: 410 });
});

test("a type that nobody named keeps the name it has, also one of the prototype", () => {
  expect(typeName("params")).toBe("Adapters");
  expect(typeName("constructor")).toBe("constructor");
});

const layer = (index: number, kinds: [string, number, number][]): AdapterSummary => ({
  layer: index,
  modules: kinds.map(([target, rank, norm]) => ({
    target: target as AdapterSummary["modules"][number]["target"],
    kind: rank === 0 ? "ia3" : "lora",
    dtype: "F16",
    rank,
    inFeatures: 4,
    outFeatures: 4,
    scale: 1,
    feedForward: false,
    sparseWeight: 0,
    norm,
  })),
});

test("layers are added with the norm of all their modules together", () => {
  const adapters = new Adapters();
  const column = adapters.add(
    layer(3, [
      ["q_proj", 8, 3],
      ["v_proj", 8, 4],
    ]),
  );
  expect(column.norm).toBe(5);
  adapters.add(layer(4, [["down_proj", 16, 2]]));
  adapters.add(layer(5, [["k_proj", 0, 1]]));
  expect(adapters.highest).toBe(5);
  expect(adapters.strongest).toBe(4);
  expect(adapters.targets()).toEqual(["q_proj", "k_proj", "v_proj", "down_proj"]);
  expect(adapters.kinds()).toBe("LoRA, rank 8 to 16; IA³");
  expect(adapters.rows()).toHaveLength(4);
});

test("an adapter without layers has no height", () => {
  const adapters = new Adapters();
  expect([adapters.highest, adapters.strongest, adapters.kinds()]).toEqual([0, 0, ""]);
  expect(kindName("lokr")).toBe("LoKr");
  expect(kindName("toString")).toBe("toString");
  expect(layerName(7)).toBe("Layer 7");
  expect(layerName(null)).toBe("Outside the layers");
});

const certificate = (
  role: CertificateDescription["role"],
  [subject, issuer]: [string, string],
  name: string,
): CertificateDescription => ({
  role,
  name,
  scope: role === "signer" ? "expert-a-*" : "*",
  serial: "00",
  issuer,
  subject,
  notBefore: 1,
  notAfter: 2,
  maxPath: 0,
  signatureHolds: true,
});

test("a chain is told from the top, by the caller's names where there are any", () => {
  const chain = [
    certificate("signer", ["leaf", "middle"], "Signer"),
    certificate("ca", ["middle", "top"], "Publisher"),
  ];
  const links = chainLinks(chain, new Map([["top", "My root"]]));
  expect(links.map(({ name, by, self }) => [name, by, self])).toEqual([
    ["Publisher", "My root", false],
    ["Signer", "Publisher", false],
  ]);
  expect(links.map(permission)).toEqual([
    ["may name others who sign", "any expert"],
    ["may sign", "expert-a-*"],
  ]);
});

test("a certificate that vouches for itself, and an issuer without a name", () => {
  const [self] = chainLinks([certificate("signer", ["k", "k"], "Me")], new Map());
  expect(self).toMatchObject({ self: true, by: "Me" });
  const [stray] = chainLinks([certificate("signer", ["k", "someone"], "Me")], new Map());
  expect(stray).toMatchObject({ self: false, by: "someone" });
});

test("every value is listed with its path", () => {
  expect(flattened({ a: { b: [1, "x"], c: null }, d: [{ e: true }] })).toEqual([
    ["a.b", "1, x"],
    ["a.c", "null"],
    ["d[1].e", "true"],
  ]);
  expect(flattened({})).toEqual([]);
});
