"""The general mix that the base learns from: words, schemas, documents in SQL, Cypher and JSON, and
turns of chat in plain English. It has no question whose answer is SQL, Cypher or JSON."""

import random

from data import cypher, english, lexicon, plan, records, sql
from data.meaning import Condition, Sampler


def chat(user, assistant):
    return [("user", user), ("assistant", assistant)]


def _words(rng, count):
    kinds = (
        lambda: rng.choice(lexicon.COLUMNS).name, lambda: rng.choice(lexicon.ENTITIES).plural,
        lambda: rng.choice(lexicon.ENTITIES).singular, lambda: rng.choice(lexicon.ENTITIES).label,
        lambda: rng.choice(lexicon.VALUES), lambda: str(rng.randint(1, 2000)),
    )
    return [rng.choice(kinds)() for _ in range(count)]


STYLES = {
    "plain": ", ".join, "quoted": lambda words: ", ".join(f"'{word}'" for word in words),
    "compact": ",".join, "dotted": lambda words: ", ".join(f"a.{word}" for word in words),
    "called": lambda words: " ".join(f"f({word})" for word in words),
    "keys": lambda words: ", ".join(f'"{word}"' for word in words),
    "labels": lambda words: " ".join(f"(:{word})" for word in words),
}


def copy_drill(rng):
    """The same words in two styles: a word after a space and the same word after a sign."""
    words = _words(rng, rng.randint(2, 7))
    first, second = rng.sample(sorted(STYLES), 2)
    return f"{first}: {STYLES[first](words)}\n{second}: {STYLES[second](words)}"


def echo_drill(rng):
    """A list of words twice."""
    text = rng.choice(list(STYLES.values()))(_words(rng, rng.randint(4, 12)))
    return f"{text}\n{text}"


def forms_drill(rng):
    lines = []
    for entity in rng.sample(lexicon.ENTITIES, 4):
        lines.append(f"one {entity.singular}, many {entity.plural}, label (:{entity.label}), "
                     f"key {entity.singular}_id")
    return "\n".join(lines)


def comparison_drill(rng):
    column = rng.choice([each for each in lexicon.COLUMNS if each.kind == "number"])
    operator = rng.choice(sorted(english.COMPARISONS))
    condition = Condition(column, operator, rng.randint(1, 2000))
    phrases = rng.sample(english.COMPARISONS[operator], 3)
    said = ", ".join(f"{column.name} {phrase} {condition.value}" for phrase in phrases)
    return f"{said}:\n{column.name} {operator} {condition.value}"


def verbs_drill(rng):
    names = rng.sample(lexicon.RELATIONS, 4)
    return "\n".join(f"they {lexicon.RELATION_PHRASES[name]}: [:{name}]" for name in names)


def requests_drill(rng):
    verbs = ["List", "Show", "Give me", "Find", "Get", "I want", "I need", "Display", "Tell me"]
    words = english.join_words(_words(rng, rng.randint(1, 3)))
    first, second = rng.sample(verbs, 2)
    return chat(f"{first} the {words}.", f"You ask me to show the {words}.")


def facts_drill(rng):
    """Statements about any schema, held-out ones as well."""
    sampler = Sampler(rng, rng.choice(("train", "test")))
    schema = sampler.schema()
    table = rng.choice(schema.tables)
    shown = rng.choice((sql, cypher)).render_schema(schema)
    names = english.join_words(column.name for column in table.columns)
    column = rng.choice(table.columns)
    return rng.choice((
        lambda: chat(f"{shown}\nWhat do {table.entity.plural} have?", f"They have {names}."),
        lambda: chat(f"{shown}\nDo you know the {column.name} of a {table.entity.singular}?",
                     f"It is in {table.entity.plural}."),
        lambda: f"{shown}\nEach {table.entity.singular} has {names}.",
    ))()


def plan_turn(rng):
    sampler = Sampler(rng, "train")
    schema = sampler.schema()
    query = sampler.query(schema)
    shown = rng.choice((sql, cypher)).render_schema(schema)
    verb = lexicon.RELATION_PHRASES.get(schema.relation, "")
    return chat(f"{shown}\n{english.question(rng, query, verb, False)}", plan.render(query))


def explain_turn(rng):
    sampler = Sampler(rng, "train")
    schema = sampler.schema()
    query = sampler.query(schema)
    text = rng.choice((sql, cypher)).render(schema, query)
    return chat(f"Explain: {text}", plan.render(query))


def queries_document(rng):
    sampler = Sampler(rng, "train")
    schema = sampler.schema()
    language = rng.choice((sql, cypher))
    lines = [language.render(schema, sampler.query(schema)) for _ in range(2)]
    return "\n".join([language.render_schema(schema)] + lines)


def record_turn(rng):
    record = records.sample(Sampler(rng, "train"))
    said = records.sentence(rng, record, False)
    return chat(f"{records.render_schema(record)}\n{said}", records.render_plan(record))


def explain_record_turn(rng):
    record = records.sample(Sampler(rng, "train"))
    return chat(f"Explain: {records.render(record)}", records.render_plan(record))


def record_document(rng):
    record = records.sample(Sampler(rng, "train"))
    return f"{records.render_schema(record)}\n{records.render(record)}"


TALK = [
    ("Hello", "Hello! What would you like to know?"), ("Hi", "Hi! Ask me about your data."),
    ("Who are you?", "I am a small language model that runs on your own machine."),
    ("What can you do?", "I can tell how I would answer a question about your data."),
    ("Thank you", "You are welcome."), ("Thanks", "You are welcome."), ("Bye", "Goodbye!"),
    ("How are you?", "I am fine, thank you."), ("Good morning", "Good morning! How can I help?"),
    ("Do you need a network?", "No. I run on your own machine."),
]


def talk_turn(rng):
    return chat(*rng.choice(TALK))


ECHOES = 8000  # documents over which echoes give way to the mix
MIX = (
    (echo_drill, 6), (copy_drill, 14), (forms_drill, 3), (comparison_drill, 5), (verbs_drill, 1),
    (requests_drill, 2), (facts_drill, 9), (plan_turn, 26), (explain_turn, 7),
    (queries_document, 11), (record_turn, 22), (explain_record_turn, 2), (record_document, 3),
    (talk_turn, 1),
)


def documents(seed, count=None):
    """Texts and chats of the mix, `count` of them or without end; the same for the same seed. It
    begins with words to copy, which all else is built on."""
    rng = random.Random(seed)
    makers, weights = zip(*MIX)
    made = 0
    while count is None or made < count:
        echo = made < ECHOES * rng.random()
        maker = rng.choice((echo_drill, copy_drill)) if echo else rng.choices(makers, weights)[0]
        yield maker(rng)
        made += 1
