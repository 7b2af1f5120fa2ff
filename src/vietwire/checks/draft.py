"""What shows only in a draft as a whole."""

from __future__ import annotations

from collections.abc import Sequence

from vietwire.checks.content import doubled
from vietwire.story import LANGUAGE_NAMES, Finding, Severity, check_language
from vietwire.text import detect_language


def check_draft(pairs: Sequence[tuple[str, str]], language: str) -> tuple[Finding, ...]:
    """Check a whole draft, given as (source, target) by segment.

    Findings about one segment carry its index, those about the whole have ``segment`` None.

    :raises UnknownLanguage: for a language vietwire does not publish in.
    """
    check_language(language)
    findings: list[Finding] = []
    texts = [target for _, target in pairs if target.strip()]
    wanted = [source for source, _ in pairs if any(c.isalnum() for c in source)]
    if wanted and not texts:
        return (
            Finding(
                Severity.BLOCK,
                "empty",
                "The draft has no translation at all.",
                "Send it back to the machine.",
            ),
        )
    guess = detect_language(" ".join(texts))
    if guess is not None and guess.certain and guess.language != language:
        read = LANGUAGE_NAMES.get(guess.language, guess.language)
        findings.append(
            Finding(
                Severity.BLOCK,
                "language",
                f"As a whole the draft reads as {read}, not {LANGUAGE_NAMES[language]}.",
                "Send it back to the machine.",
            )
        )
    for index in doubled(list(pairs)):
        target = pairs[index][1]
        findings.append(
            Finding(
                Severity.WARN,
                "repetition",
                "This translation also stands under another source segment.",
                "Check which of the two it belongs to, and translate the other.",
                (0, len(target)),
                segment=index,
            )
        )
    return tuple(findings)
