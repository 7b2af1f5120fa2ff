"""The direction of imports, and the promise that commands start without the heavy libraries."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "vietwire"

#: Each layer may import only from the layers below it (and from its own module).
LAYERS: list[set[str]] = [
    {"cli", "desk", "up", "doctor", "evaluation", "__main__"},
    {"newsroom", "batch", "prefect_child"},
    {"translation", "review", "release", "reports", "processes"},
    {"intake", "engines", "store", "proofing", "placeables", "grammar"},
    {"termbase", "checks"},
    {"text"},
    {"settings"},
    {"story"},
]
LEVEL = {name: level for level, layer in enumerate(LAYERS) for name in layer}
#: Only the named module may import the named libraries.
OWNED = {
    "torch": {"engines"},
    "transformers": {"engines"},
    "ctranslate2": {"engines"},
    "sentencepiece": {"engines"},
    "sqlalchemy": {"store"},
    "alembic": {"store"},
    "flask": {"desk"},
    "flask_wtf": {"desk"},
    "flask_babel": {"desk"},
    "waitress": {"desk"},
    "prefect": set(),
}
#: Modules of the same layer that may be imported sideways, and the one who may.
SIDEWAYS = {
    ("batch", "newsroom"), ("cli", "up"), ("cli", "doctor"), ("cli", "evaluation"),
    ("cli", "desk"), ("__main__", "cli"), ("reports", "translation"),
    ("grammar", "placeables"),
}  # fmt: skip


def modules() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def owner(path: Path) -> str:
    """The top-level module a file belongs to."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def runtime_imports(path: Path) -> list[tuple[int, str]]:
    """(line, dotted name) of every import that runs, so not those under TYPE_CHECKING."""
    found: list[tuple[int, str]] = []

    def visit(node: ast.AST) -> None:
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test):
            for child in node.orelse:
                visit(child)
            return
        if isinstance(node, ast.Import):
            found.extend((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: relative import"
            if node.module == "vietwire":
                found.extend((node.lineno, f"vietwire.{alias.name}") for alias in node.names)
            else:
                found.append((node.lineno, node.module or ""))
        for child in ast.iter_child_nodes(node):
            visit(child)

    visit(ast.parse(path.read_text(encoding="utf-8")))
    return found


@pytest.mark.parametrize("path", modules(), ids=lambda p: str(p.relative_to(PACKAGE)))
def test_imports_go_downwards_only(path: Path) -> None:
    here = owner(path)
    if here == "__init__":
        assert not [name for _, name in runtime_imports(path) if name.startswith("vietwire.")]
        return
    assert here in LEVEL, f"{path}: say in LAYERS where {here} belongs"
    for line, name in runtime_imports(path):
        parts = name.split(".")
        if parts[0] == "vietwire" and len(parts) > 1 and parts[1] in LEVEL:
            there = parts[1]
            allowed = there == here or LEVEL[there] > LEVEL[here] or (here, there) in SIDEWAYS
            assert allowed, f"{path}:{line}: {here} may not import {there}"
        elif parts[0] in OWNED:
            assert here in OWNED[parts[0]], f"{path}:{line}: only {OWNED[parts[0]]} import {name}"


def test_flows_import_vietwire_and_never_each_other() -> None:
    scripts = sorted((ROOT / "flows").glob("*.py"))
    assert scripts
    names = {path.stem for path in scripts}
    for path in scripts:
        for line, name in runtime_imports(path):
            assert name.split(".")[0] not in names, f"{path}:{line} imports another flow"
    assert not any((PACKAGE / f"{name}.py").exists() for name in names)


def loaded_after(code: str) -> set[str]:
    """Names of top-level packages in ``sys.modules`` after running code in a fresh interpreter."""
    done = subprocess.run(
        [sys.executable, "-c", f"{code}\nimport sys\nprint(' '.join(m for m in sys.modules))"],
        capture_output=True, text=True, check=True, cwd=ROOT,
    )  # fmt: skip
    return {name.split(".")[0] for name in done.stdout.splitlines()[-1].split()}


@pytest.mark.parametrize(
    "code",
    [
        "from vietwire.cli import app\nfrom typer.testing import CliRunner\n"
        "assert CliRunner().invoke(app, ['--help']).exit_code == 0",
        "import vietwire.desk",
        "import vietwire.newsroom, vietwire.batch, vietwire.translation",
    ],
    ids=["cli", "desk", "pipeline"],
)
def test_nothing_heavy_is_loaded_before_it_is_needed(code: str) -> None:
    heavy = {"torch", "transformers", "prefect", "ctranslate2", "pymorphy3", "sacrebleu"}
    assert not loaded_after(code) & heavy


def test_no_module_is_longer_than_it_can_be_read() -> None:
    long = {
        str(path.relative_to(PACKAGE)): count
        for path in modules()
        if (count := len(path.read_text(encoding="utf-8").splitlines())) > 600
    }
    assert not long
