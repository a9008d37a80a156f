"""Gradients of the loss by the weights, for `andon osd --importance`: python3 gradients.py OUT TASK FILE

Writes safetensors, of examples of the training split: means along the straight way from the base to
OUT/TASK-full.pt. Times the change they sum to what training won (integrated gradients, Sundararajan et
al. 2017)."""

import pathlib
import sys

import torch

import adapters
import files
import loop
from batches import batches
from checkpoint import load_base
from finetune import examples
from tokenizer import Tokenizer

STEPS = 24  # a batch each
TOKENS = 2048


def main(out, task, path):
    model, tokenizer = load_base(out / "base.pt"), Tokenizer(out)
    tuned = torch.load(out / f"{task}-full.pt")["tensors"]
    weights = {module: adapter.weight for module, adapter in adapters.attach(model, "full").items()}
    first = {module: weight.detach().float() for module, weight in weights.items()}
    sums = {module: torch.zeros(weight.shape) for module, weight in weights.items()}
    source = batches(examples(tokenizer, task, "gradients"), TOKENS)
    for step, batch in zip(range(STEPS), source):
        for module, weight in weights.items():
            weight.grad = None
            with torch.no_grad():
                weight.copy_(first[module].lerp(tuned[module]["weight"], (step + 0.5) / STEPS))
        loop.weighted_loss(model, *batch)[0].backward()
        for module, weight in weights.items():
            sums[module] += weight.grad.float() / STEPS
    files.write_safetensors(pathlib.Path(path), {
        f"model.{module}.weight": gradient.numpy() for module, gradient in sums.items()})


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]), *sys.argv[2:])
