"""Which language a text is in, or that it cannot be told."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

_NOT_PROSE = re.compile(r"(?:https?://|www\.)\S+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+|[@#]\w+|[\d_]+")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
#: Letters with two Vietnamese marks, and those no other language of the desk writes.
_VIETNAMESE_LETTER = re.compile("[\u1ea0-\u1ef9ăđơưĂĐƠƯ]")
#: Weaker: also French, Portuguese, Spanish.
_SHARED_LETTER = re.compile("[àáãâèéêìíòóõôùúýÀÁÃÂÈÉÊÌÍÒÓÕÔÙÚÝĩũ]")
_FUNCTION_WORD_LIST = """
    và của là được với các những tại đã này không người về từ đến để một có nhiều năm ngày việt nước
    cũng như sẽ đang trên vào lại phải ở bị bằng đó rất nhất việc cùng giữa trước thì mà khi do vì
    nhưng nếu hay rằng thể họ ông bà hơn còn chỉ mới sau nhằm tổ chức hội nghị quốc gia
"""
_FUNCTION_WORDS = frozenset(_FUNCTION_WORD_LIST.split())
#: An unaccented Vietnamese syllable: onset, nucleus, coda.
_BARE_SYLLABLE = re.compile(
    r"(?:ngh|ng|nh|gh|gi|kh|ph|qu|th|tr|ch|[bcdghklmnpqrstvx])?"
    r"(?:uye|uyu|ieu|yeu|uoi|uou|oai|oay|oeo|uay|[aeiouy]{1,2})"
    r"(?:ng|nh|ch|[cmnpt])?"
)
_SCRIPTS: tuple[tuple[str, str], ...] = (
    ("HANGUL", "ko"),
    ("HIRAGANA", "ja"),
    ("KATAKANA", "ja"),
    ("CJK UNIFIED", "zh"),
    ("CYRILLIC", "ru"),
    ("THAI", "th"),
    ("LAO", "lo"),
    ("KHMER", "km"),
    ("MYANMAR", "my"),
    ("ARABIC", "ar"),
    ("HEBREW", "he"),
    ("DEVANAGARI", "hi"),
    ("GREEK", "el"),
    ("LATIN", "latin"),
)
#: Below this many words or letters a guess from letter statistics is worth nothing.
_FEW_WORDS = 6
_FEW_LETTERS = 30


@dataclass(frozen=True, slots=True)
class LanguageGuess:
    """A language (ISO 639-1), how likely it is (0 to 1), and whether one may act on it."""

    language: str
    probability: float
    certain: bool


@lru_cache(maxsize=8192)
def _script(letter: str) -> str:
    name = unicodedata.name(letter, "")
    return next((code for prefix, code in _SCRIPTS if name.startswith(prefix)), "other")


def detect_language(text: str) -> LanguageGuess | None:
    """Say which language a text is in; None or ``certain=False`` means that it cannot be told.

    Script decides where it can; then the letters and small words of Vietnamese; then langdetect
    (Nakatani's character n-grams), seeded, and only on enough text. Names and addresses prove
    nothing. Vietnamese without its marks is at best an uncertain ``vi``. The same text always
    gets the same answer.
    """
    prose = _NOT_PROSE.sub(" ", unicodedata.normalize("NFC", text))
    counts: dict[str, int] = {}
    for letter in prose:
        if letter.isalpha():
            code = _script(letter)
            counts[code] = counts.get(code, 0) + 1
    total = sum(counts.values())
    if not total:
        return None
    # Chinese and Korean say in one character what Latin letters say in three.
    weights = {
        code: count * (3 if code in {"zh", "ja", "ko"} else 1) for code, count in counts.items()
    }
    whole = sum(weights.values())
    if counts.get("ja", 0) and weights["ja"] + weights.get("zh", 0) > whole * 0.5:
        enough = counts["ja"] >= 2
        return LanguageGuess("ja", 0.99 if enough else 0.6, enough)
    best = max(weights, key=lambda code: weights[code])
    share = weights[best] / whole
    if best == "latin":
        return _latin(prose)
    if best == "other":
        return None
    if best == "ru":
        return _cyrillic(prose, counts["ru"], share)
    enough = counts[best] >= (4 if best in {"zh", "ko"} else 8) and share > 0.5
    return LanguageGuess(best, round(share, 3), enough)


def _latin(prose: str) -> LanguageGuess | None:
    words = _WORD.findall(prose)
    lower = [word.lower() for word in words]
    marked = sum(1 for word in words if _VIETNAMESE_LETTER.search(word))
    shared = sum(
        1 for word in words if _SHARED_LETTER.search(word) and not _VIETNAMESE_LETTER.search(word)
    )
    small = sum(1 for word in lower if word in _FUNCTION_WORDS)
    shouted = all(word.isupper() for word in words)
    in_lower_case = sum(
        1 for word in words if _VIETNAMESE_LETTER.search(word) and (shouted or word[0].islower())
    )
    count = len(words)
    evidence = (marked + shared * 0.5) / count
    if in_lower_case and marked / count >= 0.15 and (small or marked >= 3):
        sure = evidence >= 0.3 and count >= 3 and (small >= 1 or in_lower_case >= 2)
        if sure and (count >= _FEW_WORDS or evidence >= 0.45):
            return LanguageGuess("vi", min(0.999, 0.8 + evidence / 3), True)
    particles = [word for word in lower if word in _FUNCTION_WORDS and not word.isascii()]
    if in_lower_case and len(set(particles)) >= 2 and len(particles) / count >= 0.15:
        # mostly foreign names, held together by Vietnamese
        return LanguageGuess("vi", 0.9, count >= _FEW_WORDS)
    if in_lower_case and count >= 4 and (marked + shared) / count >= 0.6:
        return LanguageGuess("vi", 0.9, True)
    if marked and count < _FEW_WORDS:
        return LanguageGuess("vi", min(0.9, 0.4 + evidence / 2), False)
    letters = sum(len(word) for word in words)
    if count < _FEW_WORDS or letters < _FEW_LETTERS:
        return None
    bare = sum(1 for word in lower if _BARE_SYLLABLE.fullmatch(word))
    if not in_lower_case and not small:
        # Vietnamese letters only in names: judge by the words around them
        rest = [w for w in words if not (_VIETNAMESE_LETTER.search(w) or _SHARED_LETTER.search(w))]
        prose = " ".join(rest) if len(rest) >= _FEW_WORDS else prose
    guess = _langdetect(prose)
    if not marked and bare / count >= 0.85:
        return LanguageGuess("vi", 0.6, False)
    if guess is None:
        return None
    language, probability = guess
    if language == "vi":
        return LanguageGuess("vi", probability, evidence >= 0.2 and small >= 1)
    # too many Vietnamese letters, and it is not certain to be another language
    certain = probability >= 0.95 and marked / count < 0.25
    return LanguageGuess(language, round(probability, 3), certain)


def _cyrillic(prose: str, letters: int, share: float) -> LanguageGuess:
    foreign = re.search("[іїєґўђѓљњћќџјѕ]", prose.lower())
    russian = re.search("[ыэё]", prose.lower())
    if foreign and not russian:
        guess = _langdetect(prose)
        return LanguageGuess(guess[0] if guess else "uk", 0.7, False)
    if russian and letters >= 8:
        return LanguageGuess("ru", round(share, 3), share > 0.5)
    if letters < _FEW_LETTERS:
        return LanguageGuess("ru", 0.6, False)
    guess = _langdetect(prose)
    if guess is None:
        return LanguageGuess("ru", 0.6, False)
    return LanguageGuess(guess[0], round(guess[1], 3), guess[1] >= 0.9 and share > 0.5)


def _langdetect(prose: str) -> tuple[str, float] | None:
    from langdetect import DetectorFactory, LangDetectException, detect_langs

    DetectorFactory.seed = 0
    try:
        # Capitals alone mislead it; it was trained on running text.
        best = detect_langs(prose.lower() if prose.isupper() else prose)[0]
    except (LangDetectException, IndexError):
        return None
    return best.lang.split("-")[0], float(best.prob)
