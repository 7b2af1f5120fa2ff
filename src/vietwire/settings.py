"""Settings: one frozen value, read once from the environment and an optional ``vietwire.toml``."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from vietwire.story import TARGET_LANGUAGES, VietwireError, check_language

#: The folders that make a project folder. A missing one is a clear error, not a surprise later.
PROJECT_FOLDERS = ("flows", "models", "glossary", "outputs")
FILE_NAME = "vietwire.toml"


class SettingsError(VietwireError):
    """A setting that cannot be used; names the setting and where it came from."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything an operator can choose. Paths are absolute.

    Each field but ``home`` can be set as ``VIETWIRE_<FIELD>`` in the environment or as ``field =``
    in ``vietwire.toml`` in the project folder; the environment wins. Lists are comma separated in
    the environment.
    """

    home: Path
    #: SQLAlchemy URL of the desk's store; empty means SQLite at ``outputs/vietwire.sqlite3``.
    database_url: str = ""
    #: Where the program writes, where stories arrive, and the three edited folders.
    outputs: Path = Path("outputs")
    inbox: Path = Path("outputs/inbox")
    glossary: Path = Path("glossary")
    models: Path = Path("models")
    flows: Path = Path("flows")
    samples: Path = Path("samples")
    #: Registry name of the engine that translates.
    engine: str = "embedded"
    languages: tuple[str, ...] = TARGET_LANGUAGES
    #: RSS/Atom feeds to read at each overnight run.
    feeds: tuple[str, ...] = ()
    #: Stories longer than this many characters are refused as over-long.
    max_story_chars: int = 60_000
    #: Segments handed to the engine at once, and its beam width (0 = the one that suits the engine)
    #: and CPU threads (0 = all cores).
    batch_size: int = 32
    beam_size: int = 0
    threads: int = 0
    #: Attempts to make a failed segment obey its terms, after the first.
    term_retries: int = 2
    #: Non-commercial licences the operator has acknowledged, e.g. "CC-BY-NC-4.0".
    accept_licences: tuple[str, ...] = ()
    #: The desk.
    desk_host: str = "127.0.0.1"
    desk_port: int = 8330
    prefect_port: int = 4200
    session_hours: int = 12
    #: Set when the desk is served over HTTPS: cookies are then marked Secure.
    https: bool = False

    @property
    def resolved_database_url(self) -> str:
        """The store's URL, with the SQLite default filled in."""
        if self.database_url:
            return self.database_url
        return f"sqlite:///{self.outputs / 'vietwire.sqlite3'}"

    @classmethod
    def load(cls, home: Path | None = None, environ: Mapping[str, str] | None = None) -> Settings:
        """Read the settings of a project folder.

        ``home`` is the project folder; without it ``VIETWIRE_HOME``, else the current folder.

        :raises SettingsError: for a missing folder, an unknown name or a value of the wrong type.
        """
        environ = os.environ if environ is None else environ
        root = (home or Path(environ.get("VIETWIRE_HOME") or ".")).resolve()
        missing = [name for name in PROJECT_FOLDERS if not (root / name).is_dir()]
        if missing:
            raise SettingsError(
                f"{root} is not a vietwire project folder: it has no {', '.join(missing)}/. "
                "Run from the checkout, or set VIETWIRE_HOME to it."
            )
        known = {f.name: f for f in fields(cls) if f.name != "home"}
        values: dict[str, Any] = {}
        file = root / FILE_NAME
        if file.is_file():
            try:
                table = tomllib.loads(file.read_text(encoding="utf-8"))
            except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
                raise SettingsError(f"{file}: {error}") from error
            for name, value in table.items():
                if name not in known:
                    raise SettingsError(f"{file}: unknown setting {name!r}")
                values[name] = _convert(name, value, getattr(_DEFAULTS, name), str(file))
        for name in known:
            variable = f"VIETWIRE_{name.upper()}"
            if environ.get(variable):
                values[name] = _convert(name, environ[variable], getattr(_DEFAULTS, name), variable)
        settings = cls(home=root, **values)
        paths = {
            f.name: (root / getattr(settings, f.name)).resolve()
            for f in known.values()
            if isinstance(getattr(settings, f.name), Path)
        }
        for code in settings.languages:
            check_language(code)
        return replace(settings, **paths)


def _convert(name: str, value: object, default: object, origin: str) -> Any:
    """Bring a TOML or environment value to the type of the field's default."""
    try:
        if isinstance(default, bool):
            if isinstance(value, bool):
                return value
            return {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}[
                str(value).lower()
            ]
        if isinstance(default, int):
            return int(str(value))
        if isinstance(default, tuple):
            parts = value.split(",") if isinstance(value, str) else value
            return tuple(str(part).strip() for part in parts if str(part).strip())  # type: ignore[attr-defined]
        if isinstance(default, Path):
            return Path(str(value))
        return str(value)
    except (ValueError, KeyError, TypeError) as error:
        raise SettingsError(f"{origin}: {name} cannot be {value!r}") from error


_DEFAULTS = Settings(home=Path())
