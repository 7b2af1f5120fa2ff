"""Reading the TOML configuration of a step, with clear errors."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any


class SettingsError(ValueError):
    """The configuration is missing something or holds a value that cannot be used."""


def read(path: Path) -> dict[str, Any]:
    """Return the tables of the TOML file at ``path``.

    Raises:
        SettingsError: the file is missing or is not TOML; the message names it.
    """
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise SettingsError(f"no configuration at {path}") from None
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{path} is not valid TOML: {error}") from None


def need(table: dict[str, Any], key: str, kind: type, where: str) -> Any:
    """Return ``table[key]``, checked to be of ``kind``.

    Raises:
        SettingsError: the key is missing or of another type; ``where`` names the table.
    """
    if key not in table:
        raise SettingsError(f"[{where}] lacks '{key}'")
    value = table[key]
    if kind is float and isinstance(value, int) and not isinstance(value, bool):
        value = float(value)
    if not isinstance(value, kind):
        raise SettingsError(f"[{where}] '{key}' should be {kind.__name__}, is {value!r}")
    return value
