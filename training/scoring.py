"""What an answer is worth: exact match for all; SQL by its results on SQLite, JSON by its schema,
Cypher by its syntax."""

import json
import math
import random
import sqlite3

import grammar
from data import records, sql
from data.meaning import Sampler

DATABASES = 3
ROWS = 30
PATTERNS = {}


def follows_grammar(task, answer):
    if task not in PATTERNS:
        PATTERNS[task] = grammar.compile_grammar(task)
    return PATTERNS[task].fullmatch(answer) is not None


def _fill(database, example, sampler):
    """Rows of random values, with those that the question names among them."""
    rng = sampler.rng
    query = example.query
    conditions = [*query.conditions, *filter(None, [query.other_condition])]
    named = {condition.column.name: condition.value for condition in conditions}

    def value(column):
        known = named.get(column.name)
        if known is None or rng.random() < 0.5:
            return sampler.value(column)
        return known + rng.randint(-1, 1) if isinstance(known, int) else known

    for statement in sql.create_statements(example.schema):
        database.execute(statement)
    for table in example.schema.tables:
        linked = len(example.schema.tables) == 2 and table is example.schema.tables[0]
        for number in range(1, ROWS + 1):
            row = [number, *map(value, table.columns)]
            row += [rng.randint(1, ROWS)] if linked else []
            marks = ", ".join("?" * len(row))
            database.execute(f"INSERT INTO {table.entity.plural} VALUES ({marks})", row)


def _run(database, text):
    """The rows, or None where SQLite refuses."""
    try:
        rows = database.execute(text).fetchall()
    except (sqlite3.Error, sqlite3.Warning):
        return None
    return rows if " ORDER BY " in text else sorted(rows, key=repr)


def execute(example, answer):
    """(whether SQLite runs the answer, whether it finds what the reference finds on every
    database)."""
    runs, same = True, True
    for number in range(DATABASES):
        database = sqlite3.connect(":memory:")
        _fill(database, example, Sampler(random.Random(f"rows {number}"), "train"))
        found, wanted = _run(database, answer), _run(database, example.answer)
        database.close()
        runs = runs and found is not None
        same = same and found == wanted
    return runs, same


def _is(kind, value):
    if value is None:
        return kind == "null"
    return type(value) is {"string": str, "integer": int, "boolean": bool}.get(kind)


def conforms(schema, answer):
    """JSON Schema as far as records.json_schema uses it."""
    try:
        value = json.loads(answer)
    except ValueError:
        return False
    return isinstance(value, dict) and set(value) == set(schema["required"]) and all(
        any(_is(kind, value[name]) for kind in described["type"])
        for name, described in schema["properties"].items())


def score(example, answer):
    """Measure -> bool."""
    found = {"exact": answer == example.answer, "syntax": follows_grammar(example.task, answer)}
    if example.task == "sql":
        found["runs"], found["execution"] = execute(example, answer)
    if example.task == "json":
        found["schema"] = conforms(records.json_schema(example.schema), answer)
    return found


def wilson(successes, count, z=1.96):
    """The interval of 95 % of a share (Wilson 1927)."""
    if count == 0:
        return 0.0, 1.0
    share = successes / count
    middle = share + z * z / (2 * count)
    spread = z * math.sqrt(share * (1 - share) / count + z * z / (4 * count * count))
    divisor = 1 + z * z / count
    return (middle - spread) / divisor, (middle + spread) / divisor


def summarize(scores):
    """[{measure: bool}] -> {measure: {share, low, high, count}}"""
    summary = {}
    for measure in scores[0]:
        count = len(scores)
        successes = sum(found[measure] for found in scores)
        low, high = wilson(successes, count)
        summary[measure] = {"share": successes / count, "low": low, "high": high, "count": count}
    return summary
