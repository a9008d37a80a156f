// Many phrases, looked for in one pass: a tree of words (a trie), entered at each word of the text.

interface Node<Label> {
  next: Map<string, Node<Label>>;
  labels: Label[];
}

export class Phrases<Label> {
  readonly #root: Node<Label> = { next: new Map(), labels: [] };

  /** Nothing where there is no word. */
  add(words: readonly string[], label: Label): void {
    if (words.length === 0) return;
    let node = this.#root;
    for (const word of words) {
      let next = node.next.get(word);
      if (next === undefined) {
        next = { next: new Map(), labels: [] };
        node.next.set(word, next);
      }
      node = next;
    }
    node.labels.push(label);
  }

  /** The labels of all phrases that stand in the text as whole words; those of one that stands there twice come twice. */
  *find(words: readonly string[]): Generator<Label, void, undefined> {
    for (let start = 0; start < words.length; start++) {
      let node: Node<Label> | undefined = this.#root;
      for (let at = start; node !== undefined && at < words.length; at++) {
        node = node.next.get(words[at] as string);
        if (node !== undefined) yield* node.labels;
      }
    }
  }
}
