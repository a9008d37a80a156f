import { expect, test } from "@jest/globals";
import * as andon from "andon";
import { AndonError, errorCodes, errorWhys } from "andon";

test("an AndonError is an Error with a name and a code", () => {
  const error = new AndonError("Internal", "core: the sky fell", { cause: 7 });
  expect(error).toBeInstanceOf(Error);
  expect(String(error)).toBe("AndonError: core: the sky fell");
  expect(error.code).toBe("Internal");
  expect(error.cause).toBe(7);
  expect(error.verdict).toBeUndefined();
  expect("cause" in new AndonError("Internal", "no cause")).toBe(false);
});

test("each code occurs once and has its sentence", () => {
  expect(new Set(errorCodes).size).toBe(errorCodes.length);
  expect(Object.keys(errorWhys)).toEqual([...errorCodes]);
});

test("the package exports what is documented and nothing else", () => {
  expect(Object.keys(andon).sort()).toEqual([
    "AndonError",
    "ExpertManager",
    "Router",
    "TextGenerator",
    "convertExpert",
    "convertToOsd",
    "errorCodes",
    "errorWhys",
    "expertFacts",
    "hashedEmbedding",
    "issueCertificate",
    "issueRevocationList",
    "memoryExpertStore",
    "memoryTrustStore",
    "open",
    "openExpertStore",
    "openInThread",
    "openLanguageModel",
    "openTrustStore",
    "pack",
    "packExpert",
    "readCertificates",
    "readKeyRotation",
    "readRevocationList",
    "rotateKey",
    "routeWeights",
    "signExpert",
  ]);
});
