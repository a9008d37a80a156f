"""Masters in float32 of parameters in bfloat16, which matrix products are fast in; Muon (Jordan et
al. 2024) for matrices, AdamW (Loshchilov and Hutter 2019) for all else."""

import torch


def orthogonal(matrix, steps=5):
    """The nearest half-orthogonal matrix, about, by Newton-Schulz steps of the fifth order."""
    a, b, c = 3.4445, -4.7750, 2.0315
    x = (matrix / (matrix.norm() + 1e-7)).bfloat16()
    tall = x.shape[0] > x.shape[1]
    x = x.t() if tall else x
    for _ in range(steps):
        square = x @ x.t()
        x = a * x + (b * square + c * (square @ square)) @ x
    return (x.t() if tall else x).float()


class Optimizer:
    def __init__(self, parameters, rate, matrix_rate=None, decay=0.01, betas=(0.9, 0.98)):
        """`parameters`: (name, parameter); with a `matrix_rate`, matrices of layers go by Muon."""
        self.entries = [(parameter, parameter.detach().float().clone(),
                         matrix_rate is not None and parameter.dim() == 2 and "layers" in name)
                        for name, parameter in parameters]
        self.first = [torch.zeros_like(master) for _, master, _ in self.entries]
        self.second = [torch.zeros_like(master) for _, master, _ in self.entries]
        self.rate, self.matrix_rate, self.decay, self.betas = rate, matrix_rate, decay, betas
        self.steps = 0

    def zero_grad(self):
        for parameter, _, _ in self.entries:
            parameter.grad = None

    @torch.no_grad()
    def step(self, schedule):
        """One step with rates times `schedule`."""
        self.steps += 1
        norm = torch.stack([each.grad.float().norm() for each, _, _ in self.entries]).norm()
        clip = min(1.0, 1.0 / (float(norm) + 1e-6))
        for (parameter, master, muon), first, second in zip(self.entries, self.first, self.second):
            gradient = parameter.grad.float() * clip
            if muon:
                first.mul_(0.95).add_(gradient, alpha=0.05)
                update = orthogonal(gradient.lerp(first, 0.95))
                scale = max(1, master.shape[0] / master.shape[1]) ** 0.5
                rate = self.matrix_rate * schedule
                master.mul_(1 - rate * self.decay).add_(update, alpha=-rate * scale)
            else:
                self._adam(master, gradient, first, second, self.rate * schedule)
            parameter.copy_(master)
        return float(norm)

    def _adam(self, master, gradient, first, second, rate):
        beta1, beta2 = self.betas
        first.lerp_(gradient, 1 - beta1)
        second.lerp_(gradient.square(), 1 - beta2)
        mean = first / (1 - beta1**self.steps)
        spread = (second / (1 - beta2**self.steps)).sqrt_().add_(1e-8)
        if master.dim() == 2:
            master.mul_(1 - rate * self.decay)
        master.addcdiv_(mean, spread, value=-rate)

    def masters(self):
        return [master for _, master, _ in self.entries]
