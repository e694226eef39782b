"""scripts/check_includes on small trees made for the purpose: what it must find, and what it must let pass."""

import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

SCRIPT = pathlib.Path(os.environ["RANVIER_SCRIPTS"]) / "check_includes"

# A tree without a mistake: file -> what it includes. Headers get their #pragma once below.
GOOD = {
    "core/base/ids.hpp": [],
    "comm/mpi/communicator.hpp": ["<mpi.h>", '"core/base/ids.hpp"'],
    "comm/exchange/exchange.hpp": ['"comm/mpi/communicator.hpp"'],
    "io/hdf5/file.hpp": ["<hdf5.h>", "<mpi.h>", '"comm/mpi/communicator.hpp"'],
    "io/hdf5/file.cpp": ['"io/hdf5/file.hpp"', '"core/base/ids.hpp"'],
    "kernels/models/neurons/lif.hpp": ['"core/base/ids.hpp"'],
    "kernels/factories/model.cpp.in": ['"kernels/models/@header@"'],
    "kernels/factories/models.hpp.in": [],
    "core/run/run.hpp": ['"io/hdf5/file.hpp"', '"kernels/factories/models.hpp"'],
    "core/main.cpp": ['"core/run/run.hpp"'],
}


class CheckIncludes(unittest.TestCase):
    def check(self, changes, *arguments):
        """Runs the script on the good tree with some files replaced; returns its exit code and its lines."""
        with tempfile.TemporaryDirectory() as folder:
            for path, includes in (GOOD | changes).items():
                file = pathlib.Path(folder) / path
                file.parent.mkdir(parents=True, exist_ok=True)
                first = ["#pragma once"] if ".hpp" in path else []
                file.write_text("\n".join(first + [f"#include {name}" for name in includes]) + "\n")
            command = [sys.executable, "-B", str(SCRIPT), *arguments, folder]
            result = subprocess.run(command, capture_output=True, text=True, timeout=60)
        self.assertEqual(result.stderr, "")
        return result.returncode, result.stdout.splitlines()

    def test_a_good_tree_passes(self):
        self.assertEqual(self.check({}), (0, ["10 files in 8 folders: includes point one way"]))

    def test_a_part_that_uses_another(self):
        for path, included, allowed in [
            ("comm/exchange/exchange.hpp", "io/hdf5/file.hpp", "comm may use only comm, core/base"),
            ("comm/mpi/communicator.hpp", "comm/exchange/exchange.hpp", "comm/mpi may use only comm/mpi, core/base"),
            ("io/results/summary.hpp", "comm/exchange/exchange.hpp", "io may use only io, comm/mpi, "),
            ("kernels/models/neurons/lif.hpp", "comm/mpi/communicator.hpp", "kernels may use only kernels, "),
        ]:
            code, lines = self.check({path: [f'"{included}"']})
            self.assertEqual(code, 1)
            self.assertIn(f"{path}:2: includes {included}; {allowed}", lines[0])

    def test_libraries_that_a_folder_must_not_see(self):
        for path, library, folder in [
            ("io/results/summary.hpp", "mpi.h", "io"),
            ("io/results/summary.hpp", "hdf5.h", "io"),
            ("io/hdf5/file.hpp", "Kokkos_Core.hpp", "io/hdf5"),
            ("core/run/run.hpp", "mpi.h", "core"),
            ("kernels/factories/models.hpp.in", "mpi.h", "kernels"),
        ]:
            code, lines = self.check({path: [f"<{library}>"]})
            self.assertEqual((code, lines), (1, [f"{path}:2: includes {library}; {folder} must not see it"]))

    def test_two_folders_that_include_each_other(self):
        """No two files include each other: only the folders do."""
        changes = {
            "core/build/network.hpp": [],
            "core/build/builder.hpp": ['"core/run/run.hpp"'],
            "core/run/control.hpp": ["<string>", '"core/build/network.hpp"'],
        }
        code, lines = self.check(changes)
        self.assertEqual(code, 1)
        self.assertEqual(
            lines,
            [
                "the folders core/build, core/run include each other:",
                "  core/build/builder.hpp:2: includes core/run/run.hpp",
                "  core/run/control.hpp:3: includes core/build/network.hpp",
            ],
        )

    def test_cycles_of_three_folders_and_of_templates(self):
        changes = {
            "core/a/a.hpp": ['"core/b/b.hpp"'],
            "core/b/b.hpp": ['"core/c/c.hpp"'],
            "core/c/c.hpp": [],
            "core/c/other.hpp": ['"core/a/a.hpp"'],
            "kernels/models/neurons/adex.hpp": ['"kernels/factories/models.hpp"'],
            "core/cli/cli.hpp": ['"core/root.hpp"'],
            "core/root.hpp": [],
            "core/main.cpp": ['"core/cli/cli.hpp"'],
        }
        code, lines = self.check(changes)
        self.assertEqual(code, 1)
        self.assertEqual(
            lines,
            [
                "the folders core, core/cli include each other:",
                "  core/main.cpp:1: includes core/cli/cli.hpp",
                "  core/cli/cli.hpp:2: includes core/root.hpp",
                "the folders kernels/factories, kernels/models/neurons include each other:",
                "  kernels/factories/model.cpp.in:1: includes kernels/models/@header@",
                "  kernels/models/neurons/adex.hpp:2: includes kernels/factories/models.hpp",
                "the folders core/a, core/b, core/c include each other:",
                "  core/a/a.hpp:2: includes core/b/b.hpp",
                "  core/b/b.hpp:2: includes core/c/c.hpp",
                "  core/c/other.hpp:2: includes core/a/a.hpp",
            ],
        )

    def test_headers_stand_alone(self):
        code, lines = self.check({"io/hdf5/file.cpp": ["<string>", '"io/hdf5/file.hpp"']})
        self.assertEqual(code, 1)
        self.assertEqual(lines, ['io/hdf5/file.cpp:1: its own header "io/hdf5/file.hpp" must come first'])
        _, lines = self.check({"core/run/run.hpp": ['"run/nothing.hpp"', "<core/base/ids.hpp>"]})
        self.assertIn('core/run/run.hpp:2: "run/nothing.hpp" is no file of ours', lines[0])
        self.assertIn('core/run/run.hpp:3: <core/base/ids.hpp> is ours; write "core/base/ids.hpp"', lines[1])

    def test_layers_as_text(self):
        code, lines = self.check({}, "--draw")
        self.assertEqual(code, 0)
        self.assertEqual(
            lines[:-1],
            [
                "layer 4",
                "  core                    core/run",
                "layer 3",
                "  core/run                io/hdf5, kernels/factories",
                "layer 2",
                "  comm/exchange           comm/mpi",
                "  io/hdf5                 comm/mpi, core/base",
                "  kernels/factories       kernels/models/neurons",
                "layer 1",
                "  comm/mpi                core/base",
                "  kernels/models/neurons  core/base",
                "layer 0",
                "  core/base               -",
            ],
        )


if __name__ == "__main__":
    unittest.main()
