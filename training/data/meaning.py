"""What a question asks, apart from any language: the schema it is about and the query."""

from dataclasses import dataclass, field

from data import lexicon
from data.lexicon import Column, Entity


@dataclass(frozen=True)
class Table:
    entity: Entity
    columns: tuple  # of Column

    def of_kind(self, kind):
        return [column for column in self.columns if column.kind == kind]


@dataclass(frozen=True)
class Schema:
    """One table or two. Rows of the first may point at the second: `relation` is its name in a
    graph."""

    tables: tuple
    relation: str = ""


@dataclass(frozen=True)
class Condition:
    column: Column
    operator: str  # ">", "<", ">=", "<=", "=", "<>"
    value: object  # int or str


@dataclass(frozen=True)
class Query:
    kind: str  # "list", "all", "count", "aggregate", "top", "group", "distinct" or "related"
    table: Table
    shown: tuple = ()
    function: str = ""  # "average", "sum", "maximum", "minimum"
    conditions: tuple = ()
    joiner: str = "and"
    order: Column | None = None
    descending: bool = True
    limit: int = 0
    other: Table | None = None  # of "related": the rows that the table's rows point at
    other_shown: Column | None = None
    other_condition: Condition | None = None


KINDS = ("list", "list", "list", "all", "count", "count", "aggregate", "top", "group", "distinct",
         "related", "related")


class Sampler:
    """Schemas and queries of one split: "train", or "test" with entities and half of the columns
    that training never asks about. Of a varied one, half of the entities are named by other words,
    and tasks.make() says things in more ways: what experts learn from, and the base does not."""

    def __init__(self, rng, split, varied=False):
        self.rng = rng
        self.varied = varied
        self.held_out = split == "test"
        self.entities = lexicon.TEST_ENTITIES if self.held_out else lexicon.TRAIN_ENTITIES

    def draw_entities(self, count):
        drawn = self.rng.sample(self.entities, count)
        if not self.varied:
            return drawn
        others = self.rng.sample(lexicon.INVENTED_ENTITIES, count)
        return [self.rng.choice(pair) for pair in zip(drawn, others)]

    def table(self, entity, kinds=("text", "number")):
        pool = [column for column in lexicon.TRAIN_COLUMNS if column.kind in kinds]
        count = self.rng.randint(2, 5)
        chosen = self.rng.sample(pool, count)
        if self.held_out:
            unseen = [column for column in lexicon.TEST_COLUMNS if column.kind in kinds]
            chosen[: (count + 1) // 2] = self.rng.sample(unseen, (count + 1) // 2)
        elif self.rng.random() < 0.6:
            invented = [column for column in lexicon.INVENTED_COLUMNS if column.kind in kinds]
            named = {column.name: column for column in self.rng.sample(invented, count)}
            chosen = list({**{column.name: column for column in chosen[len(named) // 2 :]},
                           **named}.values())[-count:]
        self.rng.shuffle(chosen)
        return Table(entity, tuple(column for column in chosen if column.name != entity.singular))

    def schema(self):
        count = self.rng.choice((1, 2, 2))
        entities = self.draw_entities(count)
        relation = self.rng.choice(lexicon.RELATIONS) if count == 2 else ""
        return Schema(tuple(self.table(entity) for entity in entities), relation)

    def value(self, column):
        if column.kind == "number":
            return self.rng.choice((self.rng.randint(1, 20), self.rng.randint(1, 100),
                                    self.rng.randint(1, 2000)))
        return self.rng.choice(column.values)

    def condition(self, table):
        column = self.rng.choice(table.columns)
        operators = (">", ">", "<", "<", ">=", "<=", "=") if column.kind == "number" else (
            "=", "=", "=", "<>")
        return Condition(column, self.rng.choice(operators), self.value(column))

    def conditions(self, table):
        count = self.rng.choice((0, 1, 1, 2)) if len(table.columns) > 1 else 1
        found = []
        while len(found) < count:
            condition = self.condition(table)
            if all(condition.column != other.column for other in found):
                found.append(condition)
        return tuple(found)

    def query(self, schema):
        rng = self.rng
        kind = rng.choice(KINDS)
        table = rng.choice(schema.tables)
        if kind == "related":
            if len(schema.tables) == 1:
                return self.query(schema)
            return self.related(schema)
        number, text = table.of_kind("number"), table.of_kind("text")
        if (kind in ("aggregate", "top") and not number) or (
                kind in ("group", "distinct") and not text):
            kind = "list"
        common = {"table": table, "conditions": self.conditions(table),
                  "joiner": rng.choice(("and", "and", "or"))}
        if kind == "list":
            count = min(len(table.columns), rng.choice((1, 1, 2, 3)))
            return Query(kind, shown=tuple(rng.sample(table.columns, count)), **common)
        if kind == "aggregate":
            function = rng.choice(("average", "sum", "maximum", "minimum"))
            return Query(kind, shown=(rng.choice(number),), function=function, **common)
        if kind == "top":
            common["conditions"] = common["conditions"][:1] if rng.random() < 0.3 else ()
            return Query(kind, shown=(rng.choice(table.columns),), order=rng.choice(number),
                         descending=rng.random() < 0.6, limit=rng.randint(1, 20), **common)
        if kind in ("group", "distinct"):
            common["conditions"] = common["conditions"][:1] if rng.random() < 0.5 else ()
            return Query(kind, shown=(rng.choice(text),), **common)
        return Query(kind, **common)

    def related(self, schema):
        first, second = schema.tables
        condition = self.condition(second) if self.rng.random() < 0.6 else None
        return Query("related", first, shown=(self.rng.choice(first.columns),), other=second,
                     other_shown=None if condition else self.rng.choice(second.columns),
                     other_condition=condition)
