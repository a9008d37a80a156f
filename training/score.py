"""Scores answers: python3 score.py < ANSWERS, a JSON array of {task, split, place, answer}, where `place`
is that of the question in its split. Prints {measure: {share, low, high, count}}."""

import functools
import json
import sys

import scoring
from data import tasks
from write_cases import COUNT


@functools.cache
def examples(task, name):
    return tasks.split(task, name, COUNT)


def main():
    answers = json.load(sys.stdin)
    print(json.dumps(scoring.summarize(
        [scoring.score(examples(given["task"], given["split"])[given["place"]], given["answer"])
         for given in answers])))


if __name__ == "__main__":
    main()
