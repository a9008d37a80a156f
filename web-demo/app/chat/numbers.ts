// How fast it goes, and what it takes.

import type { Part } from "../andon.js";
import { el } from "../dom.js";
import { bytes, count, plural } from "../format.js";

export type Finish = Extract<Part, { type: "finish" }>;

const betweenUpdates = 250; // milliseconds: faster than this nobody reads

export const rate = (perSecond: number): string =>
  perSecond === 0
    ? "–"
    : `${perSecond < 10 ? perSecond.toFixed(1) : count(Math.round(perSecond))} tokens/s`;

const duration = (ms: number): string =>
  ms < 1000 ? `${Math.max(1, Math.round(ms))} ms` : `${(ms / 1000).toFixed(1)} s`;

export interface Numbers {
  element: HTMLElement;
  clear(): void;
  prompt(done: number, total: number): void;
  token(): void;
  finish(counts: Finish): void;
  memory(held: { total: number; weights: number }): void;
  extent(used: { length: number; context: number } | undefined): void;
}

export function numbersPanel(): Numbers {
  const row = (name: string): [HTMLElement, HTMLElement] => {
    const value = el("dd", {}, "–");
    return [el("div", {}, el("dt", {}, name), value), value];
  };
  const [speedRow, speed] = row("Speed");
  const [promptRow, prompt] = row("Prompt");
  const [contextRow, context] = row("Context");
  const [memoryRow, memory] = row("Memory");
  let tokens = 0;
  let since = 0;
  let told = 0;

  return {
    element: el("dl", { class: "facts chat-numbers" }, speedRow, promptRow, contextRow, memoryRow),
    clear() {
      speed.textContent = prompt.textContent = context.textContent = "–";
      tokens = 0;
    },
    prompt(done, total) {
      prompt.textContent = `${count(done)} of ${plural(total, "token")}`;
      tokens = 0;
    },
    token() {
      const now = performance.now();
      if (tokens++ === 0) since = told = now;
      if (now - told < betweenUpdates) return;
      told = now;
      speed.textContent = rate(((tokens - 1) * 1000) / (now - since));
    },
    finish({ promptTokens, cachedTokens, promptMs, tokensPerSecond, promptTokensPerSecond }) {
      tokens = 0;
      speed.textContent = rate(tokensPerSecond);
      if (promptTokens === cachedTokens) return;
      const known = cachedTokens > 0 ? `, ${count(cachedTokens)} known before` : "";
      const fast = promptTokensPerSecond > 0 ? ` (${rate(promptTokensPerSecond)})` : "";
      prompt.textContent = `${plural(promptTokens - cachedTokens, "token")} in ${duration(promptMs)}${fast}${known}`;
    },
    memory({ total, weights }) {
      memory.textContent = `${bytes(total)}, ${bytes(weights)} of it weights`;
    },
    extent(used) {
      context.textContent =
        used === undefined ? "–" : `${count(used.length)} of ${plural(used.context, "token")}`;
    },
  };
}
