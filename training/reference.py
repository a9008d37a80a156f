"""What PyTorch makes of prompts in float32, for compare.mjs: python3 reference.py OUT [TASK-KIND]
prints [{prompt, tokens, logProbabilities}], of the most probable token each time, over the base in Q8_0."""

import json
import pathlib
import sys

import torch

from data import tasks
from evaluate import load
from generation import Cache
from tokenizer import Tokenizer

TOKENS = 24


@torch.no_grad()
def follow(model, prompt, end):
    tokens, found, start, cache = torch.tensor([prompt]), [], 0, Cache()
    while len(found) < TOKENS:
        scores = model.logits(model.hidden(tokens, start, None, cache)[0, -1]).log_softmax(-1)
        start += tokens.shape[1]
        best = int(scores.argmax())
        if best == end:
            break
        found.append((best, float(scores[best])))
        tokens = torch.tensor([[best]])
    return found


def main(out, name=None):
    tokenizer = Tokenizer(out)
    task, kind = name.split("-") if name else ("sql", "base")
    model = load(out, task, kind, "Q8_0", torch.float32)
    described = []
    for example in tasks.split(task, "validation", 6):
        found = follow(model, tokenizer.prompt(example.prompt), tokenizer.turn_end)
        described.append({"prompt": example.prompt, "tokens": [token for token, _ in found],
                          "logProbabilities": [score for _, score in found]})
    print(json.dumps(described))


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]), *sys.argv[2:])
