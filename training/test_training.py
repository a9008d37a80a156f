"""Checks of the data, the grammars and the scores, in seconds; where PyTorch is there, of adapters and
of what is written as well: python3 training/test_training.py"""

import importlib.util
import pathlib
import random
import sys
import tempfile
import unittest

import grammar
import scoring
from data import lexicon, pretraining, records, tasks
from data.english import HELD_OUT
from data.meaning import Sampler

COUNT = 150
SPLITS = ("train", "validation", "seen-phrasings", "new-phrasings")


class Data(unittest.TestCase):
    def test_same_every_time(self):
        for task in tasks.TASKS:
            self.assertEqual(tasks.split(task, "train", 20), tasks.split(task, "train", 20))
        again = list(pretraining.documents(1, 50))
        self.assertEqual(list(pretraining.documents(1, 50)), again)

    def test_splits_share_no_prompt(self):
        for task in tasks.TASKS:
            prompts = [example.prompt for name in SPLITS for example in
                       tasks.split(task, name, COUNT)]
            self.assertLess(len(prompts) - len(set(prompts)), 3)

    def test_entities_of_tests_are_in_no_training(self):
        trained = {entity.singular for entity in lexicon.TRAIN_ENTITIES}
        for task in tasks.TASKS:
            for example in tasks.split(task, "seen-phrasings", COUNT):
                tables = [example.schema] if task == "json" else example.schema.tables
                for table in tables:
                    self.assertNotIn(table.entity.singular, trained)

    def test_varied_training_has_no_entity_of_tests_either(self):
        sampler = Sampler(random.Random(3), "train", varied=True)
        drawn = [sampler.draw_entities(1)[0] for _ in range(COUNT)]
        self.assertTrue(any(entity in lexicon.INVENTED_ENTITIES for entity in drawn))
        forms = [{form for entity in entities for form in (entity.singular, entity.plural)}
                 for entities in (lexicon.INVENTED_ENTITIES, lexicon.TEST_ENTITIES)]
        self.assertFalse(forms[0] & forms[1])

    def test_new_phrasings_are_in_no_training(self):
        for trained in (records.MORE_HEADS, records.MORE_FACTS):
            self.assertFalse({*trained} & {*records.HEADS[-HELD_OUT:], *records.FACTS[-HELD_OUT:]})

    def test_the_base_is_never_asked_for_an_answer_of_a_task(self):
        for document in pretraining.documents(2, 3000):
            if not isinstance(document, str):
                answer = document[-1][1]
                self.assertFalse(answer.startswith(("SELECT", "MATCH", "{")), answer)


class Scores(unittest.TestCase):
    def test_references_are_right(self):
        for task in tasks.TASKS:
            for name in SPLITS:
                for example in tasks.split(task, name, COUNT // 3):
                    found = scoring.score(example, example.answer)
                    self.assertTrue(all(found.values()), (example.answer, found))

    def test_other_answers_are_wrong(self):
        for task in tasks.TASKS:
            first, second = tasks.split(task, "validation", 2)
            self.assertFalse(scoring.score(first, second.answer)["exact"])
            self.assertFalse(scoring.score(first, "I would look.")["syntax"])

    def test_sql_that_finds_the_same_counts(self):
        example = next(each for each in tasks.split("sql", "validation", COUNT)
                       if each.query.kind == "list" and not each.query.conditions)
        found = scoring.score(example, example.answer + " WHERE 1 = 1")
        self.assertEqual((found["exact"], found["execution"]), (False, True))

    def test_values_of_another_type_do_not_conform(self):
        schema = {"required": ["age"], "properties": {"age": {"type": ["integer", "null"]}}}
        self.assertTrue(scoring.conforms(schema, '{"age": 3}'))
        for text in ('{"age": "3"}', '{"age": true}', '{"age": 3, "b": 1}', "{}", "[", "3"):
            self.assertFalse(scoring.conforms(schema, text), text)

    def test_intervals(self):
        low, high = scoring.wilson(8, 10)
        self.assertAlmostEqual(low, 0.4902, places=4)
        self.assertAlmostEqual(high, 0.9433, places=4)
        self.assertEqual(scoring.wilson(0, 0), (0.0, 1.0))

    def test_grammars_refuse_half_answers(self):
        for task in tasks.TASKS:
            pattern = grammar.compile_grammar(task)
            for example in tasks.split(task, "validation", 20):
                self.assertIsNone(pattern.fullmatch(example.answer[:4]))


def with_pytorch():
    """Checks that need it."""
    import torch

    import adapters
    import export
    import files
    import finetune
    import tokenizer
    from generation import answer_batch
    from model import Config, Transformer

    class PyTorch(unittest.TestCase):
        config = Config(vocabulary=300, hidden=32, layers=2, heads=2, kv_heads=1, head_dim=16,
                        intermediate=64)

        def test_new_adapters_change_nothing(self):
            tokens = torch.arange(10)[None]
            for kind in adapters.KINDS:
                model = Transformer(self.config)
                with torch.no_grad():
                    before = model.hidden(tokens)
                    adapters.attach(model, kind)
                    self.assertTrue(torch.allclose(before, model.hidden(tokens), atol=1e-5))

        def test_stray_words_stand_before_the_question_and_change_nothing_else(self):
            for seed in range(10):
                asked = finetune.with_stray_words(random.Random(seed), "Table a: id\nList b.", ["x"])
                self.assertRegex(asked, r"^Table a: id\n(x ){1,3}List b\.$")

        def test_padding_changes_no_answer(self):
            model = Transformer(self.config)
            alone = answer_batch(model, [[5, 6, 7]], 299, 5)
            beside = answer_batch(model, [[5, 6, 7], [1, 2, 3, 4, 5, 6]], 299, 5)
            self.assertEqual(alone[0], beside[0])

        def test_rounding(self):
            values = torch.randn(4, 64).numpy()
            for kind, bound in (("Q8_0", 0.02), ("Q4_0", 0.35)):
                error = abs(files.dequantize(values, kind) - values).max()
                self.assertTrue(0 < error < bound, (kind, error))

        def test_what_is_written_is_complete(self):
            described = tokenizer.describe([("a", "b")])
            config = Config(**{**vars(self.config), "vocabulary": 260})
            base = {"config": vars(config), "weights": Transformer(config).state_dict()}
            with tempfile.TemporaryDirectory() as folder:
                path = pathlib.Path(folder) / "base.gguf"
                export.write_base_gguf(path, base, described, "Q8_0")
                self.assertEqual(path.read_bytes()[:4], b"GGUF")
                export.write_folder(pathlib.Path(folder) / "base", base, described)
                self.assertEqual(len(list((pathlib.Path(folder) / "base").iterdir())), 4)

    return PyTorch


if importlib.util.find_spec("torch"):
    PyTorch = with_pytorch()
else:
    print("NO PYTORCH HERE (Debian: python3-torch): adapters and exports go untested", file=sys.stderr)

if __name__ == "__main__":
    result = unittest.main(exit=False).result
    failed = len(result.failures) + len(result.errors)
    print(f"{result.testsRun - failed} passed, {failed} failed")
    sys.exit(failed > 0)
