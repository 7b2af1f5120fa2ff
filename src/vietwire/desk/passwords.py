"""Passwords: argon2id, with the library's own parameters, and nothing kept but the hash."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from vietwire.story import VietwireError

if TYPE_CHECKING:
    from argon2 import PasswordHasher

#: Characters; length is what makes a password hard to guess, so nothing else is asked for.
SHORTEST = 10
LONGEST = 256


class WeakPassword(VietwireError):
    """A password that is too short, too long, or the person's own name."""


@cache
def _hasher() -> PasswordHasher:
    from argon2 import PasswordHasher

    return PasswordHasher()


@cache
def _nobody() -> str:
    """A hash that no password fits, to spend the same time on a name that does not exist."""
    import secrets

    return _hasher().hash(secrets.token_hex(32))


def hash_password(password: str, *, name: str = "") -> str:
    """The argon2id hash to store.

    :raises WeakPassword: for fewer than ``SHORTEST`` or more than ``LONGEST`` characters, or a
        password that is the person's ``name`` over again.
    """
    if len(password) < SHORTEST:
        raise WeakPassword(f"the password is too short: at least {SHORTEST} characters")
    if len(password) > LONGEST:
        raise WeakPassword(f"the password is too long: at most {LONGEST} characters")
    if name and password.casefold().replace(name.casefold(), "") == "":
        raise WeakPassword("the password is only the sign-in name: choose another")
    return _hasher().hash(password)


def verify_password(stored: str | None, password: str) -> bool:
    """Whether ``password`` fits ``stored``. With None it takes as long and answers False."""
    from argon2.exceptions import InvalidHashError, VerificationError

    try:
        fits = _hasher().verify(stored or _nobody(), password[: LONGEST + 1])
    except (VerificationError, InvalidHashError):
        return False
    return bool(fits) and stored is not None


def needs_rehash(stored: str) -> bool:
    """Whether ``stored`` was made with weaker parameters than today's."""
    return _hasher().check_needs_rehash(stored)
