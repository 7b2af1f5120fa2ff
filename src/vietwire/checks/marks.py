"""Terms, forbidden forms, addresses, and marks on the page."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from vietwire.story import Finding, ForbiddenHit, Severity, TermHit
from vietwire.text import correct_typography, fold_tones


def check_terms(terms: Sequence[TermHit], target: str) -> Iterator[Finding]:
    """Terms whose approved rendering was looked for and not found.

    A name that must stay as it is (its rendering is its source form) blocks; any other warns, for
    a good translation may turn the phrase. What must never be printed is ``check_forbidden``'s.
    """
    for hit in terms:
        if hit.obeyed is not False:
            continue
        keep = fold_tones(hit.rendering).casefold() == fold_tones(hit.source_form).casefold()
        span = _written_otherwise(hit.rendering, target)
        if span:
            message = f"“{target[slice(*span)]}” should be written “{hit.rendering}”."
        elif keep:
            message = f"“{hit.rendering}” stays as it is, but is missing from the translation."
        else:
            message = (
                f"“{hit.source_form}” should be “{hit.rendering}”; that is not in the translation."
            )
        yield Finding(
            Severity.BLOCK if keep else Severity.WARN,
            "term",
            message,
            f"Write “{hit.rendering}”, in the form the sentence needs.",
            span,
            (hit.start, hit.end),
        )


def _written_otherwise(rendering: str, target: str) -> tuple[int, int] | None:
    """Where a rendering stands as a word in other capitals, or as it is in a longer word."""
    # Chinese has no spaces between words; what stands around a name there is not part of it.
    letter = r"(?:(?![\u3400-\u9fff])\w)"
    word = re.escape(rendering)
    pattern = f"{letter}*{word}{letter}*"
    if len(rendering) > 3:  # shorter ones are other words in other capitals: us, who
        pattern += f"|(?<!{letter})(?i:{word})(?!{letter})"
    return next((m.span() for m in re.finditer(pattern, target) if m.group() != rendering), None)


#: House style on Biển Đông, which holds even with an empty term base. The sea of China without a
#: direction is that sea too; the one to the east (Biển Hoa Đông) is another.
_G = r"[\s\u00ad\u200b-\u200d\u2060‑–—-]+"
_EAST_SEA = {
    "en": (
        rf"(?:South(?:ern)?|S\.){_G}China{_G}Seas?|(?<!East )(?<!East-)(?<!\w)China{_G}Seas?(?!\w)"
        rf"|South{_G}China{_G}(?:and|or){_G}East{_G}China{_G}Seas?|South{_G}Sea{_G}of{_G}China",
        "East Sea",
    ),
    "fr": (
        rf"mers?{_G}(?:m[ée]ridionale{_G})?(?:du{_G}sud{_G})?de{_G}(?:la{_G})?Chine"
        rf"(?:{_G}(?:m[ée]ridionale|du{_G}Sud))?(?!{_G}(?:orientale|de{_G}l['’]Est))"
        rf"|mers?{_G}Sud{_G}chinoise",
        "mer Orientale",
    ),
    "es": (
        rf"mar(?:es)?{_G}(?:meridional{_G}|(?:del{_G})?sur{_G})?de{_G}(?:la{_G})?China"
        rf"(?:{_G}(?:meridional|del{_G}sur))?(?!{_G}(?:oriental|del{_G}Este))",
        "Mar del Este",
    ),
    # In Chinese the two characters also meet by chance (越南海军, 河南海关), stand in the name of
    # Zhongnanhai and in an idiom (天南海北), and name towns.
    "zh": (
        r"南中国海|南中國海|南支那海"
        r"|(?<![越湖河云济江岭淮闽华东西天])(?<![^东黄渤]海)(?<!^海)"
        r"(?:(?<=其中)|(?<=[越菲美印马]中)|(?<!中))南\s?海"
        r"(?!(?<=佛山南海)区|(?<=佛山市南海)区|县|縣|镇(?!静)|市(?!场)|观音|子|禅|岸|滩)",
        "东海",
    ),
    "ru": (
        rf"Южн\w*{_G}Китайск\w+{_G}мор\w+|Южнокитайск\w+{_G}мор\w+|мор\w+{_G}Южного{_G}Китая"
        rf"|Южно{_G}Китайск\w+{_G}и{_G}Восточно{_G}Китайск\w+{_G}мор\w+"
        rf"|(?<![\w‑–-])Китайск(?:ое|ого|ому|им|ом){_G}мор\w+|ЮКМ(?!\w)",
        "Восточное море",
    ),
}
_EAST_SEA_PATTERNS = {
    code: (re.compile(pattern, re.IGNORECASE), wanted)
    for code, (pattern, wanted) in _EAST_SEA.items()
}


def check_forbidden(
    target: str, language: str, forbidden: Sequence[ForbiddenHit]
) -> Iterator[Finding]:
    """Forms that must never be printed: the term base's, and the name of the East Sea always."""
    spans = []
    for hit in forbidden:
        spans.append((hit.start, hit.end))
        yield _forbidden(hit.form, hit.rendering, (hit.start, hit.end))
    pattern, wanted = _EAST_SEA_PATTERNS[language]
    for match in pattern.finditer(target):
        if not any(a < match.end() and match.start() < b for a, b in spans):
            yield _forbidden(match.group(), wanted, match.span())


def _forbidden(form: str, wanted: str, span: tuple[int, int]) -> Finding:
    return Finding(
        Severity.BLOCK,
        "forbidden",
        f"“{form}” must not be printed.",
        f"Write “{wanted}”." if wanted else "Take it out.",
        span,
    )


_URL = re.compile(
    r"(?:https?://|www\.)[^\s<>«»“”\"'，。；：！？、（）\u3000-\u9fff]*[\w/=&#-]", re.ASCII
)
_MAIL = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_DOMAIN = re.compile(
    r"(?<![\w@./-])(?!www\.)(?:[A-Za-z0-9-]+\.)+(?:vn|com|org|net|gov|edu|int|info|asia)"
    r"(?:/[^\s<>«»“”\"'，。；：！？、（）\u3000-\u9fff]*[\w/=&#-])?(?![\w@-]|\.\w)",
    re.ASCII | re.IGNORECASE,
)
_HANDLE = re.compile(r"(?<![\w@.])@[A-Za-z_]\w+", re.ASCII)
_TAG = re.compile(r"(?<![\w#&/])#[^\W\d]\w+")


def check_addresses(source: str, target: str) -> Iterator[Finding]:
    """Web and e-mail addresses and handles stand letter for letter; hashtags may be translated."""
    kinds = (
        ("web address", _URL),
        ("web address", _DOMAIN),
        ("e-mail address", _MAIL),
        ("handle", _HANDLE),
    )
    for called, pattern in kinds:
        ours = [(m.group().rstrip("/"), m.span()) for m in pattern.finditer(source)]
        theirs = [(m.group().rstrip("/"), m.span()) for m in pattern.finditer(target)]
        lost = [item for item in ours if item[0] not in {text for text, _ in theirs}]
        new = [item for item in theirs if item[0] not in {text for text, _ in ours}]
        for address, where in lost:
            if new:
                other, span = new.pop(0)
                yield Finding(
                    Severity.BLOCK,
                    "address",
                    f"The {called} {address} has become {other}.",
                    "Copy it from the source.",
                    span,
                    where,
                )
            else:
                yield Finding(
                    Severity.WARN,
                    "address",
                    f"The {called} {address} is missing.",
                    "Copy it from the source.",
                    source_span=where,
                )
        for other, span in new:
            yield Finding(
                Severity.WARN,
                "address",
                f"The {called} {other} is not in the source.",
                "Take it out.",
                span,
            )
    tags = {m.group() for m in _TAG.finditer(source)}
    if tags and not _TAG.search(target):
        yield Finding(
            Severity.NOTE,
            "address",
            f"The hashtag {sorted(tags)[0]} is missing.",
            "Add the hashtag that the desk uses in this language.",
        )


_DEBRIS = re.compile(
    r"</?(?:t|to|s|unk|pad|bos|eos)>|>>\w{2,3}<<|▁|\ufffd|&(?:amp|lt|gt|quot|nbsp|#\d+);|<unk>"
    r"|Ã[\u0080-\u00bf©¨ª]|â€[\u0080-\uffff™œ]?"
)
_PAIRS = {"(": ")", "[": "]", "«": "»", "（": "）", "《": "》", "“": "”"}
_PAIRED = re.compile('["()\\[\\]«»（）《》“”]')
_DOUBLED = re.compile(r",,|;;|::|，，|。。|、、|；；|(?<!\.)\.\.(?!\.)|[,;:]\.(?!\.)|，。|。，")


def check_typography(source: str, target: str, language: str) -> Iterator[Finding]:
    """What the language's typography asks for and stands otherwise."""
    for match in _DEBRIS.finditer(target):
        yield Finding(
            Severity.BLOCK,
            "typography",
            f"“{match.group()}” is debris of the machine, not text.",
            "Take it out and check what stood there.",
            match.span(),
        )
    corrected = correct_typography(target, language)
    if corrected != target:
        place = next(
            (i for i, (a, b) in enumerate(zip(target, corrected, strict=False)) if a != b),
            min(len(target), len(corrected)),
        )
        yield Finding(
            Severity.NOTE,
            "typography",
            "Spaces, quotes or marks are not as this language writes them.",
            f"Should be: {_around(corrected, place)}",
            (max(0, place - 1), min(len(target), place + 1)),
        )
    yield from _unbalanced(source, corrected, target)
    for match in _DOUBLED.finditer(target):
        yield Finding(
            Severity.WARN,
            "typography",
            f"Two marks in a row: “{match.group()}”.",
            "Keep one.",
            match.span(),
        )
    yield from _by_language(corrected, target, language)


def _around(text: str, place: int) -> str:
    return f"“{text[max(0, place - 12) : place + 14]}”"


def _unbalanced(source: str, corrected: str, target: str) -> Iterator[Finding]:
    if not _PAIRED.search(corrected):
        return
    ours, theirs = Counter(source), Counter(corrected)
    quotes = sum(ours[q] for q in '«»“”„‟"')
    for opening, closing in _PAIRS.items():
        if theirs[opening] == theirs[closing]:
            continue
        if opening in "«“《" and quotes % 2:
            continue  # speech that goes on in another segment
        if opening in "([（" and sum(ours[c] for c in "([（") != sum(ours[c] for c in ")]）"):
            continue
        if opening == "(" and re.search(r"(?:^|\s)\w{1,3}\)", target):
            continue  # a list marker
        char = opening if theirs[opening] > theirs[closing] else closing
        place = target.find(char)
        yield Finding(
            Severity.WARN,
            "typography",
            f"“{opening}” and “{closing}” do not come in pairs.",
            "Add or remove one.",
            (place, place + 1) if place >= 0 else None,
        )
    if corrected.count('"') % 2 and not quotes % 2:
        place = target.find('"')
        yield Finding(
            Severity.WARN,
            "typography",
            "A quotation mark has no partner.",
            "Close or remove it.",
            (place, place + 1) if place >= 0 else None,
        )


#: Yahoo! in a sentence, Go! before the rest of a name.
_MARKED_NAME = re.compile(r"(?<=\w)[!?](?=\s+[a-záéíóúñ])|(?<=^)\w+!(?=\s+[A-Z])")


def _by_language(corrected: str, target: str, language: str) -> Iterator[Finding]:
    """What could not be set right without a person."""
    if language == "es":
        for closing, opening in (("?", "¿"), ("!", "¡")):
            text = _MARKED_NAME.sub("", _URL.sub("", corrected))
            if text.count(closing) > text.count(opening):
                place = target.find(closing)
                yield Finding(
                    Severity.WARN,
                    "typography",
                    f"“{closing}” without its opening “{opening}”.",
                    f"Put “{opening}” where the question or exclamation begins.",
                    (place, place + 1),
                )
    if language in {"fr", "ru"} and '"' in corrected and not re.search(r'\d"', corrected):
        place = target.find('"')
        yield Finding(
            Severity.NOTE,
            "typography",
            "Straight quotation marks are left.",
            "Use « ».",
            (place, place + 1) if place >= 0 else None,
        )
    if language == "zh":
        match = re.search(r"(?<=[\u3400-\u9fff])[,;?!](?=[\u3400-\u9fff]|$)", corrected)
        if match:
            place = target.find(match.group())
            yield Finding(
                Severity.NOTE,
                "typography",
                "A half-width mark is left between Chinese characters.",
                "Use the full-width mark.",
                (place, place + 1) if place >= 0 else None,
            )
