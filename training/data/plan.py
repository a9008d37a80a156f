"""Queries as a plan in plain English: what the base says to a question."""

from data.english import join_words

COMPARISONS = {">": "above", "<": "below", ">=": "at least", "<=": "at most", "=": "equal to"}
FUNCTIONS = {"average": "average", "sum": "total", "maximum": "maximum", "minimum": "minimum"}


def _test(condition):
    if isinstance(condition.value, str):
        word = "is not" if condition.operator == "<>" else "is"
        return f"the {condition.column.name} {word} {condition.value}"
    return f"the {condition.column.name} is {COMPARISONS[condition.operator]} {condition.value}"


def _names(columns):
    return join_words(column.name for column in columns)


def _last_step(query):
    if query.kind == "related" and query.other_shown:
        return f"show the {_names(query.shown)} and the {query.other_shown.name}"
    return {
        "all": "show everything", "count": "count them",
        "group": f"count them for each {_names(query.shown)}",
        "distinct": f"show each {_names(query.shown)} once",
        "aggregate": f"compute the {FUNCTIONS.get(query.function)} {_names(query.shown)}",
    }.get(query.kind, f"show the {_names(query.shown)}")


def render(query):
    steps = [f"look at the {query.table.entity.plural}"]
    conditions = query.conditions
    if query.kind == "related":
        steps.append(f"follow each to its {query.other.entity.plural}")
        conditions = (query.other_condition,) if query.other_condition else ()
    if conditions:
        steps.append("keep those where " + f" {query.joiner} ".join(map(_test, conditions)))
    if query.order:
        direction = "highest" if query.descending else "lowest"
        steps.append(f"take the {query.limit} with the {direction} {query.order.name}")
    return "I would " + join_words(steps + [_last_step(query)]) + "."
