// Which of the four builds of the language-model core runs here: plain or relaxed SIMD, one or many threads.

import { platform } from "#platform";
import type { TextBuild, TextBuildName } from "./description.js";

/** More threads than this bring little: memory is the bound. */
const mostThreads = 8;

/** What the engine and the page offer. */
export interface Surroundings {
  relaxedSimd: boolean;
  /** `undefined`: threads can share memory; otherwise why not. */
  noThreads: string | undefined;
  /** Logical processors. */
  processors: number;
}

/** `threads`: what the caller asks for. */
export function chooseBuild(
  { relaxedSimd, noThreads, processors }: Surroundings,
  threads: number | undefined,
): TextBuild {
  const wanted = threads ?? Math.min(mostThreads, processors);
  const many = wanted > 1 && noThreads === undefined;
  const simd = relaxedSimd ? "relaxed" : "plain";
  const name: TextBuildName = `andon-text${relaxedSimd ? "-relaxed" : ""}${many ? "-threads" : ""}`;
  const reasons = [
    relaxedSimd ? "relaxed SIMD" : "plain SIMD: this engine has no relaxed SIMD",
    many ? `${wanted} threads` : `one thread${whyOne(wanted, noThreads)}`,
  ];
  return { name, simd, threads: many ? wanted : 1, reason: reasons.join("; ") };
}

function whyOne(wanted: number, noThreads: string | undefined): string {
  return wanted > 1 && noThreads !== undefined ? `: ${noThreads}` : "";
}

export function surroundings(): Surroundings {
  const { noThreads, processors } = platform;
  return { relaxedSimd: WebAssembly.validate(relaxedProbe), noThreads, processors };
}

/**
 * (module (func (result v128) i32.const 0 i8x16.splat i32.const 0 i8x16.splat i8x16.relaxed_swizzle)):
 * WebAssembly relaxed SIMD, opcode 0x100.
 */
const relaxedProbe = Uint8Array.of(
  ...[0, 97, 115, 109, 1, 0, 0, 0], // "\0asm", version 1
  ...[1, 5, 1, 96, 0, 1, 123], // type 0: () -> v128
  ...[3, 2, 1, 0], // function 0 of type 0
  ...[10, 15, 1, 13, 0, 65, 0, 253, 15, 65, 0, 253, 15, 253, 128, 2, 11], // its code
);
