// Texts that are hard to tokenize: scripts, emoji, combining marks, white space, numbers, code, control characters, long runs and
// special tokens, mixed. U+0085 and U+FEFF are left out, which JavaScript and Unicode do not both take for white space.

const words =
  "the quick brown fox don't I'LL we've He'd it's THEY'RE hello-world foo_bar x86_64 3.14159 1,000,000 2026-11-21 naïve café Ångström straße İstanbul";
const code = [
  "for (int i = 0; i < n; ++i) {\n\tx[i] += 0x1F;\n}\n",
  "def f(a, b=None):\n    return a**2  # note\n\n\n",
  '<div class="a">&nbsp;</div>\r\n',
  "SELECT * FROM t WHERE a<>'b';--\n",
  '{"k": [1, 2, null]}',
  "#!/usr/bin/env bash\nset -euo pipefail\n",
  "a->b::c<d>&&e||!f",
];
const emoji = ["👩‍👩‍👧‍👦", "🏳️‍🌈", "👍🏽", "🇩🇪🇯🇵", "😀😀", "1️⃣", "❤️‍🔥", "🧑🏿‍🚀"];
const spaces = [" ", "\t", "\n", "\r\n", "\r", "\u00a0", "\u2003", "\u3000", "\u2028", "\v", "\f"];
const scripts =
  "السلام عليكم|שָׁלוֹם עולם|नमस्ते दुनिया|สวัสดีชาวโลก|Здравствуй мир|Γειά σου Κόσμε|გამარჯობა|မင်္ဂလာပါ|ជំរាបសួរ|በለሥልጣን";
const tokens =
  "<|im_start|>|<|im_end|>|<think>|</think>|<|im_|<thin|<|endoftext|>|<tool_call>|<s>|<|eot_id|>|[INST]";

/** The same texts for the same seed. */
export function mixedTexts(count, seed) {
  let state = seed >>> 0;
  const below = (n) => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return Math.floor((state / 2 ** 32) * n);
  };
  const pick = (list) => list[below(list.length)];
  const between = (first, last) => String.fromCodePoint(first + below(last - first + 1));
  const many = (most, make) => Array.from({ length: 1 + below(most) }, make).join("");
  const kinds = [
    () => pick(words.split(" ")) + pick([" ", "  ", "\n", "\t", "", ", ", ". ", "! "]),
    () => pick(code),
    () => many(8, () => between(0x4e00, 0x9fa5)),
    () =>
      many(8, () =>
        pick([between(0x3041, 0x3096), between(0x30a1, 0x30fa), between(0xac00, 0xd7a3)]),
      ),
    () => pick(emoji),
    () => pick([..."aeiouAEIOUnc"]) + many(3, () => between(0x300, 0x36f)),
    () => many(6, () => pick(spaces)),
    () => below(1e9) + pick(["", "%", "°", "½", "²", "Ⅻ", "٣٤٥", "१२३"]),
    () => pick(scripts.split("|")) + pick(["", " "]),
    () => between(0, 0x1f) + pick(["", "a", "\x7f", "\u0080", "\u009f"]),
    () =>
      pick([
        between(0xe000, 0xf8ff),
        between(0xf0000, 0xffffd),
        "\u200b",
        "\u200d",
        "\ufffd",
        "\u00ad",
      ]),
    () => pick(["a", " ", "\n", "-", "=", "0", "é", "あ", "😀"]).repeat(1 + below(200)),
    () => pick([between(0x20, 0x7e), between(0xa0, 0x24f), between(0x1e00, 0x1eff)]),
    () => pick(["'s", "'S", "'Re", "'lL", "''", "'d'm", " 'tis", "’s"]),
    () => pick(tokens.split("|")),
  ];
  const mixed = Array.from({ length: count }, (_, i) =>
    many(i % 40 === 0 ? 150 : 12, () => pick(kinds)()),
  );
  return ["", " ", "a", "\n", ...mixed];
}
