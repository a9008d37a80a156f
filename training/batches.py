"""Examples as tokens with a weight each, in batches of like lengths."""

import random

import numpy
import torch

CONTEXT = 160  # longer examples are left out


def encode(tokenizer, document):
    """A document or a chat -> (tokens, weights): what a token counts for when it is predicted. What is
    given, questions and schemas, is random and counts nothing."""
    if isinstance(document, str):
        first, _, rest = document.partition("\n")
        shown = tokenizer.encode(first)
        told = tokenizer.encode("\n" + rest if rest else "") + [tokenizer.end]
        tokens = [tokenizer.end] + shown + told
        return tokens, [0.0] * (1 + len(shown)) + [1.0] * len(told)
    tokens, weights = [], []
    for role, text in document:
        head = [tokenizer.turn] + tokenizer.encode(role + "\n")
        said = tokenizer.encode(text) + [tokenizer.turn_end]
        tokens += head + said + tokenizer.encode("\n")
        answer = role == "assistant"
        weights += [0.0] * len(head) + [1.0 if answer else 0.0] * len(said) + [0.0]
    return tokens, weights


def pad(examples, multiple=8):
    """(tokens [batch, n], targets, weights): targets are the tokens one later."""
    longest = max(len(tokens) for tokens, _ in examples) - 1
    longest = -(-longest // multiple) * multiple
    inputs = numpy.zeros((len(examples), longest), dtype=numpy.int64)
    targets = numpy.zeros_like(inputs)
    weights = numpy.zeros((len(examples), longest), dtype=numpy.float32)
    for row, (tokens, weight) in enumerate(examples):
        inputs[row, : len(tokens) - 1] = tokens[:-1]
        targets[row, : len(tokens) - 1] = tokens[1:]
        weights[row, : len(tokens) - 1] = weight[1:]
    return torch.from_numpy(inputs), torch.from_numpy(targets), torch.from_numpy(weights)


def batches(examples, tokens_each, seed=0, pool=2048):
    """Endless batches of about `tokens_each` tokens from an endless or a finite source, each of
    examples of like length, in random order."""
    rng = random.Random(seed)
    source = iter(examples)
    while True:
        drawn = [example for _, example in zip(range(pool), source) if len(example[0]) <= CONTEXT]
        if not drawn:
            return
        drawn.sort(key=lambda example: len(example[0]))
        groups, group = [], []
        for example in drawn:
            if group and len(example[0]) * (len(group) + 1) > tokens_each:
                groups.append(group)
                group = []
            group.append(example)
        rng.shuffle(groups)
        yield from map(pad, groups)
