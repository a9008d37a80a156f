"""The loop of training, for the base and for adapters."""

import json
import time

from torch.nn import functional

CHECKPOINT_SECONDS = 180


def weighted_loss(model, tokens, targets, weights):
    """The mean of the cross-entropies of what counts, by weight; and that of what counts fully, in
    nats a token."""
    counted = weights.view(-1).nonzero().view(-1)
    hidden = model.hidden(tokens).view(-1, model.config.hidden)[counted]
    losses = functional.cross_entropy(model.logits(hidden).float(), targets.view(-1)[counted],
                                      reduction="none")
    chosen = weights.view(-1)[counted]
    return (losses * chosen).sum() / chosen.sum(), losses[chosen == 1].mean().item()


class Schedule:
    """The rate rises over the first steps and falls to nothing over the last part of the minutes, or
    of the steps. A file `stop` ends it early, after such a fall within two minutes."""

    def __init__(self, stop, minutes, steps, warm_up=50, fall=0.35):
        self.stop, self.minutes, self.steps = stop, minutes, steps
        self.warm_up, self.fall = warm_up, fall
        self.begin = time.time()
        self.stopped_at = None

    def progress(self, step):
        """From 0 to 1."""
        minutes = (time.time() - self.begin) / 60
        done = step / self.steps if self.steps else minutes / self.minutes
        if self.stopped_at is None and self.stop.exists():
            self.stopped_at = (minutes, min(max(done, 1 - self.fall), 1))
        if self.stopped_at is None:
            return done
        since, level = self.stopped_at
        return level + (1 - level) * (minutes - since) / 2

    def rate(self, step):
        return min((step + 1) / self.warm_up, 1, max(0.0, 1 - self.progress(step)) / self.fall)


def train(model, optimizer, batches, schedule, log, save):
    """Ends with the schedule; `save` is called then, and every three minutes."""
    saved, seen, losses = time.time(), 0, []
    for step, batch in enumerate(batches):
        done = schedule.progress(step) >= 1
        if done or time.time() - saved > CHECKPOINT_SECONDS:
            save()
            saved = time.time()
        if done:
            return
        loss, counted = weighted_loss(model, *batch)
        optimizer.zero_grad()
        loss.backward()
        norm = optimizer.step(schedule.rate(step))
        losses.append(counted)
        seen += int((batch[2] > 0).sum())
        if step % 20 == 19:
            minutes = (time.time() - schedule.begin) / 60
            line = {"step": step + 1, "loss": round(sum(losses) / len(losses), 4),
                    "norm": round(norm, 3), "tokens": seen, "minutes": round(minutes, 2),
                    "tokens_per_second": round(seen / minutes / 60),
                    "rate": round(schedule.rate(step), 3)}
            print(json.dumps(line), file=log, flush=True)
            losses = []
