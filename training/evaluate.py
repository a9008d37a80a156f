"""Scores the base and what was trained on it, in PyTorch.

    python3 evaluate.py OUT TASK [KIND ...] [--count 100] [--split NAME ...] [--type F32|Q8_0|Q4_0]
                        [--show N]

KIND is "base" or a kind of adapter; --type is what the weights of the base are rounded to."""

import argparse
import pathlib

import torch

import adapters
import files
import scoring
from checkpoint import load_base
from data import tasks
from generation import answer
from tokenizer import Tokenizer


def put_on(model, trained):
    attached = adapters.attach(model, trained["kind"], trained["rank"], trained["alpha"])
    with torch.no_grad():
        for module, named in trained["tensors"].items():
            parameters = attached[module].tensors()
            for name, value in named.items():
                parameters[name].copy_(value)


def load(out, task, kind, weight_type):
    model = load_base(out / "base.pt", torch.float32)
    with torch.no_grad():
        for weight in model.parameters():
            if weight.dim() == 2:
                weight.copy_(torch.from_numpy(files.dequantize(weight.numpy(), weight_type)))
    model = model.bfloat16()
    if kind != "base":
        put_on(model, torch.load(out / f"{task}-{kind}.pt"))
    return model


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("out", type=pathlib.Path)
    parser.add_argument("task", choices=tasks.TASKS)
    parser.add_argument("kinds", nargs="*", default=["base"])
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--split", nargs="*", default=["seen-phrasings", "new-phrasings"])
    parser.add_argument("--type", default="F32")
    parser.add_argument("--show", type=int, default=0)
    arguments = parser.parse_args()
    tokenizer = Tokenizer(arguments.out)
    for kind in arguments.kinds:
        model = load(arguments.out, arguments.task, kind, arguments.type)
        for split in arguments.split:
            examples = tasks.split(arguments.task, split, arguments.count)
            answers = answer(model, tokenizer, [example.prompt for example in examples])
            scores = [scoring.score(*pair) for pair in zip(examples, answers)]
            shares = {measure: f"{found['share']:.2f} ({found['low']:.2f}-{found['high']:.2f})"
                      for measure, found in scoring.summarize(scores).items()}
            print(arguments.task, kind, split, shares, flush=True)
            wrong = [pair for pair in zip(examples, answers) if pair[0].answer != pair[1]]
            for example, given in wrong[: arguments.show]:
                print(f"{example.prompt}\n  wanted {example.answer}\n  given  {given}")


if __name__ == "__main__":
    main()
