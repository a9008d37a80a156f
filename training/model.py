"""A Qwen3-architecture transformer in PyTorch (RMSNorm, grouped queries with norms of queries and
keys, rotary positions in halves, SwiGLU, tied embeddings), small enough to be read at once."""

import dataclasses

import torch
from torch import nn
from torch.nn import functional

MODULES = ("q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj")


@dataclasses.dataclass(frozen=True)
class Config:
    vocabulary: int = 3072
    hidden: int = 192
    layers: int = 6
    heads: int = 6
    kv_heads: int = 3
    head_dim: int = 32
    intermediate: int = 576
    context: int = 512
    rope_theta: float = 10000.0
    epsilon: float = 1e-6


class Norm(nn.Module):
    def __init__(self, width, epsilon):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(width))
        self.epsilon = epsilon

    def forward(self, x):
        scale = torch.rsqrt(x.float().square().mean(-1, keepdim=True) + self.epsilon)
        return x * scale.to(x.dtype) * self.weight


def rotate(x, cosines, sines):
    """x: [batch, heads, tokens, head_dim]; halves turn together (Su et al. 2021)."""
    first, second = x.chunk(2, -1)
    return x * cosines + torch.cat((-second, first), -1) * sines


class Attention(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.config = config
        queries, keys = config.heads * config.head_dim, config.kv_heads * config.head_dim
        self.q_proj = nn.Linear(config.hidden, queries, bias=False)
        self.k_proj = nn.Linear(config.hidden, keys, bias=False)
        self.v_proj = nn.Linear(config.hidden, keys, bias=False)
        self.o_proj = nn.Linear(queries, config.hidden, bias=False)
        self.q_norm = Norm(config.head_dim, config.epsilon)
        self.k_norm = Norm(config.head_dim, config.epsilon)

    @torch.no_grad()
    def match_alike(self):
        """Queries begin as keys do, so that tokens first attend to those like them: copying is
        learnt sooner (after Trockman and Kolter 2023)."""
        keys = self.k_proj.weight.view(self.config.kv_heads, 1, self.config.head_dim, -1)
        group = self.config.heads // self.config.kv_heads
        self.q_proj.weight.copy_(keys.repeat(1, group, 1, 1).view_as(self.q_proj.weight))

    def forward(self, x, positions, mask, cache=None):
        batch, tokens, _ = x.shape
        shape = (batch, tokens, -1, self.config.head_dim)
        query = rotate(self.q_norm(self.q_proj(x).view(shape)).transpose(1, 2), *positions)
        key = rotate(self.k_norm(self.k_proj(x).view(shape)).transpose(1, 2), *positions)
        value = self.v_proj(x).view(shape).transpose(1, 2)
        if cache is not None:
            key, value = cache.append(self, key, value)
        group = self.config.heads // self.config.kv_heads
        # The queries of a group lie one below the other, so that keys are not repeated.
        query = query.reshape(batch, self.config.kv_heads, group * tokens, -1)
        scores = (query @ key.transpose(-1, -2)) * self.config.head_dim**-0.5
        scores = scores.view(batch, self.config.kv_heads, group, tokens, -1) + mask
        weights = scores.softmax(-1).view(batch, self.config.kv_heads, group * tokens, -1)
        mixed = (weights @ value).view(batch, self.config.heads, tokens, -1)
        return self.o_proj(mixed.transpose(1, 2).reshape(batch, tokens, -1))


class FeedForward(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.gate_proj = nn.Linear(config.hidden, config.intermediate, bias=False)
        self.up_proj = nn.Linear(config.hidden, config.intermediate, bias=False)
        self.down_proj = nn.Linear(config.intermediate, config.hidden, bias=False)

    def forward(self, x):
        return self.down_proj(functional.silu(self.gate_proj(x)) * self.up_proj(x))


class Layer(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.input_layernorm = Norm(config.hidden, config.epsilon)
        self.self_attn = Attention(config)
        self.post_attention_layernorm = Norm(config.hidden, config.epsilon)
        self.mlp = FeedForward(config)

    def forward(self, x, positions, mask, cache=None):
        x = x + self.self_attn(self.input_layernorm(x), positions, mask, cache)
        return x + self.mlp(self.post_attention_layernorm(x))


class Transformer(nn.Module):
    """Names of parameters are those of Hugging Face's Qwen3, after "model."."""

    def __init__(self, config):
        super().__init__()
        self.config = config
        self.embed_tokens = nn.Embedding(config.vocabulary, config.hidden)
        self.layers = nn.ModuleList(Layer(config) for _ in range(config.layers))
        self.norm = Norm(config.hidden, config.epsilon)
        for name, weight in self.named_parameters():
            if weight.dim() == 2:
                nn.init.normal_(weight, std=0.02 if "embed" in name else weight.shape[1] ** -0.5)
            if name.endswith(("o_proj.weight", "down_proj.weight")):
                weight.data /= (2 * config.layers) ** 0.5
        for layer in self.layers:
            layer.self_attn.match_alike()

    def positions(self, start, tokens, dtype):
        half = torch.arange(0, self.config.head_dim, 2) / self.config.head_dim
        angles = torch.outer(torch.arange(start, start + tokens), self.config.rope_theta**-half)
        angles = torch.cat((angles, angles), -1)
        return angles.cos().to(dtype), angles.sin().to(dtype)

    def hidden(self, tokens, start=0, mask=None, cache=None):
        """tokens: [batch, tokens] -> [batch, tokens, hidden], after the last norm."""
        x = self.embed_tokens(tokens)
        positions = self.positions(start, tokens.shape[1], x.dtype)
        if mask is None:
            mask = torch.full((tokens.shape[1],) * 2, float("-inf"), dtype=x.dtype).triu(1)
        for layer in self.layers:
            x = layer(x, positions, mask, cache)
        return self.norm(x)

    def logits(self, hidden):
        return functional.linear(hidden, self.embed_tokens.weight)
