"""The tree is what the contracts think it is: import-linter does not check a module that no layer names."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
CODE = ("app", "ui", "sync", "resources")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))

#: Modules that may be long, and why.
LONG: dict[str, str] = {}


def sources(*tops: str) -> list[Path]:
    return sorted(
        file for top in tops for file in (ROOT / top).rglob("*.py") if "__pycache__" not in file.parts
    )


def relative(file: Path) -> str:
    return file.relative_to(ROOT).as_posix()


def named_in_contracts() -> set[str]:
    contracts = PROJECT["tool"]["importlinter"]["contracts"]
    layers = next(c["layers"] for c in contracts if c["type"] == "layers")
    named = {name.strip() for layer in layers for name in re.split(r"[|:]", layer)}
    server = next(c for c in contracts if c["name"] == "The server does not see the device")
    return named | set(server["source_modules"])


def dotted(file: Path) -> str:
    parts = file.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def test_every_module_is_named_by_a_layer():
    named = named_in_contracts()
    inner = {name.rpartition(".")[0] for name in named}  # "app" itself: only an empty __init__.py
    orphans = [
        name
        for name in map(dotted, sources(*CODE))
        if name not in inner and not any(name == known or name.startswith(known + ".") for known in named)
    ]
    assert orphans == []


def test_every_named_layer_is_there():
    there = {dotted(file) for file in sources(*CODE)}
    assert sorted(named_in_contracts() - there) == []


def test_every_folder_of_code_is_a_package():
    folders = {file.parent for file in sources("app", "ui", "sync")}
    assert [relative(folder) for folder in sorted(folders) if not (folder / "__init__.py").exists()] == []


def test_package_files_are_empty():
    inits = [file for file in sources(*CODE, "installer") if file.name == "__init__.py"]
    assert [relative(f) for f in inits if f.read_bytes().strip()] == ["resources/__init__.py"]


def test_no_module_is_long_without_a_reason():
    long = {
        relative(file)
        for file in sources(*CODE, "installer")
        if file.read_text(encoding="utf-8").count("\n") > 400
    }
    assert long == set(LONG), "split it, or write down here why it is one thing"
    assert all(LONG.values())


@pytest.mark.parametrize(
    "contract",
    ["Arrows go one way", "The server does not see the device", "Only ui knows Qt"],
)
def test_the_contracts_stand(contract):
    assert contract in {c["name"] for c in PROJECT["tool"]["importlinter"]["contracts"]}


def test_the_top_level_is_fixed():
    ours = {"app", "ui", "resources", "sync", "tests", "installer"}
    built = {"build", "demo-out"}
    folders = {p.name for p in ROOT.iterdir() if p.is_dir() and not p.name.startswith((".", "__"))}
    assert {name for name in folders if not name.endswith(".egg-info")} - built == ours


# Written with a mark inside, so that this file does not hold what it looks for.
_MARKED = (
    "py~pi.org",
    "python~hosted",
    "registry.~npm",
    "deb.~debian.org",
    "/ro~ot/",
    "/ho~me/",
    "/wo~rk/",
    "C:~\\Users",
)


def test_no_registry_and_no_path_of_a_machine_is_named():
    texts = [
        *sources(*CODE, "installer", "tests"),
        ROOT / "pyproject.toml",
        ROOT / ".ci" / "run",
        *ROOT.glob("*.md"),
    ]
    texts += [ROOT / "installer" / "requirements.lock", *(ROOT / "resources").rglob("*.po")]
    found = [
        f"{relative(file)}: {word}"
        for file in texts
        for word in (marked.replace("~", "") for marked in _MARKED)
        if word in file.read_text(encoding="utf-8")
    ]
    assert found == []
