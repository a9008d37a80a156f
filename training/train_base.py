"""Trains the base on the general mix.

    python3 train_base.py OUT [--minutes 36 | --steps N] [--tokens 3072] [--seed 1]

OUT holds tokenizer.json; base.pt and base.log appear there. A file OUT/stop ends it early. base.log says
how many steps it were: with --steps a run repeats."""

import argparse
import pathlib

import torch

import loop
from batches import batches, encode
from data import pretraining
from model import Config, Transformer
from optimizer import Optimizer
from tokenizer import Tokenizer


def save(model, optimizer, out):
    weights = dict(zip((name for name, _ in model.named_parameters()), optimizer.masters()))
    torch.save({"config": vars(model.config), "weights": weights}, out / "base.new")
    (out / "base.new").rename(out / "base.pt")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("out", type=pathlib.Path)
    parser.add_argument("--minutes", type=float, default=36)
    parser.add_argument("--steps", type=int)
    parser.add_argument("--tokens", type=int, default=3072)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    out = arguments.out
    torch.manual_seed(arguments.seed)
    tokenizer = Tokenizer(out)
    model = Transformer(Config(vocabulary=tokenizer.size)).bfloat16()
    optimizer = Optimizer(list(model.named_parameters()), rate=3e-3, matrix_rate=0.02)
    documents = pretraining.documents(arguments.seed)
    examples = (encode(tokenizer, document) for document in documents)
    schedule = loop.Schedule(out / "stop", arguments.minutes, arguments.steps)
    with open(out / "base.log", "w") as log:
        loop.train(model, optimizer, batches(examples, arguments.tokens, arguments.seed), schedule,
                   log, lambda: save(model, optimizer, out))


if __name__ == "__main__":
    main()
