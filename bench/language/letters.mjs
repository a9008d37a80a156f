/** A prompt of so many tokens: letters, which random models know one by one. */
export function letters(count) {
  const alphabet = "abcdefghijklmnopqrstuvwxyz";
  return Array.from({ length: count }, (_, i) => ` ${alphabet[(i * 7 + (i >> 3)) % 26]}`).join("");
}
