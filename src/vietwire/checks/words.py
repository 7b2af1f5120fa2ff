"""Word lists written as text."""


def words(listed: str) -> frozenset[str]:
    """The words of a text as a set."""
    return frozenset(listed.split())
