"""Schemas as tables and queries as SQL that SQLite runs, in one canonical form."""

FUNCTIONS = {"average": "AVG", "sum": "SUM", "maximum": "MAX", "minimum": "MIN"}


def foreign_key(schema):
    return f"{schema.tables[1].entity.singular}_id"


def columns_of(schema, table):
    names = ["id"] + [column.name for column in table.columns]
    if len(schema.tables) == 2 and table is schema.tables[0]:
        names.append(foreign_key(schema))
    return names


def render_schema(schema):
    return "\n".join(f"Table {table.entity.plural}: {', '.join(columns_of(schema, table))}"
                     for table in schema.tables)


def create_statements(schema):
    """For SQLite; columns of text are TEXT, all others INTEGER."""
    statements = []
    for table in schema.tables:
        kinds = {column.name: column.kind for column in table.columns}
        columns = ", ".join(f"{name} {'TEXT' if kinds.get(name) == 'text' else 'INTEGER'}"
                            for name in columns_of(schema, table))
        statements.append(f"CREATE TABLE {table.entity.plural} ({columns})")
    return statements


def _value(value):
    return f"'{value}'" if isinstance(value, str) else str(value)


def _test(condition, prefix=""):
    return f"{prefix}{condition.column.name} {condition.operator} {_value(condition.value)}"


def _related(schema, query):
    first, second = query.table.entity.plural, query.other.entity.plural
    shown = f"{first}.{query.shown[0].name}"
    if query.other_shown:
        shown += f", {second}.{query.other_shown.name}"
    text = (f"SELECT {shown} FROM {first} JOIN {second} "
            f"ON {first}.{foreign_key(schema)} = {second}.id")
    if query.other_condition:
        text += " WHERE " + _test(query.other_condition, second + ".")
    return text


def render(schema, query):
    if query.kind == "related":
        return _related(schema, query)
    names = ", ".join(column.name for column in query.shown)
    shown = {
        "all": "*", "count": "COUNT(*)", "group": f"{names}, COUNT(*)", "distinct": f"DISTINCT {names}",
        "aggregate": f"{FUNCTIONS.get(query.function)}({names})",
    }.get(query.kind, names)
    text = f"SELECT {shown} FROM {query.table.entity.plural}"
    if query.conditions:
        tests = f" {query.joiner.upper()} ".join(map(_test, query.conditions))
        text += f" WHERE {tests}"
    if query.kind == "group":
        text += f" GROUP BY {names}"
    if query.order:
        text += f" ORDER BY {query.order.name} {'DESC' if query.descending else 'ASC'} LIMIT {query.limit}"
    return text
