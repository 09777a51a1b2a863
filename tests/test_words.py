"""The catalogue is whole: every word that the code shows has its Vietnamese, and says it rightly."""

import ast
import re
import unicodedata
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parent.parent
PO = ROOT / "resources" / "translations" / "vi" / "LC_MESSAGES" / "so_nhiem_vu.po"
KEYWORDS = {"_": None, "N_": None, "gettext": None, "ngettext": (1, 2)}
METHODS = [("**.py", "python")]

#: Never on a screen: an official does not know these words, or reads blame in them.
FORBIDDEN = ("đồng bộ", "xung đột", "máy chủ", "token", "lỗi hệ thống")


def extracted():
    found = set()
    for top in ("app", "ui", "sync"):
        options = {"**.py": {"encoding": "utf-8"}}
        for _, _, message, _, _ in extract_from_dir(str(ROOT / top), METHODS, options, keywords=KEYWORDS):
            found.add(message)
    return found - {""}


@pytest.fixture(scope="module")
def catalogue():
    with PO.open("rb") as file:
        return read_po(file, locale="vi")


def entries(catalogue):
    for message in catalogue:
        if message.id:
            strings = message.string if isinstance(message.string, tuple | list) else [message.string]
            ids = message.id if isinstance(message.id, tuple | list) else [message.id]
            yield message, list(ids), [s or "" for s in strings]


def test_every_word_of_the_code_stands_in_the_catalogue(catalogue):
    wanted = extracted()
    assert len(wanted) > 50
    held = {tuple(m.id) if isinstance(m.id, list | tuple) else m.id for m in catalogue if m.id}
    assert sorted(map(str, wanted - held)) == []
    assert sorted(map(str, held - wanted)) == [], "no longer in the code"


def test_no_words_hide_inside_a_string_that_is_filled_in():
    found = []
    for path in (path for top in ("app", "ui", "sync") for path in (ROOT / top).rglob("*.py")):
        for filled in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(filled, ast.FormattedValue):
                found += [
                    f"{path.name}:{call.lineno}"
                    for call in ast.walk(filled.value)
                    if isinstance(call, ast.Call)
                    and isinstance(call.func, ast.Name)
                    and call.func.id in KEYWORDS
                    and isinstance(call.args[0], ast.Constant)
                ]
    assert found == [], "what gathers the words does not see them there"


def test_every_entry_is_translated_and_none_is_a_guess(catalogue):
    assert [ids[0] for _, ids, strings in entries(catalogue) if not all(s.strip() for s in strings)] == []
    assert [ids[0] for message, ids, _ in entries(catalogue) if message.fuzzy] == []


def test_vietnamese_is_composed(catalogue):
    assert [
        s for _, _, strings in entries(catalogue) for s in strings if not unicodedata.is_normalized("NFC", s)
    ] == []


def fields(text):
    return sorted(re.findall(r"\{[^{}]*\}|%(?:\(\w+\))?[sdn1-9]", text))


def test_placeholders_are_the_same(catalogue):
    wrong = []
    for _, ids, strings in entries(catalogue):
        # a count may be left out of the singular, in English
        allowed = [set(fields(text)) for text in ids]
        wrong += [ids[0] for s in strings if s and set(fields(s)) not in allowed]
    assert wrong == []


def test_spaces_and_line_ends_at_the_edges_are_kept(catalogue):
    def edges(text):
        return text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]

    assert [
        ids[0] for _, ids, strings in entries(catalogue) for s in strings if edges(s) != edges(ids[0])
    ] == []


@pytest.mark.parametrize("word", FORBIDDEN)
def test_words_that_never_stand_on_a_screen(catalogue, word):
    pattern = re.compile(rf"(?<!\w){re.escape(word)}(?!\w)", re.IGNORECASE)
    assert [s for _, _, strings in entries(catalogue) for s in strings if pattern.search(s)] == []
