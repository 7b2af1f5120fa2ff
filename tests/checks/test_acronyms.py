"""The table of acronyms: every rendering stands in the column of its language."""

import re

import pytest

from vietwire.checks.names import _RENDERED

_HAN = re.compile("[\u4e00-\u9fff]")
_CYRILLIC = re.compile("[\u0400-\u04ff]")


@pytest.mark.parametrize("name", sorted(_RENDERED))
def test_renderings_stand_in_the_column_of_their_language(name: str) -> None:
    for language, pattern in _RENDERED[name].items():
        # an empty alternative would find any acronym in any text
        assert not re.search(pattern, ""), language
        assert bool(_HAN.search(pattern)) == (language == "zh"), pattern
        assert bool(_CYRILLIC.search(pattern)) == (language == "ru"), pattern
