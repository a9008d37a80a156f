"""Masters in float32 of parameters in bfloat16, which matrix products are fast in; Muon (Jordan et
al. 2024) for matrices, AdamW (Loshchilov and Hutter 2019) for all else."""

import torch


def orthogonal(matrices, steps=5):
    """The nearest half-orthogonal matrices, about, by Newton-Schulz steps of the fifth order."""
    a, b, c = 3.4445, -4.7750, 2.0315
    x = (matrices / (matrices.norm(dim=(1, 2), keepdim=True) + 1e-7)).bfloat16()
    tall = x.shape[1] > x.shape[2]
    x = x.transpose(1, 2).contiguous() if tall else x
    for _ in range(steps):
        square = x @ x.transpose(1, 2)
        x = a * x + (b * square + c * (square @ square)) @ x
    return (x.transpose(1, 2) if tall else x).float()


class Optimizer:
    def __init__(self, parameters, rate, matrix_rate=None, decay=0.01, betas=(0.9, 0.98)):
        """`parameters`: (name, parameter); with a `matrix_rate`, matrices of layers go by Muon."""
        self.entries = [(parameter, parameter.detach().float().clone()) for _, parameter in parameters]
        self.first = [torch.zeros_like(master) for _, master in self.entries]
        self.second = [torch.zeros_like(master) for _, master in self.entries]
        self.rate, self.matrix_rate, self.decay, self.betas = rate, matrix_rate, decay, betas
        self.steps = 0
        self.shapes, self.others = {}, []  # places of matrices by shape; of all else
        for place, (name, parameter) in enumerate(parameters):
            if matrix_rate is not None and parameter.dim() == 2 and "layers" in name:
                self.shapes.setdefault(parameter.shape, []).append(place)
            else:
                self.others.append(place)

    def zero_grad(self):
        for parameter, _ in self.entries:
            parameter.grad = None

    @torch.no_grad()
    def step(self, schedule):
        """One step with rates times `schedule`."""
        self.steps += 1
        gradients = [parameter.grad.float() for parameter, _ in self.entries]
        norm = float(torch.stack([gradient.norm() for gradient in gradients]).norm())
        for gradient in gradients:
            gradient.mul_(min(1.0, 1.0 / (norm + 1e-6)))
        for shape, places in self.shapes.items():
            self._muon(shape, places, gradients, self.matrix_rate * schedule)
        for place in self.others:
            self._adam(place, gradients[place], self.rate * schedule)
        for parameter, master in self.entries:
            parameter.copy_(master)
        return norm

    def _muon(self, shape, places, gradients, rate):
        """Matrices of one shape at once, with Nesterov's momentum."""
        for place in places:
            self.first[place].lerp_(gradients[place], 0.05)
        updates = orthogonal(torch.stack(
            [gradients[place].lerp(self.first[place], 0.95) for place in places]))
        for place, update in zip(places, updates):
            master = self.entries[place][1]
            master.mul_(1 - rate * self.decay)
            master.add_(update, alpha=-rate * max(1, shape[0] / shape[1]) ** 0.5)

    def _adam(self, place, gradient, rate):
        master, first, second = self.entries[place][1], self.first[place], self.second[place]
        beta1, beta2 = self.betas
        first.lerp_(gradient, 1 - beta1)
        second.lerp_(gradient.square(), 1 - beta2)
        mean = first / (1 - beta1**self.steps)
        spread = (second / (1 - beta2**self.steps)).sqrt_().add_(1e-8)
        if master.dim() == 2:
            master.mul_(1 - rate * self.decay)
        master.addcdiv_(mean, spread, value=-rate)

    def masters(self):
        return [master for _, master in self.entries]
