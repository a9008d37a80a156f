"""Bases and adapters on disk."""

import torch

from model import Config, Transformer


def load_base(path, dtype=torch.bfloat16):
    described = torch.load(path)
    model = Transformer(Config(**described["config"]))
    model.load_state_dict(described["weights"])
    return model.to(dtype)
