"""Schemas as graphs and queries as openCypher, in one canonical form."""

FUNCTIONS = {"average": "avg", "sum": "sum", "maximum": "max", "minimum": "min"}


def _node(table):
    return f"(:{table.entity.label} {{{','.join(column.name for column in table.columns)}}})"


def render_schema(schema):
    nodes = [_node(table) for table in schema.tables]
    return "Graph " + f"-[:{schema.relation}]->".join(nodes)


def _value(value):
    return f"'{value}'" if isinstance(value, str) else str(value)


def _test(condition, variable):
    return f"{variable}.{condition.column.name} {condition.operator} {_value(condition.value)}"


def _related(schema, query):
    shown = f"a.{query.shown[0].name}"
    if query.other_shown:
        shown += f", b.{query.other_shown.name}"
    where = f" WHERE {_test(query.other_condition, 'b')}" if query.other_condition else ""
    return (f"MATCH (a:{query.table.entity.label})-[:{schema.relation}]->"
            f"(b:{query.other.entity.label}){where} RETURN {shown}")


def render(schema, query):
    if query.kind == "related":
        return _related(schema, query)
    text = f"MATCH (a:{query.table.entity.label})"
    if query.conditions:
        tests = f" {query.joiner.upper()} ".join(_test(each, "a") for each in query.conditions)
        text += f" WHERE {tests}"
    names = ", ".join(f"a.{column.name}" for column in query.shown)
    text += " RETURN " + {
        "all": "a", "count": "count(a)", "group": f"{names}, count(a)", "distinct": f"DISTINCT {names}",
        "aggregate": f"{FUNCTIONS.get(query.function)}({names})",
    }.get(query.kind, names)
    if query.order:
        text += f" ORDER BY a.{query.order.name} {'DESC' if query.descending else 'ASC'} LIMIT {query.limit}"
    return text
