"""Prints how many tests of the last run passed, failed and were skipped, from the reports below a folder.

    sum_tests.py FOLDER

Ends non-zero where a test failed, where none ran, and with CI=true where one was skipped.
"""

import os
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

PATTERNS = ("**/target/surefire-reports/TEST-*.xml", "**/target/failsafe-reports/TEST-*.xml", "build/python-tests/TEST-*.xml")


def counts(report):
    """The (tests, failed, skipped) of one report."""
    suite = ElementTree.parse(report).getroot().attrib
    return int(suite["tests"]), int(suite["failures"]) + int(suite["errors"]), int(suite["skipped"])


def skips(report):
    """What was skipped in a report, for the eye."""
    for case in ElementTree.parse(report).getroot().iter("testcase"):
        reason = case.find("skipped")
        if reason is not None:
            yield f"{case.get('classname')}: {case.get('name')}: {reason.get('message', '')}"


def main(folder, strict):
    reports = sorted({report for pattern in PATTERNS for report in Path(folder).glob(pattern)})
    numbers = [counts(report) for report in reports]
    tests, failed, skipped = (sum(column) for column in zip(*numbers)) if numbers else (0, 0, 0)
    for report in reports:
        for line in skips(report):
            print(f"    skipped {line}")
    print(f"{tests - failed - skipped} passed, {failed} failed, {skipped} skipped", flush=True)
    if tests - skipped == 0:
        print("error: no test ran", file=sys.stderr)
        return 1
    if skipped and strict:
        print("error: with CI=true no test may be skipped", file=sys.stderr)
        return 1
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], os.environ.get("CI") == "true"))
