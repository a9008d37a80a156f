"""Trains the base on the general mix.

    python3 train_base.py OUT [--minutes 36 | --steps N] [--tokens 3072] [--seed 1]
                                [--start FILE]

OUT holds tokenizer.json; base.pt and base.log appear there. A file OUT/stop ends it early. base.log says
how many steps it were: with --steps a run repeats. --start goes on with the weights of a base.pt, at half the
rate and without the words to copy at the beginning."""

import argparse
import pathlib

import torch

import loop
from batches import batches, encode
from checkpoint import load_base
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
    parser.add_argument("--start", type=pathlib.Path)
    arguments = parser.parse_args()
    out = arguments.out
    torch.manual_seed(arguments.seed)
    tokenizer = Tokenizer(out)
    model = Transformer(Config(vocabulary=tokenizer.size)).bfloat16()
    scale, echoes = 1.0, pretraining.ECHOES
    if arguments.start:
        model, scale, echoes = load_base(arguments.start), 0.5, 0
    optimizer = Optimizer(list(model.named_parameters()), 3e-3 * scale, 0.02 * scale)
    documents = pretraining.documents(arguments.seed, echoes=echoes)
    examples = (encode(tokenizer, document) for document in documents)
    schedule = loop.Schedule(out / "stop", arguments.minutes, arguments.steps)
    with open(out / "base.log", "w") as log:
        loop.train(model, optimizer, batches(examples, arguments.tokens, arguments.seed), schedule,
                   log, lambda: save(model, optimizer, out))


if __name__ == "__main__":
    main()
