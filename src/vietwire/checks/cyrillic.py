"""Vietnamese names in Russian letters, by the practical transcription that Russian copy uses.

Syllable by syllable and without tones: Nguyễn Xuân Phúc is Нгуен Суан Фук, Trần Tuấn Anh Чан Туан
Ань. Where usage is divided (ch as ч or т, iê as ие or ье, gi as з or ж) the form that the
agency's Russian service prints most comes first, the others are known too.
"""

from __future__ import annotations

import re
import unicodedata

_ONSETS = {
    "ngh": "нг", "ng": "нг", "nh": "нь", "gh": "г", "gi": "зь", "kh": "кх", "ph": "ф", "qu": "ку",
    "th": "тх", "tr": "ч", "ch": "ч", "b": "б", "c": "к", "d": "з", "đ": "д", "g": "г", "h": "х",
    "k": "к", "l": "л", "m": "м", "n": "н", "p": "п", "r": "р", "s": "ш", "t": "т", "v": "в",
    "x": "с", "": "",
}  # fmt: skip
_VOWELS = {
    "a": "а", "ă": "а", "â": "а", "e": "е", "ê": "е", "i": "и", "y": "и", "o": "о", "ô": "о",
    "ơ": "о", "u": "у", "ư": "ы", "ia": "иа", "iê": "ие", "yê": "ие", "ua": "уа", "uô": "уо",
    "ưa": "ыа", "ươ": "ыо", "oa": "оа", "oă": "оа", "oe": "оэ", "uâ": "уа", "uê": "уэ",
    "uơ": "уо", "uy": "юи", "uyê": "уе", "ai": "ай", "ay": "ай", "ây": "эй", "ao": "ао",
    "au": "ау", "âu": "ау", "eo": "ео", "êu": "еу", "iu": "иу", "iêu": "иеу", "yêu": "иеу",
    "oi": "ой", "ôi": "ой", "ơi": "ой", "ui": "уй", "ưi": "ый", "uôi": "уой", "ươi": "ыой",
    "ưu": "ыу", "ươu": "ыоу", "oai": "оай", "oay": "оай", "uây": "уэй",
}  # fmt: skip
_CODAS = {
    "": "", "c": "к", "ch": "ть", "m": "м", "n": "н", "ng": "нг", "nh": "нь", "p": "п", "t": "т",
}  # fmt: skip
_SYLLABLE = re.compile(
    "(?P<onset>ngh|ng|nh|gh|gi(?=[aăâeêoôơuư])|kh|ph|qu|th|tr|ch|[bcdđghklmnprstvx]|)"
    "(?P<vowel>[aăâeêioôơuưy]+)(?P<coda>ch|nh|ng|[cmnpt]|)"
)
_TONES = re.compile("[\u0300\u0301\u0303\u0309\u0323]")
#: Syllables that custom spells otherwise.
_CUSTOM = {"việt": "вьет", "huệ": "хюэ", "huế": "хюэ", "giáp": "зап"}
#: A soft consonant and its vowel are one letter.
_SOFT = str.maketrans({"а": "я", "у": "ю"})


def transcribe(name: str) -> str:
    """A Vietnamese name in Russian letters; "" where a part of it is no Vietnamese syllable."""
    parts = [_syllable(part) for part in name.split()]
    return " ".join(part.title() for part in parts) if all(parts) else ""


def other_spellings(name: str) -> tuple[str, ...]:
    """How else Russian copy may spell a name, :func:`transcribe`'s own spelling left out."""
    first = transcribe(name)
    swapped = [
        first.replace("ие", "ье"),
        _respelled(name, first, "ch", "Ч", "Т"),
        first.replace("Зя", "Жа"),
        first.replace("юи", "юй"),  # never "уй": with Huy it is a swear word
    ]
    return tuple(dict.fromkeys(form for form in swapped if form and form != first))


#: Letters between which usage wavers are one here, those that come and go are none.
_ROUGH = str.maketrans(
    {
        "я": "а",
        "ю": "у",
        "ж": "з",
        "э": "е",
        "ё": "е",
        "ы": "и",
        "ч": "т",
        "ь": "",
        "й": "",
        "х": "",
    }
)


def stands(part: str, text: str) -> bool:
    """Whether a syllable of a name stands in a Russian text, however spelled, in any case."""
    rough = _roughly(_syllable(part))
    return any(
        word.startswith(rough) and len(word) <= len(rough) + 3
        for word in re.findall("[а-я]+", _roughly(text.lower()))
    )


def _roughly(text: str) -> str:
    return text.translate(_ROUGH).replace("ие", "е")


def _respelled(name: str, spelled: str, onset: str, ours: str, other: str) -> str:
    """A spelling with another letter for one Vietnamese onset, which shares ours with another."""
    return " ".join(
        other + there[1:] if here.lower().startswith(onset) and there[:1] == ours else there
        for here, there in zip(name.split(), spelled.split(), strict=False)
    )


def _syllable(written: str) -> str:
    lower = unicodedata.normalize("NFC", written.lower())
    if lower in _CUSTOM:
        return _CUSTOM[lower]
    toneless = unicodedata.normalize("NFC", _TONES.sub("", unicodedata.normalize("NFD", lower)))
    found = _SYLLABLE.fullmatch(toneless)
    if found is None:
        return ""
    onset, vowel = found["onset"], found["vowel"]
    middle = _VOWELS.get(vowel, "")
    if not middle:
        return ""
    if onset == "qu":
        middle = {"yê": "е", "ê": "э", "e": "э"}.get(vowel, middle)
    elif not onset and middle[0] == "е":
        middle = "э" + middle[1:]
    elif not onset and middle[:2] == "ие":
        middle = "йе" + middle[2:]
    start = _ONSETS[onset]
    if start.endswith("ь"):
        if middle[0] in "ау":
            start, middle = start[:-1], middle[0].translate(_SOFT) + middle[1:]
        elif onset == "gi":
            start = start[:-1]
    return start + middle + _CODAS[found["coda"]]
