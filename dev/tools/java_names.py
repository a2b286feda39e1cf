"""Names of Java tests: the rows that @DisplayName and @ParameterizedTest cite, read from the sources."""

import re
from pathlib import Path
from typing import NamedTuple, Optional

SOURCES = "**/src/test/java/**/*.java"
STRING = r'"(?:[^"\\]|\\.)*"'
NAME = re.compile(r"@(?:DisplayName\(|ParameterizedTest\(\s*name\s*=)\s*(" + STRING + r"(?:\s*\+\s*" + STRING + r")*)\s*\)")
ANNOTATION = re.compile(r"@[\w.]+\s*")
CLASS = re.compile(r"(?:\w+\s+)*class\s+(\w+)")
METHOD = re.compile(r"(?:\w+\s+)*?[\w<>\[\]?, .]+\s(\w+)\s*\(")
HEAD = re.compile(r"^(?:\w+ )*class (\w+)(?: extends (\w+))?", re.MULTILINE)
ROW = re.compile(r"[A-G]\d+(?:\.\d+)?$")
CITED = re.compile(r"(?:T-[A-Z]+\d+|[A-G]\d+(?:\.\d+)?)$")
VLLM = '@Tag("vllm")'


class Test(NamedTuple):
    """Something that proves rows.

    owner: class with its package, as in reports
    method: none for the whole class
    """

    owner: str
    method: Optional[str]
    rows: tuple
    vllm: bool

    @property
    def name(self):
        """For people."""
        simple = self.owner.rpartition(".")[2]
        return f"{simple}.{self.method}" if self.method else simple


def ids(sentence):
    """The rows at the beginning of a sentence: "A1.2, A1.4 to A1.6 and so on" gives four."""
    rows = []
    words = re.sub(r"(?<=\d)-(?=[A-G]\d)", " to ", sentence).split()
    span = False
    for word in words:
        bare = word.rstrip(",:;")
        if word == "to" and rows:
            span = True
        elif not CITED.match(bare):
            break
        elif ROW.match(bare):
            rows.extend(between(rows[-1], bare) if span else [bare])
            span = False
    return rows


def between(first, last):
    """The rows after the first, up to the last of the same section."""
    section, _, begin = first.partition(".")
    return [f"{section}.{number}" for number in range(int(begin) + 1, int(last.partition(".")[2]) + 1)]


def tests(root):
    """Every test of the sources below a folder that cites rows."""
    sources = {}
    for path in sorted(Path(root).glob(SOURCES)):
        text = path.read_text()
        head = HEAD.search(text)
        if head and "target" not in path.relative_to(root).parts:
            package = re.search(r"^package ([\w.]+);", text, re.MULTILINE).group(1)
            sources[f"{package}.{head.group(1)}"] = (path.parent, head.group(2), text)
    found = []
    for name, (_, _, text) in sources.items():
        if not re.search(r"^abstract class ", text, re.MULTILINE):
            found.extend(inherited(name, sources))
    return found


def inherited(name, sources):
    """The tests of a class, with those of the classes that it extends."""
    owner = name
    vllm = VLLM in sources[owner][2]
    while name in sources:
        folder, above, text = sources[name]
        for method, rows in cited(text):
            yield Test(owner, method, tuple(rows), vllm)
        # What tests extend stands beside them.
        name = next((each for each in sources if sources[each][0] == folder and each.endswith(f".{above}")), None)


def cited(text):
    """The (method or none, rows) of each name in a source."""
    for match in NAME.finditer(text):
        sentence = "".join(part[1:-1] for part in re.findall(STRING, match.group(1)))
        rows = ids(sentence)
        if rows:
            at = after_annotations(text, match.end())
            if CLASS.match(text, at):
                yield None, rows
            else:
                yield METHOD.match(text, at).group(1), rows


def after_annotations(text, at):
    """Where what is annotated begins."""
    while True:
        while text[at].isspace():
            at += 1
        match = ANNOTATION.match(text, at)
        if not match:
            return at
        at = match.end()
        if text[at] == "(":
            at = after_parentheses(text, at)


def after_parentheses(text, at):
    """Past the parenthesis that closes the one here; those in strings do not count."""
    depth = 0
    for token in re.compile(r'"""[\s\S]*?"""|' + STRING + r"|[()]").finditer(text, at):
        depth += {"(": 1, ")": -1}.get(token.group(), 0)
        if depth == 0:
            return token.end()
    raise ValueError("a parenthesis is not closed")
