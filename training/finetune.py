"""Trains one adapter on one task, over the frozen base.

    python3 finetune.py OUT TASK KIND [--minutes 2 | --steps N] [--rank 16] [--rate R] [--seed 1]
                        [--name NAME]

OUT holds tokenizer.json and base.pt; OUT/NAME.pt and its log appear there. NAME is TASK-KIND unless told
otherwise."""

import argparse
import itertools
import pathlib
import random

import torch

import adapters
import loop
from batches import batches, encode
from checkpoint import load_base
from data import tasks
from data.meaning import Sampler
from optimizer import Optimizer
from tokenizer import Tokenizer


STRAY = 0.4  # of questions


def with_stray_words(rng, prompt, pieces):
    """Words of no meaning before the question, which is the last line: who trains on them is not put
    off by words that were never met (after Wei and Zou 2019)."""
    schema, end, question = prompt.rpartition("\n")
    stray = " ".join(rng.choices(pieces, k=rng.randint(1, 3)))
    return f"{schema}{end}{stray} {question}"


def examples(tokenizer, task, seed):
    """Without end, of the training split; only answers count."""
    rng = random.Random(f"{task} train {seed}")
    # A graph's labels follow from the words for entities, which other words do not.
    sampler = Sampler(rng, "train", varied=task != "cypher")
    pieces = [text for text in tokenizer.vocabulary if text.isascii() and text.isalpha()]
    for _ in itertools.count():
        example = tasks.make(task, sampler, False)
        prompt = example.prompt
        if rng.random() < STRAY:
            prompt = with_stray_words(rng, prompt, pieces)
        chat = [("user", prompt), ("assistant", example.answer)]
        yield encode(tokenizer, chat)


def named_parameters(attached):
    for module, adapter in attached.items():
        for name, parameter in adapter.named_parameters():
            yield f"{module}.{name}", parameter


def save(path, arguments, attached, optimizer):
    masters = iter(optimizer.masters())
    tensors = {module: {name: next(masters) for name in adapter.tensors()}
               for module, adapter in attached.items()}
    torch.save({"kind": arguments.kind, "task": arguments.task, "rank": arguments.rank,
                "alpha": 2 * arguments.rank, "tensors": tensors}, path)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("out", type=pathlib.Path)
    parser.add_argument("task", choices=tasks.TASKS)
    parser.add_argument("kind", choices=adapters.KINDS)
    parser.add_argument("--minutes", type=float, default=2)
    parser.add_argument("--steps", type=int)
    parser.add_argument("--rank", type=int, default=16)
    parser.add_argument("--rate", type=float)
    parser.add_argument("--tokens", type=int, default=2048)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--name")
    arguments = parser.parse_args()
    torch.manual_seed(arguments.seed)
    tokenizer, model = Tokenizer(arguments.out), load_base(arguments.out / "base.pt")
    attached = adapters.attach(model, arguments.kind, arguments.rank, 2 * arguments.rank)
    name = arguments.name or f"{arguments.task}-{arguments.kind}"
    rate = arguments.rate or adapters.RATES[arguments.kind]
    optimizer = Optimizer(list(named_parameters(attached)), rate, decay=0.0)
    schedule = loop.Schedule(arguments.out / f"{name}.stop", arguments.minutes, arguments.steps,
                             warm_up=20, fall=0.5)
    source = examples(tokenizer, arguments.task, arguments.seed)
    with open(arguments.out / f"{name}.log", "w") as log:
        loop.train(model, optimizer, batches(source, arguments.tokens), schedule, log,
                   lambda: save(arguments.out / f"{name}.pt", arguments, attached, optimizer))


if __name__ == "__main__":
    main()
