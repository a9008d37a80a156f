// Sections that are large enough for the platform's SHA-256 to be used instead of the core's.

import { expect, test } from "@jest/globals";
import { open, packExpert } from "andon";
import { codeOf } from "./support/errors.js";
import { metadata, peftFolder } from "./support/experts.js";

const path = "notes.bin";
const notes = Uint8Array.from({ length: 100_000 }, (_, i) => i % 251);
const { bytes } = await packExpert(
  { ...peftFolder(1), [path]: notes },
  { metadata, codec: "none" },
);

function damaged(offset: number): Uint8Array {
  const copy = Uint8Array.from(bytes);
  copy[offset] = (copy[offset] ?? 0) ^ 1;
  return copy;
}

for (const worker of [false, true]) {
  const where = worker ? "in a worker" : "in this thread";

  test(`a large section is read ${where}`, async () => {
    const expert = await open(bytes, { kind: "expert", worker });
    expect(await expert.attachment(path)).toEqual(notes);
    expect(await expert.attachment(path)).toEqual(notes); // from the cache
    expert.dispose();
  });

  test(`a large section with one other bit is refused ${where}`, async () => {
    const { sections } = (await open(bytes, { kind: "expert" })).description;
    const section = sections.find(({ name }) => name === path);
    const end = (section?.offset ?? 0) + (section?.storedLength ?? 0);
    const expert = await open(damaged(end - 1), { kind: "expert", worker });
    expect(await codeOf(() => expert.attachment(path))).toBe("ExpertSectionHash");
    expert.dispose();
  });
}

test("an expert that is disposed of while a section is hashed says so", async () => {
  const expert = await open(bytes, { kind: "expert", worker: false });
  const reading = codeOf(() => expert.attachment(path));
  expert.dispose();
  expect(await reading).toBe("Disposed");
});
