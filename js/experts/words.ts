// A text as words: compatibility forms unified (NFKC), case folded, split by the properties of Unicode.
//
// A word is a run of letters, marks and digits, with the signs of names such as "C++" and "C#". Where a script writes
// no spaces each character is a word of its own; phrases find longer ones.

const unspaced =
  "[\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Script=Thai}\\p{Script=Lao}\\p{Script=Khmer}\\p{Script=Myanmar}]";
const word = new RegExp(`${unspaced}|(?:(?!${unspaced})[\\p{L}\\p{M}\\p{N}])+[+#]*`, "gu");

/** Upper case first: "ß" and "SS", "ς" and "σ" become the same. */
export function fold(text: string): string {
  return text.normalize("NFKC").toUpperCase().toLowerCase();
}

export function wordsOf(text: string): string[] {
  return fold(text).match(word) ?? [];
}

/** Words that hold sentences together, in English; they say little about what a sentence is about. */
const functionWords: ReadonlySet<string> = new Set(
  (
    "a about above after all also am an and any are as at be because been before being below between both but by can could " +
    "did do does doing down during each few for from further get give had has have having he her here hers him his how i if " +
    "in into is it its just let me more most my no nor not now of off on once only or other our out over own please same she " +
    "should so some such than that the their them then there these they this those through to too under until up us very was " +
    "we were what when where which while who whom why will with would you your"
  ).split(" "),
);

export function saysLittle(folded: string): boolean {
  return functionWords.has(folded);
}
