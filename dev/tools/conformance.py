"""Compares docs/conformance.md with the contract, the tests and the reports of their last run.

    conformance.py FOLDER [--write]

The page has a line for each row of docs/contract.md: the tests whose names begin with its id, and what became of them. --write
writes the page anew, after a run of all tests. Ends non-zero where the page differs, where a row has no test, where a test names
a row that does not exist, and where a test has not run. A skipped test counts as it stands in the page; with CI=true nothing may
be skipped (sum_tests.py).
"""

import difflib
import os
import re
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path
from typing import NamedTuple

import java_names

BEGINNING = """# Conformance

Which tests prove the rows of [the contract](contract.md), and what became of them when they last ran all together. Made from the
names of the tests and their reports by `make conformance`; `make test` fails where it differs, or where a row has no test.

Where a class stands alone, all of its tests are about the row. Tests marked (vLLM) are those of `make test-vllm`.
"""
SECTIONS = {
    "A": "What users rely on",
    "B": "On the wire",
    "C": "Bridging clients and engines",
    "D": "Deployments and keys",
    "G": "Choices",
}
REPORTS = "**/target/surefire-reports/TEST-*.xml"
NOT_APPLICABLE = "## Not applicable"
PASS, SKIPPED = "pass", "skipped"


class Contract(NamedTuple):
    """Ids of rows in the order of the page, and why some are not applicable."""

    rows: list
    apart: dict


def order(row):
    """Rows in the order in which people count."""
    return row[0], [int(number) for number in row[1:].split(".")]


def contract(text):
    """The rows of the contract."""
    promised, _, apart = text.partition(NOT_APPLICABLE)
    reasons = {row: reason for row, reason in table(apart)}
    return Contract(sorted({row for row, _ in table(promised)} | set(reasons), key=order), reasons)


def table(text):
    """The (id, rule) of each line; a line may be of several rows."""
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if line.startswith("|") and re.match(r"[A-G]\d", cells[0]):
            for row in java_names.ids(cells[0]):
                yield row, cells[1]


def outcomes(folder):
    """What became of each (class, method) that ran; of many cases the worst."""
    found = {}
    for report in sorted(Path(folder).glob(REPORTS)):
        name = report.stem.removeprefix("TEST-")
        for case in ElementTree.parse(report).getroot().iter("testcase"):
            method = re.match(r"\w*", case.get("name")).group()
            found.setdefault((name, method), set()).add(outcome(case))
    return found


def outcome(case):
    """pass, skipped or fail."""
    if case.find("failure") is not None or case.find("error") is not None:
        return "fail"
    return SKIPPED if case.find("skipped") is not None else PASS


class Page:
    """The page that the last run gives."""

    def __init__(self, rows, tests, ran):
        self.rows = rows
        self.tests = tests
        self.ran = ran
        self.faults = []
        self.proofs = {}
        for test in tests:
            for row in test.rows:
                self.proofs.setdefault(row, []).append(test)
        known = set(rows.rows) | {row.partition(".")[0] for row in rows.rows}
        for row in sorted(set(self.proofs) - known):
            self.faults.append(f"{self.proofs[row][0].name} names {row}, which is no row of the contract")

    def text(self):
        """The page; notes in faults what is wrong."""
        out = [BEGINNING]
        for letter, title in SECTIONS.items():
            out.append(f"## {letter}. {title}\n\n| row | tests | result |\n|---|---|---|")
            out.extend(self.line(row) for row in self.rows.rows if row[0] == letter)
            out.append("")
        return "\n".join(out)

    def line(self, row):
        """The line of one row."""
        if row in self.rows.apart:
            return f"| {row} | not applicable: {self.rows.apart[row]} | - |"
        proofs = sorted(set(self.proofs.get(row, [])), key=lambda test: test.name)
        if not proofs:
            self.faults.append(f"{row} has no test")
            return f"| {row} | **none** | - |"
        results = {result for test in proofs for result in self.results(test)}
        worst = next((each for each in ("fail", "not run", SKIPPED, PASS) if each in results), "make test-vllm")
        names = ", ".join(f"`{test.name}`{' (vLLM)' if test.vllm else ''}" for test in proofs)
        return f"| {row} | {names} | {worst} |"

    def results(self, test):
        """What became of a test; those of vLLM have a run of their own."""
        if test.vllm:
            return set()
        found = {
            result
            for (name, method), results in self.ran.items()
            if name == test.owner and test.method in (None, method)
            for result in results
        }
        if not found:
            self.faults.append(f"{test.name} has not run")
        return found or {"not run"}


def main(folder, write):
    """Compares or writes."""
    root = Path(folder)
    target = root / "docs/conformance.md"
    page = Page(contract((root / "docs/contract.md").read_text()), java_names.tests(root), outcomes(root))
    text = page.text()
    if write and not any(fault.endswith("has not run") for fault in page.faults):
        target.write_text(text)
    there = target.read_text() if target.exists() else ""
    if os.environ.get("CI") != "true":
        text = text.replace(f"| {SKIPPED} |", f"| {PASS} |")
    lines = list(difflib.unified_diff(there.splitlines(), text.splitlines(), "docs/conformance.md", "the last run", lineterm="", n=0))
    print("\n".join(lines))
    for fault in sorted(set(page.faults)):
        print(f"error: {fault}", file=sys.stderr)
    if lines:
        print("error: docs/conformance.md differs from the run; 'make conformance' writes it anew", file=sys.stderr)
    return 1 if lines or page.faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], "--write" in sys.argv[2:]))
