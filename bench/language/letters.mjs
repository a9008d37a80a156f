/** A prompt of so many tokens: letters, which random models know one by one. */
export function letters(count) {
  const alphabet = "abcdefghijklmnopqrstuvwxyz";
  return Array.from({ length: count }, (_, i) => ` ${alphabet[(i * 7 + (i >> 3)) % 26]}`).join("");
}

/** Keeps the tokens from being chosen that end a text in these models: the last of Qwen3's and the one two before. */
export const endless = { 151_935: -Infinity, 151_933: -Infinity };
