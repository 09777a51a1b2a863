import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.domain.text import LIMIT, BadText, TextTooLong, clean, fold, same_name_key

TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
VIETNAMESE = st.text(
    "aăâeêioôơuưyđbcdghklmnpqrstvxAĂÂĐÔƠƯ ạảãàáậẫẩấầắằẳẵặệộợựỷỵỹỳý\u0300\u0301\u0303\u0309\u0323"
)


@given(TEXTS)
@example("a\u200b\u0301\r\v\n\uf0b7\u0085")
def test_clean_again_changes_nothing(text):
    assert clean(clean(text)) == clean(text)


@given(TEXTS)
def test_what_is_kept_is_nfc_without_controls(text):
    kept = clean(text)
    assert unicodedata.is_normalized("NFC", kept)
    assert not [c for c in kept if unicodedata.category(c) == "Cc" and c not in "\n\t"]


@given(VIETNAMESE)
def test_no_letter_is_lost(text):
    assert clean(unicodedata.normalize("NFD", text)) == unicodedata.normalize("NFC", text)


@pytest.mark.parametrize(
    ("pasted", "kept"),
    [
        ("một\r\nhai\rba\vbốn\u2028năm\u2029sáu\fbảy", "một\nhai\nba\nbốn\nnăm\nsáu\nbảy"),
        ("\uf0b7 Đã họp", "- Đã họp"),
        ("\uf0d8Đã họp", "-Đã họp"),
        ("2025\u20112026", "2025-2026"),
        ("kế\u00ad hoạch\u200b số\ufeff 02\x1f", "kế hoạch số 02"),
        ("50\u00a0%", "50 %"),
        ("abc\u202edef", "abcdef"),
        ("a\tb\n", "a\tb\n"),
        ("  giữ  ", "  giữ  "),
        ("👩‍👩‍👧 ☎️", "👩‍👩‍👧 ☎️"),
        ("e\u0302\u0301", "ế"),
    ],
)
def test_what_word_leaves_in_a_paste(pasted, kept):
    assert clean(pasted) == kept


def test_the_limit_is_counted_after_cleaning():
    assert len(clean("e\u0302\u0301" * LIMIT)) == LIMIT
    assert clean("\u200b" * LIMIT + "a" * LIMIT) == "a" * LIMIT
    with pytest.raises(TextTooLong) as told:
        clean("ế" * (LIMIT + 1))
    assert told.value.facts == {"length": LIMIT + 1, "limit": LIMIT}


def test_half_a_character_is_refused():
    with pytest.raises(BadText) as told:
        clean("ab\ud83d")
    assert told.value.facts == {"position": 3}


@given(TEXTS)
@example("İ\u0345ẞ")
def test_folded_again_nothing_changes(text):
    assert fold(fold(text)) == fold(text)


@given(VIETNAMESE)
def test_case_and_form_do_not_matter_to_a_search(text):
    assert fold(text) == fold(text.upper()) == fold(unicodedata.normalize("NFD", text))


def test_a_search_finds_either_spelling():
    assert fold("Đề án  Hoà Bình") == fold("đề án hòa bình") == "de an hoa binh"
    assert fold("Uỷ ban") == fold("ủy ban") == fold("UY BAN")


def test_names_keep_their_tones_wherever_they_stand():
    assert same_name_key("Xã Hòa Sơn") == same_name_key("xã  Hoà Sơn")
    assert same_name_key("Ủy ban") == same_name_key("Uỷ ban")
    assert same_name_key("Hòa") != same_name_key("Hóa") != same_name_key("Hoa")
    assert same_name_key("Đô") != same_name_key("Do")
    assert same_name_key("Hòa án") != same_name_key("Hoa àn")
