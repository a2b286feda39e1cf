"""Runs the Python tests below the given folders and reports them as surefire does, one file for each folder of tests.

    python_tests.py FOLDER...

The reports lie in build/python-tests; sum_tests.py counts them with the Java tests.
"""

import subprocess
import sys
from pathlib import Path
from xml.sax.saxutils import quoteattr

REPORTS = Path("build/python-tests")
RUN = """
import sys, unittest
suite = unittest.defaultTestLoader.discover(sys.argv[1], "test_*.py", top_level_dir=sys.argv[1])
result = unittest.TextTestRunner(verbosity=1).run(suite)
with open(sys.argv[2], "w") as out:
    print(result.testsRun, len(result.failures), len(result.errors), len(result.skipped), file=out)
sys.exit(not result.wasSuccessful())
"""


def run(folder):
    """Runs one folder's tests in a process of their own; returns whether all passed."""
    name = str(folder).replace("/", ".")
    counts = REPORTS / (name + ".counts")
    counts.unlink(missing_ok=True)
    print(f"    {folder}", file=sys.stderr, flush=True)
    status = subprocess.run([sys.executable, "-c", RUN, str(folder), str(counts)], check=False).returncode
    numbers = counts.read_text().split() if counts.exists() else ["1", "0", "1", "0"]
    tests, failures, errors, skipped = numbers
    (REPORTS / f"TEST-{name}.xml").write_text(
        f'<testsuite name={quoteattr(name)} tests="{tests}" failures="{failures}" errors="{errors}" skipped="{skipped}"/>\n'
    )
    counts.unlink(missing_ok=True)
    return status == 0


def main(folders):
    REPORTS.mkdir(parents=True, exist_ok=True)
    found = sorted({test.parent for folder in folders for test in Path(folder).rglob("test_*.py") if "target" not in test.parts})
    results = [run(folder) for folder in found]
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
