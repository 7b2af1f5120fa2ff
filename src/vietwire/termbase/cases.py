"""Russian renderings that a machine left in the nominative after a preposition: "от апрель"."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from functools import cache

from vietwire.termbase.verifying.russian import Russian

#: What asks for a case, as the words that stand before a name. Left out are those that ask for
#: several (на, за, под); "в" is treated apart.
_GOVERNING = {
    "gent": "без|для|до|из|из-за|от|у|около|после|против|среди|вместо|кроме|вокруг|относительно"
    "|(?:в )?(?:рамках|ходе|составе|отношении|результате|области|отличие от|качестве|интересах)"
    "|(?:по )?случаю|со стороны|во время|(?:с )?(?:помощью|участием)|(?:при )?поддержке|от имени",
    "datv": "к|ко|по|благодаря|согласно|вопреки|навстречу",
    "accs": "через|про|сквозь|включая",
    "ablt": "с|со|между|над|перед",
    "loct": "о|об|обо|при",
}
_BEFORE = {
    case: re.compile(rf"(?<![\w-])(?P<word>{words}) $", re.IGNORECASE)
    for case, words in _GOVERNING.items()
}
_IN = re.compile(r"(?<![\w-])во? $", re.IGNORECASE)
#: After these a list goes on with commas: "включая Китай, Японию и Индию".
_LISTING = ("включая", "между", "среди")
_MONTHS = frozenset(
    ("январь", "февраль", "март", "апрель", "май", "июнь")
    + ("июль", "август", "сентябрь", "октябрь", "ноябрь", "декабрь")
)


def put_in_case(text: str, renderings: Iterable[str], *, inside: Collection[str] = ()) -> str:
    """Put renderings that stand in the nominative into the case that the word before asks for.

    "в рамках Сообщество АСЕАН" becomes "в рамках Сообщества АСЕАН". ``inside`` are the renderings
    of what the source has after a word for being in a place; only these change after "в", which
    asks for another case where something moves. What follows a rendering so changed after "и", or
    in a list after a comma, changes with it.
    """
    names = sorted({name for name in renderings if name}, key=len, reverse=True)
    if not names:
        return text
    pattern = re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, names))})(?![\w-])")
    out, at = "", 0
    case = word = ""
    for match in pattern.finditer(text):
        between = text[at : match.start()]
        out += between
        follows = case and (between == " и " or (between in (", ", " и ") and word in _LISTING))
        if not follows:
            case, word = _asked(out, match.group(), inside)
        form = _declined(match.group(), case) if case else ""
        out += form or match.group()
        at = match.end()
    return out + text[at:]


def _asked(head: str, name: str, inside: Collection[str]) -> tuple[str, str]:
    """The case that the end of a text asks of a name, and the word that asks; "" if none."""
    if _IN.search(head):
        return ("loct", "в") if name in inside or name in _MONTHS else ("", "")
    for case, pattern in _BEFORE.items():
        if found := pattern.search(head):
            word = found["word"].lower()
            return ("gent" if word == "с" and name in _MONTHS else case), word
    return "", ""


@cache
def _russian() -> Russian:
    return Russian()


@cache
def _declined(name: str, case: str) -> str:
    return _russian().decline(name, case)
