// Which build runs, and why: said before anything is downloaded.

import { expect, test } from "@jest/globals";
import { textInternals } from "../support/language.js";

const { chooseBuild } = await textInternals<typeof import("../../../dist/text/build.js")>("build");

const here = { relaxedSimd: true, noThreads: undefined, processors: 4 };
const alone = "the page is not cross-origin isolated";

test("uses what there is", () => {
  expect(chooseBuild(here, undefined)).toEqual({
    name: "andon-text-relaxed-threads",
    simd: "relaxed",
    threads: 4,
    reason: "relaxed SIMD; 4 threads",
  });
});

test("says that the engine has no relaxed SIMD", () => {
  expect(chooseBuild({ ...here, relaxedSimd: false }, 2)).toEqual({
    name: "andon-text-threads",
    simd: "plain",
    threads: 2,
    reason: "plain SIMD: this engine has no relaxed SIMD; 2 threads",
  });
});

test("says why there is one thread", () => {
  expect(chooseBuild({ ...here, noThreads: alone }, undefined)).toEqual({
    name: "andon-text-relaxed",
    simd: "relaxed",
    threads: 1,
    reason: `relaxed SIMD; one thread: ${alone}`,
  });
});

test("needs no reason where one thread is what was asked for, or all there is", () => {
  expect(chooseBuild(here, 1).reason).toBe("relaxed SIMD; one thread");
  expect(chooseBuild({ ...here, processors: 1 }, undefined).reason).toBe(
    "relaxed SIMD; one thread",
  );
});

test("takes no more than eight by itself, and as many as the caller says", () => {
  expect(chooseBuild({ ...here, processors: 64 }, undefined).threads).toBe(8);
  expect(chooseBuild({ ...here, processors: 64 }, 12).threads).toBe(12);
});
