"""Scores the base and what was trained on it, in PyTorch.

    python3 evaluate.py OUT TASK [KIND ...] [--count 100] [--type F32|Q8_0|Q4_0] [--show N]

KIND is "base" or a kind of adapter; --type is what the weights of the base are rounded to. The shares
are kept in OUT/TASK-KIND.TYPE.json; packages bring those of Q8_0. --show prints so many wrong answers."""

import argparse
import json
import pathlib

import torch

import adapters
import files
import scoring
from checkpoint import load_base
from data import tasks
from generation import answer
from tokenizer import Tokenizer


def load(out, task, kind, weight_type, dtype=torch.bfloat16):
    model = load_base(out / "base.pt", torch.float32)
    with torch.no_grad():
        for weight in model.parameters():
            if weight.dim() == 2:
                weight.copy_(torch.from_numpy(files.dequantize(weight.numpy(), weight_type)))
    model = model.to(dtype)
    if kind != "base":
        trained = torch.load(out / f"{task}-{kind}.pt")
        adapters.restore(adapters.attach(model, kind, trained["rank"], trained["alpha"]), trained)
    return model


def evaluate(model, tokenizer, examples):
    """-> ({measure: {share, low, high, count}}, [(example, answer)])"""
    answers = answer(model, tokenizer, [example.prompt for example in examples])
    pairs = list(zip(examples, answers))
    return scoring.summarize([scoring.score(*pair) for pair in pairs]), pairs


def show(summary, pairs, most):
    print({measure: f"{found['share']:.3f} ({found['low']:.3f}-{found['high']:.3f})"
           for measure, found in summary.items()}, flush=True)
    wrong = [(example, given) for example, given in pairs if example.answer != given]
    for example, given in wrong[:most]:
        print(f"{example.prompt}\n  wanted {example.answer}\n  given  {given}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("out", type=pathlib.Path)
    parser.add_argument("task", choices=tasks.TASKS)
    parser.add_argument("kinds", nargs="*", default=["base"])
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--type", default="F32")
    parser.add_argument("--show", type=int, default=0)
    arguments = parser.parse_args()
    tokenizer = Tokenizer(arguments.out)
    for kind in arguments.kinds:
        model = load(arguments.out, arguments.task, kind, arguments.type)
        metrics = {"test_questions": 2 * arguments.count}
        for split in ("seen-phrasings", "new-phrasings"):
            examples = tasks.split(arguments.task, split, arguments.count)
            summary, pairs = evaluate(model, tokenizer, examples)
            print(arguments.task, kind, split, end=" ")
            show(summary, pairs, arguments.show)
            for measure, found in summary.items():
                metrics[f"{measure}_{split}".replace("-", "_")] = round(found["share"], 4)
        path = arguments.out / f"{arguments.task}-{kind}.{arguments.type}.json"
        path.write_text(json.dumps(metrics, indent=2) + "\n")


if __name__ == "__main__":
    main()
