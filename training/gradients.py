"""Gradients of the loss by the weights of the base, for `andon osd --importance`:
python3 gradients.py OUT TASK FILE writes safetensors, of examples of the training split."""

import pathlib
import sys

import torch

import files
import loop
from batches import batches
from checkpoint import load_base
from finetune import examples
from model import MODULES
from tokenizer import Tokenizer

BATCHES = 24
TOKENS = 2048


def main(out, task, path):
    model, tokenizer = load_base(out / "base.pt"), Tokenizer(out)
    weights = {name: weight for name, weight in model.named_parameters()
               if name.split(".")[-2] in MODULES}
    sums = {name: torch.zeros(weight.shape) for name, weight in weights.items()}
    source = batches(examples(tokenizer, task, "gradients"), TOKENS)
    for _, batch in zip(range(BATCHES), source):
        model.zero_grad()
        loop.weighted_loss(model, *batch)[0].backward()
        for name, weight in weights.items():
            sums[name] += weight.grad.float() / BATCHES
    files.write_safetensors(pathlib.Path(path), {
        f"model.{name}": gradient.numpy() for name, gradient in sums.items()})


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]), *sys.argv[2:])
