"""English -> JSON: a template of fields with their types, and a sentence that fills it."""

import json
from dataclasses import dataclass

from data.english import HELD_OUT, join_words
from data.lexicon import Entity

HEADS = [
    "The {singular} has {facts}.", "There is a {singular} with {facts}.", "A {singular} with {facts}.",
    "Here is a {singular}: {facts}.", "I have a {singular} with {facts}.", "New {singular}: {facts}.",
    "Add a {singular} with {facts}.", "This {singular} has {facts}.",
    "Please note a {singular} with {facts}.", "Store this {singular}: {facts}.",
]
FACTS = ["{name} {value}", "a {name} of {value}", "the {name} {value}", "{name} is {value}",
         "{value} as {name}", "{name}: {value}", "{value} for the {name}"]
# Ways to say it that experts learn from and the base does not.
MORE_HEADS = [
    "{facts} of a {singular}.", "We got a {singular} whose {facts}.", "Create the {singular} {facts}.",
    "One more {singular} ({facts}).", "About the {singular}, {facts}.", "Save {singular} {facts}.",
    "Remember that the {singular} has {facts}.", "Enter {facts} for one {singular}.",
]
MORE_FACTS = ["{name} = {value}", "{value} is the {name}", "{name} equals {value}", "{value} ({name})",
              "{name} ({value})", "{name} set to {value}", "{value} in {name}", "the {name} was {value}",
              "its {name} being {value}", "{name} - {value}"]
FLAGS = {True: ["is {name}", "it is {name}", "{name}"],
         False: ["is not {name}", "it is not {name}", "not {name}"]}
TYPES = {"text": "text", "number": "number", "yes/no": "boolean"}


@dataclass(frozen=True)
class Record:
    entity: Entity
    columns: tuple
    values: tuple  # one a column; None where the sentence does not say it


def sample(sampler):
    rng = sampler.rng
    table = sampler.table(*sampler.draw_entities(1), kinds=("text", "number", "yes/no"))
    values = []
    for column in table.columns:
        missing = rng.random() < 0.1
        value = rng.random() < 0.5 if column.kind == "yes/no" else sampler.value(column)
        values.append(None if missing else value)
    if all(value is None for value in values):
        return sample(sampler)
    return Record(table.entity, table.columns, tuple(values))


def _phrases(phrasings, held_out):
    return phrasings[-HELD_OUT:] if held_out else phrasings[:-HELD_OUT]


def _fact(rng, column, value, phrasings):
    if isinstance(value, bool):
        return rng.choice(FLAGS[value]).format(name=column.name)
    return rng.choice(phrasings).format(name=column.name, value=value)


def sentence(rng, record, held_out, varied=False):
    heads, phrasings = _phrases(HEADS, held_out), _phrases(FACTS, held_out)
    if varied:
        heads, phrasings = heads + MORE_HEADS, phrasings + MORE_FACTS
    pairs = [(column, value) for column, value in zip(record.columns, record.values)
             if value is not None]
    rng.shuffle(pairs)
    facts = join_words(_fact(rng, column, value, phrasings) for column, value in pairs)
    return rng.choice(heads).format(singular=record.entity.singular, facts=facts)


def render_schema(record):
    fields = ", ".join(f'"{column.name}": {TYPES[column.kind]}' for column in record.columns)
    return f"JSON {{{fields}}}"


def render(record):
    return json.dumps({column.name: value for column, value in zip(record.columns, record.values)})


def render_plan(record):
    parts = []
    for column, value in zip(record.columns, record.values):
        shown = {None: "unknown", True: "yes", False: "no"}.get(value, value) if (
            value is None or isinstance(value, bool)) else value
        parts.append(f"the {column.name} is {shown}")
    return "I read that " + join_words(parts) + "."


def json_schema(record):
    """What an answer must conform to (JSON Schema, draft 2020-12)."""
    types = {"text": "string", "number": "integer", "yes/no": "boolean"}
    return {
        "type": "object", "additionalProperties": False,
        "required": [column.name for column in record.columns],
        "properties": {column.name: {"type": [types[column.kind], "null"]}
                       for column in record.columns},
    }
