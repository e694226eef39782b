"""The JSON Schema accepts what the reader accepts and refuses what an editor should mark."""

import glob
import json
import os
import unittest

import jsonschema
import yaml

from bad_configs import CASES
from ranvier_command import CommandTest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
CONFIGS = sorted(glob.glob(os.path.join(ROOT, "configs", "*.yaml")))

# Mistakes in the shape of a config. The others need the reader: dimensions, references, arithmetic.
REFUSED = [
    "unknown key at the top",
    "missing key at the top",
    "unknown key in simulation",
    "missing duration",
    "unknown key in a population",
    "missing model",
    "unknown key in a projection",
    "key of another rule",
    "edges from no file",
    "file for another rule",
    "edges with a key of another rule",
    "unknown sign of edges",
    "missing source",
    "unknown key in an input",
    "unknown key in record",
    "unknown key in a trace",
    "section that is a list",
    "populations that are a list",
    "projections that are a map",
    "variable that is a list",
    "number as a list",
    "unknown precision",
    "unknown model",
    "unknown rule",
    "unknown input",
    "unknown parameter",
    "unknown state",
    "unknown receptor model",
    "unknown parameter of a receptor",
    "receptor without a model",
    "missing parameter of a rule",
    "unknown rule in a map",
    "rule without a model",
    "rule that is a list",
    "unknown parameter of a rule in a map",
    "parameter of a rule beside its map",
    "key of a projection in the map of its rule",
    "probability that is drawn",
    "edges in a map, from no file",
    "file beside a rule in a map",
    "unknown synapse",
    "unknown synapse in a map",
    "synapse without a model",
    "unknown parameter of a synapse",
    "missing rate of an input",
    "unknown distribution",
    "missing argument of a distribution",
    "two distributions at once",
    "dataset without a path",
    "ids that are none",
]


class Schema(CommandTest):
    def setUp(self):
        super().setUp()
        schema = json.loads(self.ranvier("schema").out)
        jsonschema.Draft7Validator.check_schema(schema)
        self.validator = jsonschema.Draft7Validator(schema)

    def errors(self, text):
        return [error.message for error in self.validator.iter_errors(yaml.safe_load(text))]

    def test_shipped_configs(self):
        self.assertTrue(CONFIGS)
        for path in CONFIGS:
            with self.subTest(os.path.basename(path)), open(path) as file:
                self.assertEqual(self.errors(file.read()), [])
                result = self.ranvier("validate", path)
                self.assertEqual((result.code, result.err), (0, ""))

    def test_populations_of_nodes(self):
        whole = "simulation: {duration: 1}\npopulations: {a: {sonata: n.h5, types: t.csv, times: {csv: s.csv}%s}}\n"
        self.assertEqual(self.errors(whole % ", params: {V_th: -50}"), [])
        self.assertNotEqual(self.errors(whole % ", size: 3"), [])
        self.assertNotEqual(self.errors((whole % "").replace("types: t.csv, ", "")), [])

    def test_rules_and_synapses_in_a_map(self):
        base = CASES[0].text()
        flat = "rule: fixed_indegree, indegree: 5,"
        self.assertIn(flat, base)
        nested = base.replace(flat, "rule: {model: fixed_indegree, indegree: 5}, synapse: {model: static},")
        self.assertEqual(self.errors(nested), [])
        self.assertEqual(self.errors(base.replace(flat, flat + " synapse: static,")), [])

    def test_the_base_of_the_table(self):
        self.assertEqual(self.errors(CASES[0].text()), [])

    def test_what_an_editor_marks(self):
        cases = {case.title: case for case in CASES}
        for title in REFUSED:
            with self.subTest(title):
                self.assertNotEqual(self.errors(cases[title].text()), [])


if __name__ == "__main__":
    unittest.main()
