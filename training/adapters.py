"""Adapters over a frozen base, as what each makes of a weight: LoRA (Hu et al. 2021), DoRA (Liu et al.
2024), IA3 (Liu et al. 2022) and, to compare with them, training of the weights themselves."""

import torch
from torch import nn
from torch.nn.utils import parametrize

from model import MODULES


class Lora(nn.Module):
    def __init__(self, weight, rank, alpha):
        super().__init__()
        outputs, inputs = weight.shape
        self.scale = alpha / rank
        self.lora_A = nn.Parameter(torch.randn(rank, inputs).to(weight.dtype) * inputs**-0.5)
        self.lora_B = nn.Parameter(torch.zeros(outputs, rank, dtype=weight.dtype))

    def forward(self, weight):
        return weight + (self.scale * (self.lora_B @ self.lora_A)).to(weight.dtype)

    def tensors(self):
        return {"lora_A.weight": self.lora_A, "lora_B.weight": self.lora_B}


class Dora(Lora):
    """The norm counts as a constant in the gradient, as in section 4.3 of the paper."""

    def __init__(self, weight, rank, alpha):
        super().__init__(weight, rank, alpha)
        self.magnitude = nn.Parameter(weight.float().norm(dim=1))

    def forward(self, weight):
        direction = super().forward(weight)
        norm = direction.detach().float().norm(dim=1)
        return direction * (self.magnitude / norm).to(weight.dtype)[:, None]

    def tensors(self):
        return {**super().tensors(), "lora_magnitude_vector.weight": self.magnitude}


class Ia3(nn.Module):
    """Scales what k_proj and v_proj give and what down_proj takes."""

    def __init__(self, weight, feed_forward):
        super().__init__()
        outputs, inputs = weight.shape
        self.ia3_l = nn.Parameter(torch.ones((1, inputs) if feed_forward else (outputs, 1)))

    def forward(self, weight):
        return weight * self.ia3_l.to(weight.dtype)

    def tensors(self):
        return {"ia3_l": self.ia3_l}


class Full(nn.Module):
    def __init__(self, weight):
        super().__init__()
        self.weight = nn.Parameter(weight.detach().clone())

    def forward(self, _):
        return self.weight

    def tensors(self):
        return {"weight": self.weight}


KINDS = ("lora", "dora", "ia3", "full")
IA3_MODULES = ("k_proj", "v_proj", "down_proj")
RATES = {"lora": 4e-3, "dora": 4e-3, "ia3": 2e-2, "full": 1e-3}


def _make(kind, name, weight, rank, alpha):
    if kind == "ia3":
        return Ia3(weight, name == "down_proj") if name in IA3_MODULES else None
    if kind == "full":
        return Full(weight)
    return (Dora if kind == "dora" else Lora)(weight, rank, alpha)


def attach(model, kind, rank=16, alpha=32):
    """Freezes the model, puts new adapters on its layers, and gives them by the names of their
    modules: "layers.0.self_attn.q_proj" -> adapter."""
    for parameter in model.parameters():
        parameter.requires_grad_(False)
    attached = {}
    for name, module in list(model.named_modules()):
        last = name.rpartition(".")[2]
        adapter = last in MODULES and _make(kind, last, module.weight, rank, alpha)
        if adapter:
            parametrize.register_parametrization(module, "weight", adapter)
            attached[name] = adapter
    return attached


@torch.no_grad()
def restore(attached, trained):
    """Puts in what was trained: {module: {name: values}}."""
    for module, named in trained["tensors"].items():
        parameters = attached[module].tensors()
        for name, value in named.items():
            parameters[name].copy_(value)
