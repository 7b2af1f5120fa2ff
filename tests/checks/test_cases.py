"""Labelled cases, both ways, for every check and language: ``cases/<check>.tsv``.

``expected`` is the gravest finding of that check, ``-`` where the check must keep silent.
"""

import csv
from pathlib import Path

import pytest

from vietwire.checks import CHECKS, check_segment
from vietwire.story import TARGET_LANGUAGES

FOLDER = Path(__file__).with_name("cases")
ORDER = ["block", "warn", "note"]


def rows() -> list[tuple[str, str, str, str, str]]:
    found = []
    for file in sorted(FOLDER.glob("*.tsv")):
        with file.open(encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
                found.append(
                    (file.stem, row["language"], row["expected"], row["source"], row["target"])
                )
    return found


CASES = rows()


@pytest.mark.parametrize(("check", "language", "expected", "source", "target"), CASES)
def test_case(check: str, language: str, expected: str, source: str, target: str) -> None:
    findings = [f for f in check_segment(source, target, language) if f.check == check]
    got = [str(f.severity) for f in findings]
    worst = min(got, key=ORDER.index) if got else "-"
    assert worst == expected, [f.message for f in findings]
    for finding in findings:
        assert finding.message
        assert finding.action
        for span, text in ((finding.span, target), (finding.source_span, source)):
            assert span is None or 0 <= span[0] <= span[1] <= len(text)


def test_there_are_cases_both_ways_for_every_check_and_language() -> None:
    ways = {(check, language, expected == "-") for check, language, expected, _, _ in CASES}
    # terms and consistency need the term base: test_checks.py, tests/termbase/test_story.py;
    # names are not checked in zh
    missing = [
        (check, language, silent)
        for check in set(CHECKS) - {"term", "consistency"}
        for language in TARGET_LANGUAGES
        for silent in (True, False)
        if (check, language, silent) not in ways
        and not (check == "names" and language == "zh" and not silent)
    ]
    assert missing == []
    assert len(CASES) >= 300
