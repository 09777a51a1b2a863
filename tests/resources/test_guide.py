"""What the project says of itself stays true: links, named files and commands, and the settled words."""

import re
import unicodedata
from pathlib import Path

import pytest

from app.cli.parser import Usage, parse
from sync.server.parser import parser

ROOT = Path(__file__).resolve().parents[2]
GUIDE = sorted((ROOT / "resources" / "help" / "vi").glob("*.md"))
TEXTS = [ROOT / "README.md", ROOT / "ARCHITECTURE.md", *GUIDE]

NEVER = ("đồng bộ", "xung đột", "máy chủ", "token", "lỗi hệ thống")
"""Words that officers of a commune were not to meet."""


@pytest.mark.parametrize("text", TEXTS, ids=lambda path: path.name)
def test_links_lead_somewhere(text):
    for target in re.findall(r"\]\(([^)#]+)\)", text.read_text(encoding="utf-8")):
        assert (text.parent / target).exists(), target


def test_the_modules_that_the_architecture_names_are_there():
    named = re.findall(r"`((?:app|ui|sync|resources|installer|tests)/[\w/.]+)`", _read("ARCHITECTURE.md"))
    assert len(named) > 30
    assert [path for path in named if not (ROOT / path).exists()] == []


@pytest.mark.parametrize("page", GUIDE, ids=lambda path: path.name)
def test_the_guide_uses_the_settled_words(page):
    text = page.read_text(encoding="utf-8")
    assert text == unicodedata.normalize("NFC", text)
    assert [word for word in NEVER if word in text.casefold()] == []


def test_every_page_of_the_guide_is_in_its_contents():
    contents = _read("resources/help/vi/muc-luc.md")
    assert [
        page.name for page in GUIDE if page.name != "muc-luc.md" and f"({page.name})" not in contents
    ] == []


@pytest.mark.parametrize("text", TEXTS, ids=lambda path: path.name)
def test_the_commands_that_are_named_are_known(text):
    found = re.findall(r"(so-nhiem-vu(?:-server)?) ([a-z][a-z-]*)", text.read_text(encoding="utf-8"))
    for program, command in found:
        try:
            parser().parse_args([command, "--help"]) if program.endswith("server") else parse(
                [command, "--help"]
            )
        except SystemExit as end:
            assert end.code == 0, f"{program} {command}"  # its help was printed
        except Usage as wrong:
            pytest.fail(f"{program} {command}: {wrong.problem}")


def _read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")
