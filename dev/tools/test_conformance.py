"""Tests of the page of conformance: what it reads out of sources, contract and reports."""

import tempfile
import textwrap
import unittest
from pathlib import Path

import conformance
import java_names

CONTRACT = """
| id | rule |
|---|---|
| A7.1, A7.2 | Keys. |
| A11.1 to A11.3 | Numbers. |
| B4 | Frames. |

## Not applicable

| id | why |
|---|---|
| A16.1 | Nothing is filtered. |
"""

BASE = """
package p;

abstract class Flow {
  @DisplayName("B4 frames")
  @ParameterizedTest
  @CsvSource({"a,)", "(,b"})
  void frames(String a, String b) {}
}
"""

TEST = """
package p;

@DisplayName(
    "A11.1, A11.2"
        + " to A11.3: numbers, unlike A7.2")
class NumbersTest extends Flow {
  @Test
  @DisplayName("T-K1, A7.1-A7.2 keys (all of them)")
  @Timeout(value = 5)
  void keys() throws Exception {}

  @ParameterizedTest(name = "{0} is a number")
  @MethodSource
  static void others() {}
}
"""

REPORT = """
<testsuite>
  <testcase name="keys" classname="x"/>
  <testcase name="others" classname="x"/>
  <testcase name="frames(String, String)[1]" classname="x"/>
  <testcase name="frames(String, String)[2]" classname="x">%s</testcase>
</testsuite>
"""


class ConformanceTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name)
        self.file("m/src/test/java/p/Flow.java", BASE)
        self.file("m/src/test/java/p/NumbersTest.java", TEST)

    def file(self, path, text):
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(textwrap.dedent(text))

    def page(self, contract=CONTRACT, case=""):
        self.file("m/target/surefire-reports/TEST-p.NumbersTest.xml", REPORT % case)
        page = conformance.Page(
            conformance.contract(contract), java_names.tests(self.root), conformance.outcomes(self.root)
        )
        return page, page.text()

    def test_rows_at_the_beginning_of_a_sentence_are_cited(self):
        self.assertEqual(java_names.ids("A1.2, A1.4 to A1.6: as in A9.1"), ["A1.2", "A1.4", "A1.5", "A1.6"])
        self.assertEqual(java_names.ids("T-K1, B4 frames"), ["B4"])
        self.assertEqual(java_names.ids("A call is no row"), [])

    def test_every_row_has_its_tests_inherited_ones_too(self):
        page, text = self.page()
        self.assertEqual(page.faults, [])
        self.assertIn("| A7.2 | `NumbersTest.keys` | pass |", text)
        self.assertIn("| A11.2 | `NumbersTest` | pass |", text)
        self.assertIn("| B4 | `NumbersTest.frames` | pass |", text)
        self.assertIn("| A16.1 | not applicable: Nothing is filtered. | - |", text)

    def test_one_failed_case_is_a_failure_of_its_test_and_class(self):
        _, text = self.page(case="<failure/>")
        self.assertIn("| B4 | `NumbersTest.frames` | fail |", text)
        self.assertIn("| A11.1 | `NumbersTest` | fail |", text)
        self.assertIn("| A7.1 | `NumbersTest.keys` | pass |", text)

    def test_a_row_without_a_test_is_a_fault(self):
        page, text = self.page(CONTRACT.replace("| B4 |", "| B4, B5 |"))
        self.assertEqual(page.faults, ["B5 has no test"])
        self.assertIn("| B5 | **none** | - |", text)

    def test_a_test_of_no_row_is_a_fault(self):
        page, _ = self.page(CONTRACT.replace("| B4 |", "| B5 |"))
        self.assertEqual(page.faults[0], "NumbersTest.frames names B4, which is no row of the contract")

    def test_a_test_that_has_not_run_is_a_fault(self):
        self.file("m/src/test/java/p/Other.java", TEST.replace("NumbersTest extends Flow", "Other"))
        page, text = self.page()
        self.assertIn("Other.keys has not run", page.faults)
        self.assertIn("| A7.1 | `NumbersTest.keys`, `Other.keys` | not run |", text)


if __name__ == "__main__":
    unittest.main()
