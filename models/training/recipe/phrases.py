"""Phrase pairs inside a sentence pair, and the forms in which a glossary would list them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Too common to be anybody's term: one-word spans of these are left alone.
_STOP = {
    "vi": _words(
        """
        và của là có cho với các những một được trong này đó đã sẽ không khi để từ ở ra vào về
        theo như thì mà bị tại trên dưới đến cũng nhưng hay hoặc nếu vì do bởi rằng đang rất tôi
        bạn anh chị ông bà họ nó chúng ta mình ai gì nào đây đấy kia lại còn nên hơn nhất nhiều
        ít mỗi mọi cả chỉ làm người việc cái con
        """
    ),
    "en": _words(
        """
        the a an of to in and or for with on at by from is are was were be been has have had it
        its this that these those he she they we you i his her their our your my not as but if
        when which who what will would can could should may do does did there here than then so
        also more most very all any each one
        """
    ),
    "fr": _words(
        """
        le la les l un une des de du d à au aux en et ou pour par avec sur dans est sont était a
        ont il elle ils elles nous vous je on se s ne pas n qu que qui ce cette ces c son sa ses
        leur leurs notre votre mais si plus été être avoir comme tout y
        """
    ),
    "es": _words(
        """
        el la los las un una unos unas de del a al en y o u e para por con sin sobre es son era
        fue ha han había se su sus que qué no lo le les me te nos mi tu este esta estos estas
        ese esa pero si más como cuando muy ser estar todo hay
        """
    ),
    "ru": _words(
        """
        и в во на с со к ко о об от до по из за у для при не ни что как это этот эта эти тот та
        те он она оно они мы вы я его её их ей им мне нам вам был была было были быть есть или
        но а же бы ли если то так также все всё который которая которые чтобы только уже ещё
        """
    ),
    "zh": _words(
        """
        的 了 在 是 和 与 有 为 不 也 这 那 他 她 它 我 你 们 一 个 就 都 而 及 或 于 以 对 从 到
        将 被 把 中 上 下 这个 一个 我们 他们 可以
        进行
        """
    ),
}


_ZH_EDGE = frozenset(
    "的了在是和与有为不也这那他她它我你就都而及或于以对从到将被把着过们之其所能会可"
)
# Function words that may stand inside a term.
_JOINING = {
    "en": _words(
        """
        of the and for on in
        """
    ),
    "fr": _words(
        """
        de du des la le les l d et à au aux
        """
    ),
    "es": _words(
        """
        de del la el los las y al
        """
    ),
    "ru": _words(
        """
        и по в на
        """
    ),
    "zh": frozenset(),
}


#: After these no article is set, because they are one, or hold one, or stand for one.
DETERMINERS = {
    "en": _words(
        """
        the a an this that these those its his her their our my your no any some each every another
        """
    ),
    "fr": _words(
        """
        le la les l' un une des du au aux d' ce cet cette ces son sa ses leur leurs notre nos votre
        vos mon ma mes aucun aucune chaque quelque plusieurs
        """
    ),
    "es": _words(
        """
        el la los las lo un una unos unas del al este esta estos estas ese esa esos esas su sus
        nuestro nuestra cada algún alguna ningún ninguna otro otra
        """
    ),
}


@dataclass(frozen=True)
class Phrase:
    """Source pieces [first, last) and target pieces [start, end) that render each other."""

    first: int
    last: int
    start: int
    end: int


class Pieces:
    """What is known of each piece: its text, and whether a word starts with it."""

    def __init__(self, processor: Any) -> None:
        texts = [processor.id_to_piece(n) for n in range(processor.get_piece_size())]
        self.text = texts
        self.starts = np.array([text.startswith("▁") for text in texts])
        self.plain = np.array(
            [
                all(c.isalnum() or c in "▁-'’·" for c in text) and any(map(str.isalnum, text))
                for text in texts
            ]
        )
        self.byte = np.array([processor.is_byte(n) for n in range(len(texts))])


def inside_words(
    source: np.ndarray, pieces: Pieces, lexicon: frozenset[str], longest: int = 4
) -> np.ndarray:
    """Return for each piece of a Vietnamese row whether it continues a word.

    A word is a run of syllables found in ``lexicon`` (lower case, one space between syllables),
    the longest first, from left to right; else one syllable.
    """
    inside = ~pieces.starts[source]
    heads = np.flatnonzero(pieces.starts[source])
    ends = np.append(heads[1:], len(source))
    syllables = [
        "".join(pieces.text[n] for n in source[a:b])[1:].lower()
        for a, b in zip(heads, ends, strict=True)
    ]
    at = 0
    while at < len(syllables):
        size = 1
        for some in range(min(longest, len(syllables) - at), 1, -1):
            if " ".join(syllables[at : at + some]) in lexicon:
                size = some
                break
        inside[heads[at + 1 : at + size]] = True
        at += size
    return inside


def extract(
    source: np.ndarray,
    target: np.ndarray,
    links: np.ndarray,
    pieces: Pieces,
    language: str,
    inside: np.ndarray,
    longest: int = 7,
) -> list[Phrase]:
    """Return the phrase pairs that agree with ``links`` and begin and end at word boundaries.

    Args:
        source: piece ids with the tag at position 0.
        target: piece ids.
        links: (n, 3) array: source position, target position, 1 if sure.
        inside: for each source piece, whether it continues a word.
    """
    size, other = len(source), len(target)
    if not len(links) or other < 3:
        return []
    to = [[] for _ in range(other)]  # type: list[list[int]]
    back = [[] for _ in range(size)]  # type: list[list[int]]
    sure = np.zeros(other, dtype=bool)
    for here, there, certain in links.tolist():
        to[there].append(here)
        back[here].append(there)
        if certain:
            sure[there] = True
    plain = pieces.plain[source]
    opens, clear = pieces.starts[target], pieces.plain[target]
    solid = language == "zh"
    found = []
    for start in range(other):
        if not clear[start] or not (solid or opens[start]):
            continue
        for end in range(start + 1, min(other, start + longest) + 1):
            if not clear[end - 1]:
                break
            if not solid and end < other and not opens[end] and clear[end]:
                continue
            reached = [here for there in range(start, end) for here in to[there]]
            if not reached or not sure[start:end].mean() >= 0.5:
                continue
            first, last = min(reached), max(reached) + 1
            while last < size and inside[last]:
                last += 1
            while first > 1 and inside[first]:
                first -= 1
            if last - first > longest or first < 1 or not plain[first:last].all():
                continue
            if any(not start <= there < end for here in range(first, last) for there in back[here]):
                continue
            found.append(Phrase(first, last, start, end))
    return found


def worth(source: str, target: str, language: str) -> float:
    """Return how much a phrase pair is like a term, 0 if it is not one.

    Names, numbers in words and longer phrases count more than common single words.
    """
    here, there = source.split(), target.split() if language != "zh" else [target]
    if not here or not there or len(target) < (2 if language == "zh" else 3):
        return 0.0
    if here[0].lower() in _STOP["vi"] or here[-1].lower() in _STOP["vi"]:
        return 0.0
    if language == "zh" and (target[0] in _ZH_EDGE or target[-1] in _ZH_EDGE):
        return 0.0
    stop = _STOP[language]
    if there[0].lower().strip("'’.") in stop or there[-1].lower().strip("'’.") in stop:
        return 0.0
    if not any(c.isalpha() for c in target):
        return 0.0
    inner = {word.lower().strip("'’.") for word in there[1:-1]}
    if len(there) > 5 or inner & (stop - _JOINING[language]):
        return 0.0
    score = 1.0 + 0.7 * min(4, len(here)) + 0.5 * min(3, len(there))
    if any(word[0].isupper() for word in here):
        score += 3.0
    return score


@lru_cache(maxsize=1)
def _morphology() -> Any:
    import pymorphy3

    return pymorphy3.MorphAnalyzer()


@lru_cache(maxsize=400_000)
def _parse(word: str) -> Any:
    return _morphology().parse(word)[0]


def _as(word: str, like: str) -> str:
    return word[:1].upper() + word[1:] if like[:1].isupper() else word


def _head(words: list[str]) -> tuple[int, str | None, str | None] | None:
    """Return (place of the head noun, its case, its number) of a Russian noun phrase."""
    for place, word in enumerate(words[:4]):
        if not word.isalpha():
            return None
        tag = _parse(word.lower()).tag
        if tag.POS == "NOUN":
            return place, tag.case, tag.number
        if tag.POS not in ("ADJF", "PRTF"):
            return None
    return None


def russian(words: list[str], case: str) -> list[str] | None:
    """Return the noun phrase with its head and the adjectives before it in ``case``.

    ``None`` if it is not a noun phrase that can be put so. ``case`` is a pymorphy grammeme.
    """
    head = _head(words)
    if head is None or head[2] is None:
        return None
    changed = list(words)
    for place in range(head[0] + 1):
        word = words[place]
        if word.isupper() and len(word) > 1:
            continue
        wanted = {case, head[2]}
        form = _parse(word.lower()).inflect(wanted)
        if form is None:
            return None
        changed[place] = _as(form.word, word)
    return changed


def case_of(words: list[str]) -> str | None:
    """Return the grammatical case of a Russian noun phrase, as a pymorphy grammeme."""
    head = _head(words)
    return head[1] if head else None


def dictionary_form(phrase: str, language: str) -> str:
    """Return ``phrase`` as a glossary would list it.

    Russian noun phrases come in the nominative, single English, French and Spanish words as their
    lemma; anything else stays as it is.
    """
    words = phrase.split()
    if language == "ru":
        changed = russian(words, "nomn")
        if changed is not None:
            return " ".join(changed)
        if len(words) == 1 and words[0].isalpha() and not words[0].isupper():
            return _as(str(_parse(words[0].lower()).normal_form), words[0])
        return phrase
    if language in ("en", "fr", "es") and len(words) == 1 and phrase.isalpha() and phrase.islower():
        import simplemma

        return str(simplemma.lemmatize(phrase, lang=language))
    return phrase
