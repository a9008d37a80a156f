"""Writes the questions of the quality bench, which only held-out schemas are in:
python3 write_cases.py FILE"""

import json
import pathlib
import sys

from data import tasks

COUNT = 150
SPLITS = ("seen-phrasings", "new-phrasings")


def cases():
    return [{"task": task, "split": name, "prompt": example.prompt, "answer": example.answer}
            for task in tasks.TASKS for name in SPLITS
            for example in tasks.split(task, name, COUNT)]


if __name__ == "__main__":
    pathlib.Path(sys.argv[1]).write_text(
        "[\n" + ",\n".join(json.dumps(case) for case in cases()) + "\n]\n")
