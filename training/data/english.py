"""Questions in English. Of every list of phrasings the last ones are held out: training never asks
in these words."""

HELD_OUT = 2  # phrasings at the end of each list

HEADS = {
    "list": [
        "List the {shown} of all {plural}{where}.", "Show the {shown} of {plural}{where}.",
        "What are the {shown} of {plural}{where}?", "Give me the {shown} of every {singular}{where}.",
        "I want the {shown} of the {plural}{where}.", "Find {plural}{where} and show their {shown}.",
        "For {plural}{where}, what are the {shown}?", "Get {shown} for {plural}{where}.",
        "I need the {shown} of each {singular}{where}.", "{Plural}{where}: show {shown}.",
        "Display the {shown} of all {plural}{where}.", "Tell me the {shown} of {plural}{where}.",
    ],
    "all": [
        "Show all {plural}{where}.", "List every {singular}{where}.", "Which {plural} are there{where}?",
        "Give me all {plural}{where}.", "Find the {plural}{where}.", "I want all {plural}{where}.",
        "Show me everything about {plural}{where}.", "Get {plural}{where}.",
        "Display all {plural}{where}.", "Tell me about all {plural}{where}.",
    ],
    "count": [
        "How many {plural} are there{where}?", "Count the {plural}{where}.",
        "What is the number of {plural}{where}?", "Give me the number of {plural}{where}.",
        "How many {plural}{where}?", "Show the count of {plural}{where}.",
        "How many {plural} exist{where}?", "Find how many {plural} there are{where}.",
        "Tell me how many {plural} there are{where}.", "Display the number of {plural}{where}.",
    ],
    "aggregate": [
        "What is the {function} {shown} of {plural}{where}?", "Show the {function} {shown} of {plural}{where}.",
        "Give me the {function} {shown} of all {plural}{where}.", "Find the {function} {shown} for {plural}{where}.",
        "I want the {function} {shown} of the {plural}{where}.", "For {plural}{where}, what is the {function} {shown}?",
        "Get the {function} {shown} of {plural}{where}.", "Compute the {function} {shown} of {plural}{where}.",
        "Tell me the {function} {shown} of {plural}{where}.", "Display the {function} {shown} of all {plural}{where}.",
    ],
    "top": [
        "Show the {shown} of the {limit} {plural} with the {extreme} {order}{where}.",
        "List the {shown} of the {limit} {plural} with {extreme} {order}{where}.",
        "Which {limit} {plural} have the {extreme} {order}{where}? Show the {shown}.",
        "Give me the {shown} of {limit} {plural} with the {extreme} {order}{where}.",
        "What are the {shown} of the {limit} {plural} with the {extreme} {order}{where}?",
        "Find the {limit} {plural} with the {extreme} {order}{where} and show their {shown}.",
        "Display the {shown} of the {limit} {plural} with the {extreme} {order}{where}.",
        "Tell me the {shown} of the {limit} {plural} with the {extreme} {order}{where}.",
    ],
    "group": [
        "How many {plural} are there per {shown}{where}?", "Count the {plural} for each {shown}{where}.",
        "Show the number of {plural} per {shown}{where}.", "For each {shown}, how many {plural} are there{where}?",
        "Give me the number of {plural} by {shown}{where}.", "Count {plural} by {shown}{where}.",
        "Tell me how many {plural} there are per {shown}{where}.",
        "Display the number of {plural} for each {shown}{where}.",
    ],
    "distinct": [
        "Which different {shown} do {plural} have{where}?", "List the different {shown} of {plural}{where}.",
        "Show each distinct {shown} of {plural}{where}.", "What different {shown} are there for {plural}{where}?",
        "Give me the distinct {shown} of all {plural}{where}.", "Find the unique {shown} of {plural}{where}.",
        "Display the different {shown} of {plural}{where}.", "Tell me the distinct {shown} of {plural}{where}.",
    ],
    "related": [
        "List the {shown} of {plural} that {verb} {others}{where}.",
        "Show the {shown} of {plural} that {verb} {others}{where}.",
        "What are the {shown} of the {plural} that {verb} {others}{where}?",
        "Give me the {shown} of all {plural} that {verb} {others}{where}.",
        "Find {plural} that {verb} {others}{where} and show their {shown}.",
        "Which {plural} {verb} {others}{where}? Show the {shown}.",
        "Display the {shown} of {plural} that {verb} {others}{where}.",
        "Tell me the {shown} of all {plural} that {verb} {others}{where}.",
    ],
    "related_both": [
        "List the {shown} of {plural} and the {other} of the {others} that they {verb}.",
        "Show the {shown} of {plural} with the {other} of the {others} that they {verb}.",
        "For {plural} that {verb} {others}, show the {shown} and the {other} of the {others}.",
        "Give me the {shown} of all {plural} and the {other} of {others} that they {verb}.",
        "Display the {shown} of {plural} and the {other} of the {others} that they {verb}.",
        "Tell me the {shown} of {plural} with the {other} of the {others} that they {verb}.",
    ],
}
COMPARISONS = {
    ">": ["above", "over", "greater than", "more than", "bigger than", "larger than"],
    "<": ["below", "under", "less than", "fewer than", "lower than", "smaller than"],
    ">=": ["at least", "no less than", "from", "not below", "not under"],
    "<=": ["at most", "no more than", "up to", "not above", "not over"],
    "=": ["equal to", "exactly", "precisely", "the same as"],
}
EXTREMES = {True: ["highest", "largest", "greatest"], False: ["lowest", "smallest", "least"]}
FUNCTIONS = {
    "average": ["average", "mean"], "sum": ["total", "summed"],
    "maximum": ["maximum", "highest", "largest"], "minimum": ["minimum", "lowest", "smallest"],
}


def choose(rng, phrasings, held_out):
    return rng.choice(phrasings[-HELD_OUT:] if held_out else phrasings[:-HELD_OUT])


def join_words(words, joiner="and"):
    words = list(words)
    return f" {joiner} ".join(part for part in (", ".join(words[:-1]), *words[-1:]) if part)


def comparison(rng, condition, held_out=False):
    """"above 30", "Rome", "not Rome"."""
    value = condition.value
    if condition.operator == "<>":
        return f"not {value}"
    if isinstance(value, str):
        return value
    return f"{choose(rng, COMPARISONS[condition.operator], held_out)} {value}"


def where(rng, conditions, joiner, held_out):
    if not conditions:
        return ""
    style = rng.choice((" with {}", " where {}", " whose {}"))
    link = " " if "with" in style else " is "
    parts = [f"{condition.column.name}{link}{comparison(rng, condition, held_out)}"
             for condition in conditions]
    return style.format(f" {joiner} ".join(parts))


def question(rng, query, relation_phrase, held_out):
    """One question that asks for `query`."""
    both = query.kind == "related" and query.other_shown is not None
    head = choose(rng, HEADS["related_both" if both else query.kind], held_out)
    conditions = query.conditions
    if query.kind == "related":
        conditions = (query.other_condition,) if query.other_condition else ()
    entity = query.table.entity
    words = {
        "shown": join_words(column.name for column in query.shown) if query.shown else "",
        "singular": entity.singular, "plural": entity.plural, "Plural": entity.plural.capitalize(),
        "where": where(rng, conditions, query.joiner, held_out),
        "verb": relation_phrase, "limit": query.limit,
        "others": query.other.entity.plural if query.other else "",
        "other": query.other_shown.name if both else "",
        "order": query.order.name if query.order else "",
        "extreme": rng.choice(EXTREMES[query.descending]) if query.order else "",
        "function": rng.choice(FUNCTIONS[query.function]) if query.function else "",
    }
    return head.format(**words)
