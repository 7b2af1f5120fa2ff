"""What a placeable is."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Placeable:
    """A phrase of the source, its place there, and its rendering.

    ``forms`` are other ways of writing the same.
    """

    phrase: str
    start: int
    end: int
    rendering: str
    forms: tuple[str, ...] = ()

    @property
    def converted(self) -> bool:
        """Whether the language writes it otherwise than Vietnamese does."""
        return self.rendering != self.phrase
