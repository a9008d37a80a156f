"""Examples of the three tasks of the experts: a prompt, the reference answer, and what a judge needs
besides."""

import random
from dataclasses import dataclass

from data import cypher, english, lexicon, records, sql
from data.meaning import Sampler

TASKS = ("sql", "json", "cypher")


@dataclass(frozen=True)
class Example:
    task: str
    prompt: str
    answer: str
    schema: object  # Schema, or the Record of JSON
    query: object = None


def _verb(schema):
    return lexicon.RELATION_PHRASES.get(schema.relation, "")


def make(task, sampler, new_phrasings):
    rng = sampler.rng
    if task == "json":
        record = records.sample(sampler)
        said = records.sentence(rng, record, new_phrasings, sampler.varied)
        prompt = f"{records.render_schema(record)}\n{said}"
        return Example(task, prompt, records.render(record), record)
    schema = sampler.schema()
    query = sampler.query(schema)
    language = sql if task == "sql" else cypher
    asked = english.question(rng, query, _verb(schema), new_phrasings)
    prompt = f"{language.render_schema(schema)}\n{asked}"
    return Example(task, prompt, language.render(schema, query), schema, query)


def split(task, name, count):
    """`count` examples, the same every time. Names: "train"; "seen-phrasings" and "new-phrasings",
    both about held-out schemas; "validation", as training but with other random numbers."""
    schemas = "train" if name in ("train", "validation") else "test"
    sampler = Sampler(random.Random(f"{task} {name}"), schemas)
    return [make(task, sampler, name == "new-phrasings") for _ in range(count)]
