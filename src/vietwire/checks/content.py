"""Whether the translation is there, whole, once, and in its language."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Iterator

from vietwire.checks.names import plain_letters
from vietwire.checks.quantities import ADDRESS
from vietwire.checks.units import room_of_words
from vietwire.checks.words import words
from vietwire.story import LANGUAGE_NAMES, Finding, Severity
from vietwire.text import detect_language, fold_tones

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_VIETNAMESE = re.compile("[\u1ea0-\u1ef9ăđơưĂĐƠƯ]")
_VIETNAMESE_WORDS = words(
    """
    và của là với các những tại này không từ đến để có như trên vào bằng đó giữa vì cùng khi
    theo trong ông bà
    """
) - frozenset(["khi", "theo", "trong", "là", "có", "vì"])
#: Vietnamese things that target texts may name in Vietnamese.
_LOAN = words(
    """
    phở áo dài bánh mì tết nem đồng chưng cuốn bún chả xòe ví giặm
    """
)
_SCRIPT = {
    "han": re.compile("[\u3400-\u4dbf\u4e00-\u9fff]"),
    "kana": re.compile("[\u3041-\u3096\u30a1-\u30fa]"),
    "hangul": re.compile("[\uac00-\ud7af]"),
    "cyrillic": re.compile("[\u0400-\u04ff]"),
    "latin": re.compile("[A-Za-z\u00c0-\u024f\u1e00-\u1eff]"),
    "thai": re.compile("[\u0e00-\u0eff]"),
    "arabic": re.compile("[\u0590-\u06ff]"),
}
_LATIN_NAME = re.compile(r"[A-Za-z][\w.\\/:-]*", re.ASCII)
_NOT_LATIN = re.compile("[\u0370-\u1dff\u2c00-\uabff\uac00-\ud7ff]")
_SCRIPTS_OF = {"zh": "han", "ru": "cyrillic", "en": "latin", "fr": "latin", "es": "latin"}
#: Letters that the language does not write, and one of the other two does.
_NEVER_IN = {
    "en": re.compile("[áíóúñèêàçœùûîâ]"),
    "fr": re.compile("[áíóúñ]"),
    "es": re.compile("[èêàçœùûîâ]"),
}
#: Small words that hardly occur in the other two.
_SMALL = {
    "en": "the of and to in is was were with that for by from at which has have been will its on"
    " this their said as be are an after not it he she they",
    "fr": "le la les des du et une dans est pour que qui sur avec au aux par pas ont été cette ces"
    " leur ce son sa ses plus il elle ils à d l qu a en",
    "es": "el los las del y una en es para que por con se su al como más fue ha han este esta sus"
    " lo entre desde sobre también son no pero o la",
    "pt": "o os as do da dos das e um uma em no na para com não é foi ao pelo pela mais são",
    "it": "il gli dei della delle e di un che per con è sono nel alla dal più anche ha",
    "de": "der die das und ist von mit den dem ein eine auf für nicht zu im wurde sich",
    "id": "yang dan di dari dengan untuk pada ini itu dalam akan telah oleh ke tidak",
}
_SMALL_WORDS = {code: frozenset(words.split()) for code, words in _SMALL.items()}


def check_empty(source: str, target: str) -> Iterator[Finding]:
    """Nothing there, or something where nothing should be."""
    has_source = any(c.isalnum() for c in source)
    has_target = any(c.isalnum() for c in target)
    if has_source and not has_target:
        yield Finding(
            Severity.BLOCK,
            "empty",
            "The segment has no translation.",
            "Translate it, or send the draft back to the machine.",
        )
    elif has_target and not has_source:
        yield Finding(
            Severity.WARN,
            "empty",
            "There is text where the source has none.",
            "Take it out unless you meant to add it.",
            (0, len(target)),
        )


def check_untranslated(source: str, target: str) -> Iterator[Finding]:
    """The source copied instead of translated, whole or in part."""
    words = [w.lower() for w in _WORD.findall(fold_tones(source))]
    common = [w for w in _WORD.findall(source) if w[0].islower()]
    copied = [(m.group().lower(), *m.span()) for m in _WORD.finditer(fold_tones(target))]
    if not common or not copied:
        return
    bare = [plain_letters(word) for word in words] == [word for word, _, _ in copied]
    if words == [word for word, _, _ in copied] or (
        bare and sum(bool(_VIETNAMESE.search(word)) for word in common) >= 3
    ):
        yield Finding(
            Severity.BLOCK,
            "untranslated",
            "The translation is a copy of the Vietnamese.",
            "Translate it, or send the draft back to the machine.",
            (0, len(target)),
        )
        return
    shared = set(words) & {word for word, _, _ in copied}
    if len(shared) < 3 or not any(_VIETNAMESE.search(word) for word in shared):
        return
    run = _longest_run(words, [word for word, _, _ in copied])
    if run is None:
        return
    first, length = run
    start, end = copied[first][1], copied[first + length - 1][2]
    small = [w for w in _WORD.findall(target[start:end]) if w[0].islower()]
    if length < 4 or len(small) < 2 or not _VIETNAMESE.search(target, start, end):
        return
    half = length * 2 >= len(copied)
    yield Finding(
        Severity.BLOCK if half else Severity.WARN,
        "untranslated",
        f"“{_short(target[start:end])}” is copied from the Vietnamese.",
        "Translate it; only names are copied.",
        (start, end),
    )


def _longest_run(ours: list[str], theirs: list[str]) -> tuple[int, int] | None:
    """(first, length) in ``theirs`` of the longest run of words common to both."""
    best: tuple[int, int] | None = None
    before = [0] * (len(ours) + 1)
    for row, word in enumerate(theirs, 1):
        now = [0] * (len(ours) + 1)
        for column, other in enumerate(ours, 1):
            if word == other:
                now[column] = before[column - 1] + 1
                if best is None or now[column] > best[1]:
                    best = (row - now[column], now[column])
        before = now
    return best


_LATIN_WORD = re.compile("[A-Za-z\u00c0-\u024f\u1e00-\u1eff]+")


def check_vietnamese(source: str, target: str, language: str) -> Iterator[Finding]:
    """Vietnamese words left standing; a name with its marks is only noted."""
    if not _VIETNAMESE.search(target):
        return
    ours = {word for word in _LATIN_WORD.findall(source) if word[0].islower()}
    text = ADDRESS.sub(lambda m: " " * len(m.group()), target)
    runs: list[list[re.Match[str]]] = []
    previous: re.Match[str] | None = None
    for match in _LATIN_WORD.finditer(text):
        word = match.group()
        copied = word in ours and (len(word) > 2 or not word.isascii())
        if _VIETNAMESE.search(word) or word.lower() in _VIETNAMESE_WORDS or copied:
            near = previous is not None and match.start() - previous.end() <= 8
            if runs and near:
                runs[-1].append(match)
            else:
                runs.append([match])
            previous = match
    total = 0
    for run in runs:
        start, end = run[0].start(), run[-1].end()
        marked = [m for m in run if _VIETNAMESE.search(m.group()) and m.group() not in _LOAN]
        small = [m for m in run if m.group()[0].islower() and m.group() not in _LOAN]
        if not marked and len(small) < 2:
            continue  # à, la: French has them too
        shown = _short(target[start:end])
        if not small:
            yield Finding(
                Severity.NOTE,
                "vietnamese",
                f"“{shown}” keeps its Vietnamese marks.",
                "Write names without marks, as the house does in this language."
                if language not in {"zh", "ru"}
                else "Write the name as the house does in this language.",
                (start, end),
            )
            continue
        total += len(small)
        yield Finding(
            Severity.BLOCK if len(small) >= 2 or total >= 3 else Severity.WARN,
            "vietnamese",
            f"“{shown}” is left in Vietnamese.",
            "Translate it.",
            (start, end),
        )


def check_language_of(source: str, target: str, language: str) -> Iterator[Finding]:
    """The output in the wrong language or script."""
    text = ADDRESS.sub(" ", target)
    if _SCRIPTS_OF[language] == "latin" and not _NOT_LATIN.search(text):
        yield from _latin_language(text, target, language)
        return
    # names in Latin letters that the source has too belong to no language
    kept = set(_LATIN_NAME.findall(source))
    text = _LATIN_NAME.sub(lambda m: " " if m.group() in kept else m.group(), text)
    counts = {name: len(pattern.findall(text)) for name, pattern in _SCRIPT.items()}
    counts["han"] *= 3
    counts["kana"] *= 3
    counts["hangul"] *= 3
    whole = sum(counts.values())
    if not whole:
        return
    expected = _SCRIPTS_OF[language]
    share = counts[expected] / whole
    called = LANGUAGE_NAMES[language]
    lower = [w for w in _WORD.findall(source) if w[0].islower() or len(w) > 12]
    if share < 0.4 and (len(lower) >= 3 or (len(lower) == 2 and share == 0)):
        yield _wrong_language(called, "is not in its script", target)
        return
    if expected == "han" and counts["kana"] >= 6:
        yield _wrong_language(called, "is Japanese", target)
        return
    foreign = [name for name in counts if name not in {expected, "latin"} and counts[name]]
    for name in foreign:
        found = _SCRIPT[name].search(target)
        if found:
            yield Finding(
                Severity.WARN,
                "language",
                f"There are {name.title()} letters in the {called} text (“{found.group()}”).",
                "Translate or transliterate them unless they are meant.",
                found.span(),
            )
    if language == "ru":
        yield from _not_russian(text, target)
    if expected == "latin":
        yield from _latin_language(text, target, language)


def _wrong_language(called: str, what: str, target: str) -> Finding:
    return Finding(
        Severity.BLOCK,
        "language",
        f"The translation should be {called} but {what}.",
        "Send the segment back to the machine or translate it.",
        (0, len(target)),
    )


def _not_russian(text: str, target: str) -> Iterator[Finding]:
    letters = re.findall("[іїєґўђљњћџ]", text.lower())
    if len(letters) >= 2 and not re.search("[ыэё]", text.lower()):
        yield _wrong_language("Russian", "is in another language of its script", target)


def _latin_language(text: str, target: str, language: str) -> Iterator[Finding]:
    words = {w.lower() for w in re.findall(r"[^\W\d_]+", text)}
    if len(words) < 4:
        return
    ours = words & _SMALL_WORDS[language]
    common = [
        w for w in re.findall(r"[^\W\d_]+", text) if w[0].islower()
    ]  # names are in no language
    strange = [w for w in common if _NEVER_IN[language].search(w)]
    if len(strange) >= 2 and len(strange) > len(common) / 8:
        reads = "Spanish" if _NEVER_IN["fr"].search("".join(strange)) else "French"
        yield _wrong_language(LANGUAGE_NAMES[language], f"reads as {reads}", target)
        return
    others = {code: words & small for code, small in _SMALL_WORDS.items() if code != language}
    best = max(others, key=lambda code: len(others[code]))
    # words that only one of the two languages has
    theirs = others[best] - ours
    own = ours - others[best]
    if own and len(own) * 2 >= len(theirs):
        return
    guess = detect_language(" ".join(common)) if len(common) >= 6 else None
    if guess is not None and guess.certain and guess.language in _SCRIPTS_OF and not own:
        if guess.language != language:
            yield _wrong_language(
                LANGUAGE_NAMES[language], f"reads as {_name(guess.language)}", target
            )
        return
    if len(theirs) < 2 and (ours or len(words) < 8):
        return
    plain = len(theirs) >= 3 and not own and (guess is None or not guess.certain)
    if plain or (guess is not None and guess.certain and guess.language == best != language):
        yield _wrong_language(LANGUAGE_NAMES[language], f"reads as {_name(best)}", target)
    elif guess is not None and guess.certain and guess.language != language and not ours:
        yield _wrong_language(LANGUAGE_NAMES[language], f"reads as {_name(guess.language)}", target)


def _name(code: str) -> str:
    others = {"pt": "Portuguese", "it": "Italian", "de": "German", "id": "Indonesian"}
    return LANGUAGE_NAMES.get(code) or others.get(code) or f"another language ({code})"


#: Mean of log(target characters / source characters) and its spread (s0 for long text, s1 / sqrt
#: of the source's length more for short), measured on human translations of news and prose.
LENGTH = {
    "en": (-0.03, 0.07, 1.2),
    "fr": (0.13, 0.07, 1.2),
    "es": (0.10, 0.07, 1.2),
    "zh": (-1.20, 0.12, 1.7),
    "ru": (0.05, 0.07, 1.2),
}


_LATIN, _IN_LATIN = re.compile("[A-Za-z\u00c0-\u024f ]"), 0.6


def check_length(source: str, target: str, language: str) -> Iterator[Finding]:
    """Missing or doubled content, judged by the usual ratio of lengths in characters."""
    ours, theirs = len(source.strip()), float(len(target.strip()))
    if language == "zh":
        # a foreign name in brackets takes the room of a whole clause in characters
        theirs -= _IN_LATIN * len(_LATIN.findall(target))
    if ours < 20 or theirs <= 0:
        return
    mean, wide, short = LENGTH[language]
    spread = math.hypot(wide, short / math.sqrt(ours))
    if math.log(theirs / ours) - mean > 3.5 * spread:
        theirs -= room_of_words(source, target, language)
    off = (math.log(theirs / ours) - mean) / spread
    usual = round(100 * theirs / (ours * math.exp(mean)))
    if abs(off) <= 3.5:
        return
    # far off on text long enough to be sure of
    block = (abs(off) > 5.5 and ours >= 60) or usual >= 300
    if off < 0:
        yield Finding(
            Severity.BLOCK if block else Severity.WARN,
            "length",
            f"The translation is {usual} % as long as one of this source usually is: something may "
            "be missing.",
            "Compare with the source and add what is missing.",
        )
    else:
        yield Finding(
            Severity.BLOCK if block else Severity.WARN,
            "length",
            f"The translation is {usual} % as long as one of this source usually is: something may "
            "have been added or said twice.",
            "Compare with the source and take out what is not in it.",
        )


_MARK = re.compile('[.,;:!?"«»“”()，。；：！？、（）—–]')


def check_repetition(source: str, target: str, language: str) -> Iterator[Finding]:
    """Loops: the same words over and over, which networks fall into."""
    pattern = r"[\u3400-\u9fff]|[^\W_\u3400-\u9fff]+" if language == "zh" else r"[^\W_]+"
    matches = list(re.finditer(pattern, target))
    tokens = [m.group().lower() for m in matches]

    def broken(index: int) -> bool:
        """Whether a mark stands before the token."""
        return bool(_MARK.search(target, matches[index - 1].end(), matches[index].start()))

    stuck = re.search(r"([^\W\d_])\1{7,}", target)
    if stuck is not None and stuck.group()[:8] not in source:
        yield Finding(
            Severity.BLOCK,
            "repetition",
            f"“{_short(stuck.group(), 12)}” is one letter over and over.",
            "Translate it, or send the segment back to the machine.",
            stuck.span(),
        )
        return
    twice = _twice(target)
    if twice is not None and _twice(source) is None:
        most = (twice[1] - twice[0]) * 2 > len(target) * 0.4
        yield Finding(
            Severity.BLOCK if most else Severity.WARN,
            "repetition",
            f"“{_short(target[slice(*twice)])}” is said twice in a row.",
            "Keep one, and check what was lost.",
            twice,
        )
        return
    loop = _loop(tokens, language, broken)
    if loop is None:
        yield from _scattered(source, tokens, matches, target, language)
        return
    first, size, times = loop
    ours = _loop([w.lower() for w in re.findall(r"[^\W_]+", source)], "vi")
    if ours is not None and ours[2] >= times:
        return
    start = matches[first].start()
    once = matches[first + size - 1].end()
    end = matches[first + size * times - 1].end()
    share = size * times / len(matches)
    yield Finding(
        Severity.BLOCK if times >= 4 or share > 0.4 else Severity.WARN,
        "repetition",
        f"“{_short(target[start:once])}” stands {times} times in a row.",
        "Keep one, and check what was lost.",
        (start, end),
    )


_SENTENCE = re.compile(r"[^.!?。！？]+[.!?。！？]+")


def _twice(text: str) -> tuple[int, int] | None:
    """Where a whole sentence stands that is the same as the one before it."""
    before = ""
    for match in _SENTENCE.finditer(text):
        words = "".join(char for char in match.group().lower() if char.isalnum())
        if len(words) >= (6 if _SCRIPT["han"].search(words) else 15) and words == before:
            return match.span()
        before = words
    return None


def _scattered(
    source: str, tokens: list[str], matches: list[re.Match[str]], target: str, language: str
) -> Iterator[Finding]:
    """The same five words (eight characters) three times, with others in between."""
    size, often = (8 if language == "zh" else 5), 3
    counts = Counter(tuple(tokens[i : i + size]) for i in range(len(tokens) - size + 1))
    if not counts:
        return
    gram, times = counts.most_common(1)[0]
    words = [w.lower() for w in re.findall(r"[^\W_]+", source)]
    ours = Counter(tuple(words[i : i + 4]) for i in range(len(words) - 3))
    if times < often or (ours and ours.most_common(1)[0][1] >= times):
        return
    first = next(i for i in range(len(tokens)) if tuple(tokens[i : i + size]) == gram)
    start, end = matches[first].start(), matches[first + size - 1].end()
    yield Finding(
        Severity.WARN,
        "repetition",
        f"“{_short(target[start:end])}” stands {times} times in the segment.",
        "Compare with the source and take out what is said twice.",
        (start, end),
    )


def _loop(
    tokens: list[str], language: str, broken: Callable[[int], bool] | None = None
) -> tuple[int, int, int] | None:
    """(first token, size, times) of the longest immediate repetition, if any."""
    best: tuple[int, int, int] | None = None
    count = len(tokens)
    for size in range(1, min(20, count // 2) + 1):
        run = 0
        for index in range(size, count):
            run = run + 1 if tokens[index] == tokens[index - size] else 0
            times = run // size + 1
            if run % size or not run:
                continue
            long_enough = size >= (5 if language in {"zh", "vi"} else 3)
            if times >= (2 if long_enough else 3):
                if tokens[index - size + 1 : index + 1] and all(
                    t.isdigit() for t in tokens[index - size + 1 : index + 1]
                ):
                    continue
                first = index - size * times + 1
                short = size < (12 if language == "zh" else 6)
                if times == 2 and short and broken is not None and broken(first + size):
                    continue  # "... of the Soviet Union, the Soviet Union's ..."
                found = (first, size, times)
                if best is None or size * times > best[1] * best[2]:
                    best = found
    return best


def _short(text: str, limit: int = 60) -> str:
    return text if len(text) <= limit else text[: limit - 1] + "…"


def doubled(pairs: list[tuple[str, str]]) -> list[int]:
    """Indices of segments whose translation repeats an earlier one of another source."""
    seen: dict[str, str] = {}
    result = []
    for index, (source, target) in enumerate(pairs):
        key = target.strip().casefold()
        if len(key) < 12:
            continue
        first = seen.setdefault(key, source.strip())
        if first != source.strip():
            result.append(index)
    return result
