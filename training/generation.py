"""Answers to many prompts at once, the most probable token each time."""

import torch


class Cache:
    """Keys and values of what was read, by module of attention."""

    def __init__(self):
        self.kept = {}

    def append(self, module, key, value):
        if module in self.kept:
            old_key, old_value = self.kept[module]
            key, value = torch.cat((old_key, key), 2), torch.cat((old_value, value), 2)
        self.kept[module] = (key, value)
        return key, value


def _pad_left(prompts):
    longest = max(map(len, prompts))
    tokens = torch.zeros(len(prompts), longest, dtype=torch.long)
    hidden = torch.zeros(len(prompts), longest)
    for row, prompt in enumerate(prompts):
        tokens[row, longest - len(prompt) :] = torch.tensor(prompt)
        hidden[row, : longest - len(prompt)] = -1e30
    return tokens, hidden


@torch.no_grad()
def answer_batch(model, prompts, end, limit):
    tokens, hidden = _pad_left(prompts)
    dtype = model.embed_tokens.weight.dtype
    cache, answers, start = Cache(), [[] for _ in prompts], 0
    running = set(range(len(prompts)))
    causal = torch.full((tokens.shape[1],) * 2, -1e30).triu(1)
    for _ in range(limit):
        mask = causal + hidden[:, None, None, None, :]
        states = model.hidden(tokens, start, mask.to(dtype), cache)
        chosen = model.logits(states[:, -1:]).argmax(-1)
        start += tokens.shape[1]
        for row in list(running):
            token = int(chosen[row])
            if token == end:
                running.remove(row)
            else:
                answers[row].append(token)
        if not running:
            break
        tokens, causal = chosen, torch.zeros(1, 1)
        hidden = torch.cat((hidden, torch.zeros(len(prompts), 1)), 1)
    return answers


def answer(model, tokenizer, questions, limit=96, batch=100):
    """The answer to each question, as the chat template asks it."""
    prompts = [tokenizer.prompt(question) for question in questions]
    order = sorted(range(len(prompts)), key=lambda place: len(prompts[place]))
    texts = [""] * len(prompts)
    for begin in range(0, len(order), batch):
        places = order[begin : begin + batch]
        found = answer_batch(model, [prompts[place] for place in places], tokenizer.turn_end, limit)
        for place, tokens in zip(places, found):
            texts[place] = tokenizer.decode(tokens)
    return texts
