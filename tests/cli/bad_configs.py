"""Wrong configs through the command: the messages of the table, exit code 2, once whatever the number of ranks."""

import os
import unittest

from ranvier_command import CommandTest

TABLE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "bad_configs.txt")


class Case:
    def __init__(self, title, starred, lines):
        self.title, self.starred, self.lines = title, starred, lines
        self.whole, self.set, self.says = [], [], []

    def text(self):
        return "\n".join(self.whole or self.lines) + "\n"


def read_table():
    """The cases of bad_configs.txt; the first is the base config, which is right."""
    cases = []
    with open(TABLE) as file:
        for line in file.read().splitlines():
            if not line or line.startswith("#"):
                continue
            key, _, rest = line.partition(": ")
            if line.startswith("["):
                base = list(cases[0].whole) if cases else []
                cases.append(Case(line[1 : line.index("]")], line.endswith("*"), base))
            elif line.startswith("| "):
                cases[-1].whole.append(line[2:])
            elif key == "set":
                cases[-1].set.append(rest)
            elif key == "says":
                cases[-1].says.append(rest)
            else:
                cases[-1].lines[int(key) - 1] = rest
    return cases


CASES = read_table()


class BadConfigs(CommandTest):
    def run_case(self, case, command="validate", ranks=0):
        with open(self.path("config.yaml"), "w") as file:
            file.write(case.text())
        options = [word for assignment in case.set for word in ("--set", assignment)]
        return self.ranvier(command, "config.yaml", *options, ranks=ranks)

    def check(self, case, command="validate", ranks=0):
        with self.subTest(case.title, ranks=ranks):
            result = self.run_case(case, command, ranks)
            self.assertEqual((result.code, result.out), (2, ""), result.err)
            expected = "ranvier: " + "\n".join(case.says)
            self.assertEqual(result.err.count(expected), 1, result.err)

    def test_the_base_is_right(self):
        result = self.run_case(CASES[0])
        self.assertEqual((result.code, result.err), (0, ""))

    def test_the_table_through_the_command(self):
        starred = [case for case in CASES if case.starred]
        self.assertGreater(len(starred), 12)
        for case in starred:
            self.check(case)

    def test_once_on_all_ranks(self):
        for title in ["everything wrong", "octal-looking number"]:
            case = next(case for case in CASES if case.title == title)
            self.check(case, "validate", ranks=3)
            self.check(case, "run", ranks=3)

    def test_brackets_without_end(self):
        with open(self.path("config.yaml"), "w") as file:
            file.write("[" * 10_000_000)
        result = self.ranvier("validate", "config.yaml")
        self.assertEqual(result.code, 2)
        self.assertEqual(
            result.message(), ["ranvier: config.yaml:1:1: the config is larger than 4 MB; put large data into HDF5"]
        )

    def test_a_folder(self):
        result = self.ranvier("validate", self.folder)
        self.assertEqual(result.code, 2)
        self.assertEqual(result.message(), [f"ranvier: {self.folder}: is a folder; give a file"])

    def test_latin_1(self):
        with open(self.path("config.yaml"), "wb") as file:
            file.write("name: café\n".encode("latin-1"))
        result = self.ranvier("validate", "config.yaml")
        self.assertEqual(result.code, 2)
        self.assertEqual(
            result.message(), ["ranvier: config.yaml:1:10: the config is not UTF-8 text (byte 0xe9)"]
        )


if __name__ == "__main__":
    unittest.main()
