"""A byte-level BPE tokenizer (Sennrich et al. 2016, in GPT-2's bytes) with single digits, in the form
of tokenizer.json.

    python3 tokenizer.py OUT     trains it on the pre-training mix and writes OUT/tokenizer.json
"""

import collections
import json
import pathlib
import re
import sys

from data import lexicon, pretraining

SPECIALS = ("<|endoftext|>", "<|im_start|>", "<|im_end|>")
VOCABULARY = 3072
# GPT-2's pattern for ASCII, after every digit was cut off; all texts here are ASCII.
WORDS = re.compile(r"'(?:s|t|re|ve|m|ll|d)| ?[A-Za-z]+| ?[^\sA-Za-z0-9]+|\s+(?!\S)|\s+")
PIECES = re.compile(r"[0-9]|[^0-9]+")


def byte_alphabet():
    """GPT-2's printable stand-ins for the 256 bytes."""
    printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
    others = (byte for byte in range(256) if byte not in printable)
    alphabet = {byte: chr(byte) for byte in printable}
    alphabet.update({byte: chr(256 + place) for place, byte in enumerate(others)})
    return alphabet


ALPHABET = byte_alphabet()


def split_words(text):
    for piece in PIECES.findall(text):
        yield from (piece,) if piece.isdigit() else WORDS.findall(piece)


def _merge(symbols, pair):
    merged, place = [], 0
    while place < len(symbols):
        if tuple(symbols[place : place + 2]) == pair:
            merged.append(symbols[place] + symbols[place + 1])
            place += 2
        else:
            merged.append(symbols[place])
            place += 1
    return merged


def train_merges(texts, count):
    frequency = collections.Counter(word for text in texts for word in split_words(text))
    words = {word: [ALPHABET[byte] for byte in word.encode()] for word in frequency}
    merges = []
    for _ in range(count):
        pairs = collections.Counter()
        for word, symbols in words.items():
            for pair in zip(symbols, symbols[1:]):
                pairs[pair] += frequency[word]
        if not pairs:
            break
        best = max(pairs, key=lambda pair: (pairs[pair], pair))
        merges.append(best)
        words = {word: _merge(symbols, best) for word, symbols in words.items()}
    return merges


class Tokenizer:
    def __init__(self, folder):
        described = json.loads((pathlib.Path(folder) / "tokenizer.json").read_text())
        self.vocabulary = described["model"]["vocab"]
        self.ranks = {tuple(pair): rank for rank, pair in enumerate(described["model"]["merges"])}
        self.specials = {token["content"]: token["id"] for token in described["added_tokens"]}
        self.texts = {number: text for text, number in self.vocabulary.items()}
        self.bytes = {text: byte for byte, text in ALPHABET.items()}
        self.size = len(self.vocabulary) + len(self.specials)
        self.known = {}
        self.end, self.turn, self.turn_end = (self.specials[text] for text in SPECIALS)

    def _word(self, word):
        symbols = [ALPHABET[byte] for byte in word.encode()]
        while len(symbols) > 1:
            best = min(zip(symbols, symbols[1:]), key=lambda pair: self.ranks.get(pair, 1 << 30))
            if best not in self.ranks:
                break
            symbols = _merge(symbols, best)
        return [self.vocabulary[symbol] for symbol in symbols]

    def encode(self, text):
        numbers = []
        for word in split_words(text):
            if word not in self.known:
                self.known[word] = self._word(word)
            numbers += self.known[word]
        return numbers

    def decode(self, numbers):
        """Without the special tokens."""
        text = "".join(self.texts.get(number, "") for number in numbers)
        return bytes(self.bytes[letter] for letter in text).decode(errors="replace")

    def prompt(self, user):
        """A user's turn and the begin of the answer, as the chat template writes them."""
        return ([self.turn] + self.encode("user\n" + user) + [self.turn_end] + self.encode("\n")
                + [self.turn] + self.encode("assistant\n"))


def describe(merges):
    letters = sorted(ALPHABET.values())
    vocabulary = {text: number for number, text in enumerate(
        [*letters, *(left + right for left, right in merges)])}
    added = [{"id": len(vocabulary) + place, "content": text, "single_word": False, "lstrip": False,
              "rstrip": False, "normalized": False, "special": True}
             for place, text in enumerate(SPECIALS)]
    byte_level = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True,
                  "use_regex": True}
    return {
        "version": "1.0", "truncation": None, "padding": None, "added_tokens": added,
        "normalizer": None,
        "pre_tokenizer": {"type": "Sequence", "pretokenizers": [
            {"type": "Digits", "individual_digits": True}, byte_level]},
        "post_processor": None, "decoder": byte_level,
        "model": {"type": "BPE", "dropout": None, "unk_token": None,
                  "continuing_subword_prefix": None, "end_of_word_suffix": None,
                  "fuse_unk": False, "byte_fallback": False, "ignore_merges": False,
                  "vocab": vocabulary, "merges": [list(pair) for pair in merges]},
    }


def main(out):
    texts = [part for document in pretraining.documents("tokenizer", 20000)
             for part in ([document] if isinstance(document, str)
                          else [f"{role}\n{text}" for role, text in document] + ["\n"])]
    # Words become one token each, after a space and after a sign.
    texts += [form for word in lexicon.words() for form in (word, " " + word)] * 200
    merges = train_merges(texts, VOCABULARY - 256 - len(SPECIALS))
    pathlib.Path(out).mkdir(parents=True, exist_ok=True)
    (pathlib.Path(out) / "tokenizer.json").write_text(json.dumps(describe(merges)) + "\n")
    print(f"{len(merges)} merges")


if __name__ == "__main__":
    main(sys.argv[1])
