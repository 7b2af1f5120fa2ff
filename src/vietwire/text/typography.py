"""The typography of each language, as far as a machine can set it right without a doubt."""

from __future__ import annotations

import re
from collections.abc import Callable

NBSP = "\u00a0"
NARROW = "\u202f"
_SPACE = f"[ {NBSP}{NARROW}]"
_HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff〇"
_HAN_CHAR = re.compile(f"[{_HAN}]")
#: What is never touched. Trailing sentence marks do not belong to an address.
_ADDRESS = re.compile(
    r"(?:https?://|ftp://|www\.)[^\s<>«»“”\"\u3000-\u9fff\uff00-\uffef]*[^\s<>«»“”\".,;:!?)\]'"
    r"\u3000-\u9fff\uff00-\uffef]"
    r"|[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+"
    r"|(?<![\w@#])[@#]\w+"
    r"|\b[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.(?:vn|com|org|net|gov|edu|int|info|asia)(?:/[^\s<>«»“”\""
    r"\u3000-\u9fff\uff00-\uffef]*[^\s<>«»“”\".,;:!?)\]'\u3000-\u9fff\uff00-\uffef])?(?![\w@])",
    re.IGNORECASE,
)
_NUMBER = re.compile(rf"\d+(?:[.,:/]\d+)*(?:{_SPACE}\d{{3}}(?!\d))*(?:[.,]\d+)?")
_PRIVATE = re.compile("[\ue000-\uf8ff]")
#: Placeholders: addresses from U+E000, numbers from U+E800.
_ADDRESSES_FROM, _NUMBERS_FROM, _PLACES = 0xE000, 0xE800, 0x800
#: Each correction can make another one possible; real text settles in two.
_ROUNDS = 6
_IS_ADDRESS = "\ue000-\ue7ff"


_FIRST_WORD = re.compile(r"\W*(?P<word>\w[\w'’-]*)")


def begin_as(source: str, text: str) -> str:
    """Begin a translation with a capital where its source does.

    A rendering that a machine has put first stands as the term base lists it, "opening ceremony".
    A first word that the source has, too, stays (eBay), and so does one with a capital inside.
    """
    ours, theirs = _FIRST_WORD.match(source), _FIRST_WORD.match(text)
    if ours is None or theirs is None or not ours["word"][0].isupper():
        return text
    word, at = theirs["word"], theirs.start("word")
    if (
        not word[0].islower()
        or word != word.lower()
        or re.search(rf"\b{re.escape(word)}\b", source)
    ):
        return text
    return text[:at] + word[0].upper() + text[at + 1 :]


def correct_typography(text: str, language: str) -> str:
    """Set right what is safely wrong for the language; leave the rest for a person to see.

    Idempotent. Addresses, handles and what is inside numbers never change. By language:

    - fr: U+202F before ; ! ?, U+00A0 before : and %, « » with U+00A0 inside for straight and
      curly double quotes, the straight apostrophe (as the agency's French copy and term base),
      l' before an acronym that begins with a vowel.
    - es: opening ¿ ¡ where the whole sentence is plainly the question, “ ” for straight quotes.
    - zh: full-width marks next to Han characters, “ ” for straight quotes, …… and no space
      between Han characters, but for one between two clauses of five characters or more: it is
      the comma of a headline.
    - ru: « » for straight and curly quotes, an em dash for a spaced hyphen or dash unless
      it joins names or numbers (АСЕАН - Китай).
    - en: only misplaced spaces, those inside “ ” too (the agency's English copy keeps straight
      quotes).

    An unknown language gets its text back unchanged.
    """
    rule = _RULES.get(language)
    if rule is None or not text.strip() or _PRIVATE.search(text):
        return text
    current = text
    for _ in range(_ROUNDS):
        corrected = _shielded(current, rule)
        if corrected == current:
            return current
        current = corrected
    # No stable form: the text is too broken to be sure of anything.
    return text


def _shielded(text: str, rule: Callable[[str], str]) -> str:
    """Apply a rule to the text with addresses and numbers out of its reach."""
    kept: dict[str, str] = {}

    def keep(origin: int) -> Callable[[re.Match[str]], str]:
        def place(match: re.Match[str]) -> str:
            index = sum(1 for key in kept if origin <= ord(key) < origin + _PLACES)
            if index >= _PLACES:
                return match.group()
            key = chr(origin + index)
            kept[key] = match.group()
            return key

        return place

    shielded = _ADDRESS.sub(keep(_ADDRESSES_FROM), text)
    shielded = _NUMBER.sub(keep(_NUMBERS_FROM), shielded)
    return _PRIVATE.sub(lambda match: kept.get(match.group(), match.group()), rule(shielded))


def _tidy_spaces(text: str, marks: str) -> str:
    """Fold doubled spaces; none before ``marks`` and closing brackets, none after opening ones."""
    text = re.sub("(?<=\\S) {2,}(?=\\S)", " ", text)
    # "3 : 1" is a score, ". . ." an ellipsis
    text = re.sub(
        rf"(?<=[\w)\]”»%\ue000-\uefff]){_SPACE}+(?!: ?[\ue800-\uefff])(?!\. \.)"
        rf"(?=[{marks}](?:[\s”»\")\]]|$))",
        "",
        text,
    )
    text = re.sub(
        r"(?<=[(\[]) +(?=\S)|(?<=[\w.%”»\ue000-\uefff]) +(?=[)\]](?:[\s.,;:!?]|$))", "", text
    )
    return text


def _close_quotes(text: str) -> str:
    """No space inside “ ”: a machine that was given the words inside leaves one."""
    return re.sub(r"“ +(?=\S)(?!”)|(?<=[^\s“]) +(?=”)", lambda m: m.group().strip(), text)


def _requote(text: str, opening: str, closing: str, *, straight: str = '"') -> str:
    """Turn each quote of ``straight`` into an opening or a closing one by what stands around it.

    If the role of any of them is in doubt, all stay as they are.
    """
    result = list(text)
    depth = 0
    for place, char in enumerate(text):
        if char not in straight:
            continue
        before = text[place - 1] if place else " "
        after = text[place + 1] if place + 1 < len(text) else " "
        can_open = (before.isspace() or before in "([{—–-/«“'’") and not after.isspace()
        can_close = not before.isspace() and (after.isspace() or not after.isalnum())
        if after in ".,;:!?" or (can_open and can_close):
            can_open = can_open and not can_close
        if can_open == can_close:
            return text
        if can_close and not depth and "\ue800" <= before <= "\uefff":  # 15": inches
            return text
        depth += 1 if can_open else -1
        if not -1 <= depth <= 1:
            return text
        result[place] = opening if can_open else closing
    return "".join(result)


def _outer_curly(text: str, opening: str, closing: str) -> str:
    """Turn “ ” into guillemets, unless they already stand inside some."""
    result: list[str] = []
    depth = 0
    for char in text:
        if char == "«":
            depth += 1
        elif char == "»":
            depth = max(0, depth - 1)
        if depth == 0 and char in "“”":
            char = opening if char == "“" else closing
            # what these now enclose is not nested: both ends are turned alike
            result.append(char)
            continue
        result.append(char)
    return "".join(result)


def _french(text: str) -> str:
    text = _tidy_spaces(text, ".,")
    text = re.sub(r"(?<=[^\W\d_])[’ʼ](?=[^\W\d_])", "'", text)
    text = re.sub(r"(?<!\w)([Ll])[ae] (?=[AEIOU][A-Z]+\b)", r"\1'", text)  # l'ASEAN, l'ONU
    text = _requote(text, "«", "»")
    text = _outer_curly(text, "«", "»")
    text = re.sub(rf"«{_SPACE}*(?=\S)", f"«{NBSP}", text)
    text = re.sub(rf"(?<=\S){_SPACE}*»", f"{NBSP}»", text)
    solid = rf"(?<=[^\s!?;:¿¡(\[«{_IS_ADDRESS}])"
    # "Yahoo! annonce": a mark that a small letter follows may belong to a name
    text = re.sub(
        rf"{solid}(?:{_SPACE}*(;)|{_SPACE}+([!?])|([!?])(?! [^\W\d_A-ZÀ-Þ]))(?=[\s!?.…»”\")\]]|$)",
        lambda m: NARROW + (m[1] or m[2] or m[3]),
        text,
    )
    text = re.sub(rf"(?<=[^\s!?;:¿¡(\[«]){_SPACE}*:(?=[\s«“\"]|$)", f"{NBSP}:", text)
    # after an address only an existing space is set right: a mark may be part of the address
    text = re.sub(rf"(?<=[{_IS_ADDRESS}]){_SPACE}+([;!?])(?=\s|$)", rf"{NARROW}\1", text)
    return re.sub(rf"(?<=[\ue800-\uefff]){_SPACE}+(?=%)", NBSP, text)


_QUESTION_WORD = (
    r"(?:(?:a|al|con|contra|de|del|desde|en|entre|hacia|hasta|para|por|según|sobre|y|pero|o)\s+)*"
    r"(?:qué|quién|quiénes|cómo|cuándo|dónde|adónde|cuál|cuáles|cuánto|cuánta|cuántos|cuántas|acaso)"
)
_QUESTION_START = re.compile(rf"{_QUESTION_WORD}\b", re.IGNORECASE)
_SPANISH_SENTENCE = re.compile(
    r"(?:^|(?<=[.!?…]\s)|(?<=[.!?…][”»\"]\s))[^.!?…\n]*[!?]+(?!\w)", re.M
)


def _spanish_marks(match: re.Match[str]) -> str:
    sentence = match.group()
    mark = sentence.rstrip("!?")
    ending = sentence[len(mark) :]
    if ending not in {"?", "!"} or "¿" in sentence or "¡" in sentence:
        return sentence
    opening = "¿" if ending == "?" else "¡"
    head = re.match(r"[\s\"“«‘(\[—–-]*", mark)
    start = head.end() if head else 0
    body = mark[start:]
    rest = match.string[match.end() :].lstrip('”»")]')
    if re.match(r"\s+[^\W\d_A-ZÁÉÍÓÚÑ]", rest) or (rest.strip() and " " not in body):
        return sentence  # Yahoo! and Go! are names
    if match.start() and body[:1].islower():
        return sentence  # the mark before it did not end a sentence
    if not body or not body[0].isalpha() or re.search('["“”«»()]', body):
        return sentence
    breaks = [m.end() for m in re.finditer(r"[,:;]\s+", body)]
    if breaks:
        # "Si no firma, ¿qué hará?": only where a question word shows where the question begins
        if _QUESTION_START.match(body):
            place = start
        elif ending == "?" and _QUESTION_START.match(body[breaks[-1] :]):
            place = start + breaks[-1]
        else:
            return sentence
    else:
        place = start
    return mark[:place] + opening + mark[place:] + ending


def _spanish(text: str) -> str:
    text = _tidy_spaces(text, ".,;:!?")
    text = re.sub(r"([¿¡]) +(?=\S)", r"\1", text)
    text = _close_quotes(_requote(text, "“", "”"))
    return _SPANISH_SENTENCE.sub(_spanish_marks, text)


_WIDE = str.maketrans(",;:?!", "，；：？！")
_CORNER_QUOTES = str.maketrans("「」『』", "“”‘’")
_WIDE_MARKS = "，。：；？！、（）“”‘’《》…"
_ABBREVIATION_END = re.compile(r"(?:\b(?:Inc|Ltd|Co|Corp|Jr|Sr|Dr|Mr|Mrs|No|St)|\.[A-Za-z])$")


def _chinese(text: str) -> str:
    if not _HAN_CHAR.search(text):
        return text
    text = text.translate(_CORNER_QUOTES)
    text = _requote_chinese(text)
    text = re.sub(
        rf"(?<=[{_HAN}”’）》]) *(?:\.{{3,}}|…+) *|(?:\.{{3,}}|…+)(?=[{_HAN}])", "……", text
    )
    text = re.sub(
        rf"(?<=[{_HAN}”’）》]) *([,;:?!]) *|(?<=[\w%\ue000-\uefff]) *([,;:?!]) *(?=[{_HAN}“《（])",
        lambda m: (m.group(1) or m.group(2)).translate(_WIDE),
        text,
    )
    text = _wide_brackets(text)
    text = re.sub(rf"(?<=[{_HAN}）》]) *\.(?=[”’）]|\s|$|[{_HAN}])", "。", text)
    text = _last_stop(text)
    text = _HAN_SPACE.sub(_without_space, text)
    return re.sub(r" +(?=[，。：；？！、）》])|(?<=[，。：；？！、（）《》]) +", "", text)


_HAN_SPACE = re.compile(rf"(?<=[{_HAN}{_WIDE_MARKS}])[ \u3000]+(?=[{_HAN}{_WIDE_MARKS}])")
_CLAUSE_BEFORE, _CLAUSE_AFTER = re.compile(rf"[{_HAN}]{{5}}$"), re.compile(rf"[{_HAN}]{{5}}")


def _without_space(match: re.Match[str]) -> str:
    """A space between two clauses is the comma of a Chinese headline and stays."""
    before = _CLAUSE_BEFORE.search(match.string, 0, match.start())
    return match.group() if before and _CLAUSE_AFTER.match(match.string, match.end()) else ""


def _requote_chinese(text: str) -> str:
    if text.count('"') % 2:
        return text
    if re.search('[\ue800-\uefff]"', text):
        return text  # inches
    pieces = text.split('"')
    result = pieces[0]
    for index, piece in enumerate(pieces[1:], 1):
        result += ("“" if index % 2 else "”") + piece
    inside = pieces[1::2]
    near = any(_HAN_CHAR.search(piece) for piece in inside) or re.search(
        rf'[{_HAN}]\s*"|"\s*[{_HAN}]', text
    )
    return result if near else text


def _wide_brackets(text: str) -> str:
    def widen(match: re.Match[str]) -> str:
        before = text[: match.start()].rstrip()[-1:]
        if _HAN_CHAR.search(match.group(1)) or _HAN_CHAR.match(before) or before in {"”", "》"}:
            return f"（{match.group(1).strip()}）"
        return match.group()

    text = re.sub(r"\(([^()（）\n]*)\)", widen, text)
    return re.sub(rf"(?<=[{_HAN}”》]) +(?=（)|(?<=）) +(?=[{_HAN}])", "", text)


def _last_stop(text: str) -> str:
    match = re.search(r"\.([”’）\"]?\s*)$", text)
    if not match or text[: match.start()].endswith((".", "…")):
        return text
    before = text[: match.start()]
    if _ABBREVIATION_END.search(before) or not before[-1:].strip():
        return text
    return f"{before}。{match.group(1)}"


_SPACED_DASH = re.compile(r"(?P<left>\S+) (?:--?|–)(?= (?P<right>\S+))")
_NAME_OR_NUMBER = re.compile(r"[«(„“]?[A-ZА-ЯЁ0-9\ue800-\uefff]")


_PARTICLE = re.compile(r"(?:то|либо|нибудь|таки|ка|за|под)(?!\w)")
_FIRST_PART = re.compile(
    r"(?:премьер|вице|экс|контр|генерал|пресс|веб|онлайн|интернет|мини|медиа|бизнес|кое|по|из"
    r"|северо|юго|южно|социально|торгово|военно|научно|культурно)",
    re.IGNORECASE,
)


def _russian_dash(match: re.Match[str]) -> str:
    """Between names and numbers the hyphen stays: «АСЕАН - Китай», «12 - 15 ноября»."""
    left, right = match["left"], match["right"]
    if "\ue800" <= right[0] <= "\uefff":
        return match.group()  # a minus
    if "-" in match.group() and (_PARTICLE.match(right) or _FIRST_PART.fullmatch(left)):
        return match.group()  # a hyphen with stray spaces: «из - за», «премьер - министр»
    if _NAME_OR_NUMBER.match(left) and _NAME_OR_NUMBER.match(right):
        return match.group()
    return f"{left} —"


def _russian(text: str) -> str:
    text = _tidy_spaces(text, ".,;:!?")
    text = _requote(text, "«", "»")
    text = re.sub(r"„([^„“”«»]*)[“”]", r"“\1”", text) if "«" not in text else text
    text = _outer_curly(text, "«", "»")
    text = re.sub(r"« +(?=\S)", "«", text)
    text = re.sub(r"(?<=\S) +»", "»", text)
    text = _SPACED_DASH.sub(_russian_dash, text)
    return re.sub(r"(?<=[^\s]) —(?=[^\s])|(?<=[^\s])— (?=[^\s])", " — ", text)


def _english(text: str) -> str:
    return _close_quotes(_tidy_spaces(text, ".,;:!?"))


_RULES: dict[str, Callable[[str], str]] = {
    "en": _english,
    "fr": _french,
    "es": _spanish,
    "zh": _chinese,
    "ru": _russian,
}
