// JSON documents as programs write them: nested, with prose, numbers and lists.

const words =
  "alpha beta gamma data model user name address city order price naïve café the quick brown fox jumps over a lazy dog".split(
    " ",
  );

/** The same documents for the same seed. */
export function documents(count, seed) {
  let state = seed >>> 0;
  const below = (n) => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return Math.floor((state / 2 ** 32) * n);
  };
  const word = () => words[below(words.length)];
  const prose = () => Array.from({ length: 1 + below(12) }, word).join(" ");
  const object = (depth, size) =>
    Object.fromEntries(Array.from({ length: size }, (_, i) => [word() + i, value(depth)]));
  const value = (depth) => {
    const kind = below(20);
    if (depth > 0 && kind < 5) return object(depth - 1, below(6));
    if (depth > 0 && kind < 9) return Array.from({ length: below(6) }, () => value(depth - 1));
    if (kind < 15) return prose();
    if (kind < 17) return below(2_000_000) - 1_000_000;
    if (kind < 18) return below(100_000) / 1000;
    return [true, false, null][kind - 18] ?? null;
  };
  return Array.from({ length: count }, (_, i) =>
    JSON.stringify(object(4, 8), null, [0, 2, 0, 1][i % 4]),
  );
}
