"""The best LoRA of a rank for what training changed: python3 truncate.py OUT TASK-KIND RANK FOLDER

Writes a PEFT folder in F16. OUT/TASK-KIND.pt is a LoRA or full training; of the change of each weight
the largest RANK singular values are kept (Eckart and Young 1936)."""

import pathlib
import sys

import torch

import export


def changes(base, trained):
    """(module, what training added to its weight)."""
    for module, named in trained["tensors"].items():
        if trained["kind"] == "full":
            yield module, named["weight"] - base["weights"][f"{module}.weight"]
        else:
            scale = trained["alpha"] / trained["rank"]
            yield module, scale * named["lora_B.weight"] @ named["lora_A.weight"]


def truncate(change, rank):
    left, values, right = torch.linalg.svd(change.double(), full_matrices=False)
    roots = values[:rank].sqrt()
    return {"lora_A.weight": (roots[:, None] * right[:rank]).float(),
            "lora_B.weight": (left[:, :rank] * roots).float()}


def main(out, name, rank, folder):
    base, trained = torch.load(out / "base.pt"), torch.load(out / f"{name}.pt")
    tensors = {module: truncate(change, rank) for module, change in changes(base, trained)}
    lora = {"kind": "lora", "rank": rank, "alpha": rank, "tensors": tensors}
    export.write_adapter(pathlib.Path(folder), lora)


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), sys.argv[4])
