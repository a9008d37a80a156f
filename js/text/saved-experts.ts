// Which experts wrote a session that is saved. Their digests are in the core's part of it; here is what to look for:
//
//   "ANDNXPRT", u32 bytes of JSON, JSON, what the core saved        little-endian
//
// A session without experts is what the core saved alone.

import { AndonError } from "../errors.js";
import type { ExpertHost } from "./expert-host.js";
import type { ExpertChoice } from "./protocol.js";

const magic = "ANDNXPRT";
const headBytes = magic.length + 4;

/** One expert of the list. */
interface SavedExpert {
  /** Hex. */
  identity: string;
  name: string;
  version: string;
  weight: number;
}

interface Saved {
  experts: SavedExpert[];
  softPrompt: boolean;
  calibration: boolean;
}

export function sealEnvelope(core: Uint8Array, use: ExpertChoice, host: ExpertHost): Uint8Array {
  if (use.experts.length === 0) return core;
  const experts = host.chosen(use).map(({ expert, weight }): SavedExpert => {
    const { name, version } = expert.description;
    return { identity: expert.identity, name, version, weight };
  });
  const saved: Saved = { ...use, experts };
  const json = new TextEncoder().encode(JSON.stringify(saved));
  const sealed = new Uint8Array(headBytes + json.length + core.length);
  sealed.set(new TextEncoder().encode(magic));
  new DataView(sealed.buffer).setUint32(magic.length, json.length, true);
  sealed.set(json, headBytes);
  sealed.set(core, headBytes + json.length);
  return sealed;
}

/** Errors: SessionMalformed; SessionForeign, naming an expert that is not attached. */
export function openEnvelope(
  sealed: Uint8Array,
  host: ExpertHost,
): { use: ExpertChoice; core: Uint8Array } {
  if (new TextDecoder().decode(sealed.subarray(0, magic.length)) !== magic) {
    return { use: { experts: [], softPrompt: true, calibration: true }, core: sealed };
  }
  const { experts, softPrompt, calibration } = savedOf(sealed);
  const found = experts.map(({ identity, name, version, weight }) => {
    const expert = host.find(identity);
    if (expert !== undefined) return { id: expert.id, weight };
    throw new AndonError(
      "SessionForeign",
      `session: the expert "${name}" ${version} is not attached`,
    );
  });
  const end = headBytes + jsonBytes(sealed);
  return { use: { experts: found, softPrompt, calibration }, core: sealed.subarray(end) };
}

function jsonBytes(sealed: Uint8Array): number {
  const { buffer, byteOffset, byteLength } = sealed;
  if (byteLength < headBytes) throw malformed();
  return new DataView(buffer, byteOffset).getUint32(magic.length, true);
}

function savedOf(sealed: Uint8Array): Saved {
  const text = new TextDecoder().decode(sealed.subarray(headBytes, headBytes + jsonBytes(sealed)));
  let saved: Partial<Saved> | null = null;
  try {
    saved = JSON.parse(text) as Partial<Saved> | null;
  } catch {
    // said below
  }
  const { experts, softPrompt, calibration } = saved ?? {};
  const sound =
    Array.isArray(experts) &&
    experts.every(isSavedExpert) &&
    typeof softPrompt === "boolean" &&
    typeof calibration === "boolean";
  if (!sound) throw malformed();
  return { experts, softPrompt, calibration };
}

function isSavedExpert(value: unknown): value is SavedExpert {
  const { identity, name, version, weight } = (value ?? {}) as Partial<SavedExpert>;
  const texts = [identity, name, version].every((text) => typeof text === "string");
  return texts && typeof weight === "number";
}

function malformed(): AndonError {
  return new AndonError("SessionMalformed", "session: the list of its experts is damaged");
}
