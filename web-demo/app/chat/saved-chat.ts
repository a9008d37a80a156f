// A chat in a file, to go on with it later:
//
//   "andon-chat 1\n"
//   the SHA-256 of the next line, 64 hexadecimal digits, "\n"
//   what was said and how, as JSON, "\n"
//   the session as the package saves it, which has a checksum of its own
//
// A session that a program saved can be gone on with as well, as a text.

import { AndonError } from "../andon.js";
import { chatMark as mark } from "../files.js";
import type { Settings } from "./settings.js";

export type Mode = "chat" | "text";

export interface Turn {
  role: "user" | "assistant";
  content: string;
}

export interface Chat {
  mode: Mode;
  turns: Turn[];
  settings: Settings;
}

const digestLength = 64;
/** Far more than any context takes: 64 MiB. */
const longestJson = 64 << 20;

async function digestOf(json: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", json));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export async function packChat(chat: Chat, session: Uint8Array<ArrayBuffer>): Promise<Blob> {
  const json = new TextEncoder().encode(JSON.stringify(chat));
  return new Blob([mark, await digestOf(json), "\n", json, "\n", session], {
    type: "application/octet-stream",
  });
}

const malformed = (what: string): AndonError =>
  new AndonError("SessionMalformed", `saved chat: ${what}`);

/** `chat` is undefined for a session alone. Errors: SessionMalformed. */
export async function unpackChat(
  file: Blob,
): Promise<{ chat: Chat | undefined; session: Uint8Array }> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  const head = mark.length + digestLength + 1;
  const textOf = (from: number, to: number): string =>
    new TextDecoder().decode(bytes.subarray(from, to));
  if (textOf(0, mark.length) !== mark) return { chat: undefined, session: bytes };
  const end = bytes.subarray(0, head + longestJson).indexOf(0x0a, head);
  if (end < 0) throw malformed("it is cut off");
  const json = bytes.slice(head, end);
  if ((await digestOf(json)) !== textOf(mark.length, head - 1)) throw malformed("it is damaged");
  return { chat: requireChat(textOf(head, end)), session: bytes.subarray(end + 1) };
}

function requireChat(json: string): Chat {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    throw malformed("no JSON");
  }
  if (isChat(value)) return value;
  throw malformed("not what this page writes");
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null;

function isChat(value: unknown): value is Chat {
  if (!isObject(value)) return false;
  const { mode, turns, settings } = value;
  return (
    (mode === "chat" || mode === "text") &&
    Array.isArray(turns) &&
    turns.every(isTurn) &&
    isSettings(settings)
  );
}

function isTurn(turn: unknown): turn is Turn {
  if (!isObject(turn)) return false;
  return (
    (turn["role"] === "user" || turn["role"] === "assistant") && typeof turn["content"] === "string"
  );
}

function isSettings(settings: unknown): settings is Settings {
  if (!isObject(settings)) return false;
  const { system, seed, temperature, topP, topK, maxTokens } = settings;
  const numbers = [temperature, topP, topK, maxTokens, seed ?? 0];
  return typeof system === "string" && numbers.every((number) => typeof number === "number");
}
