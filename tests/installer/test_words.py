import gettext
import os

import pytest
from PySide6.QtCore import QTranslator

from installer.stale import catalogue, qt_built, qt_source, stale_words
from installer.words import build

PO = """\
msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"

msgid "Save"
msgstr "Lưu"

msgid "&Copy"
msgstr "&Chép"

#, fuzzy
msgid "Guess"
msgstr "Đoán"
"""


@pytest.fixture
def tree(tmp_path):
    catalogue(tmp_path).parent.mkdir(parents=True)
    catalogue(tmp_path).write_text(PO, encoding="utf-8")
    (tmp_path / "ui").mkdir()
    return tmp_path


def test_the_words_reach_gettext_and_qt(tree):
    build(tree, [("QLineEdit", "&Copy"), ("QPlatformTheme", "Save"), ("QDialog", "Guess")])
    with catalogue(tree).with_suffix(".mo").open("rb") as file:
        assert gettext.GNUTranslations(file).gettext("Save") == "Lưu"
    translator = QTranslator()
    assert translator.load(str(qt_built(tree)))
    assert translator.translate("QLineEdit", "&Copy") == "&Chép"
    assert translator.translate("QPlatformTheme", "Save") == "Lưu"
    assert translator.translate("QDialog", "Guess") == "Guess"  # a guess is not shown


def test_building_twice_gives_the_same_bytes(tree):
    words = [("QPlatformTheme", "Save"), ("QLineEdit", "&Copy")]
    first = [file.read_bytes() for file in build(tree, words)]
    assert [file.read_bytes() for file in build(tree, reversed(words))] == first


def test_they_are_built_anew_only_when_something_is_newer(tree):
    assert stale_words(tree)
    build(tree)
    assert not stale_words(tree)
    qt_source(tree).write_text("QT_WORDS = ()\n", encoding="utf-8")
    assert stale_words(tree)
    build(tree, [("QPlatformTheme", "Save")])
    assert not stale_words(tree)
    later = catalogue(tree).with_suffix(".mo").stat().st_mtime + 10
    os.utime(catalogue(tree), (later, later))
    assert stale_words(tree)


def test_a_tree_without_a_catalogue_has_nothing_to_build(tmp_path):
    qt_source(tmp_path).parent.mkdir()
    qt_source(tmp_path).write_text("QT_WORDS = ()\n", encoding="utf-8")
    assert not stale_words(tmp_path)
