"""GBNF grammars without recursion as regular expressions: those of the experts are such."""

import pathlib
import re

FOLDER = pathlib.Path(__file__).parent / "grammars"
TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|\[(?:[^\]\\]|\\.)*\]|[a-z]+|[()|*+?]')


def _part(token, rules):
    if token.startswith('"'):
        return f"(?:{re.escape(token[1:-1].encode().decode('unicode_escape'))})"
    if token[0].islower():
        return f"(?:{_expression(rules[token], rules)})"
    return "(?:" if token == "(" else token


def _expression(text, rules):
    return "".join(_part(token, rules) for token in TOKEN.findall(text))


def compile_grammar(task):
    """A pattern whose `fullmatch` says whether a text follows the grammar of the task."""
    text = (FOLDER / f"{task}.gbnf").read_text()
    rules = dict(re.split(r"\s*::=\s*", line, maxsplit=1) for line in text.splitlines() if line)
    return re.compile(_expression(rules["root"], rules))
