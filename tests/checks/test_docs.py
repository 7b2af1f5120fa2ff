import re
from pathlib import Path

from vietwire.checks import CHECKS

PAGE = Path(__file__).parents[2] / "docs" / "checks.md"


def test_the_page_lists_every_check_and_no_other() -> None:
    rows = re.findall(r"^\| `(\w+)` \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(rows) == sorted(CHECKS)
