import unicodedata

from app.reports.layout import fonts
from app.reports.letters import brief, one_line, printable
from app.reports.pdf import missing_letters

VOWELS = "aăâeêioôơuưy"
TONES = ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
CONSONANTS = "bcdđghklmnpqrstvx"
ALPHABET = {
    unicodedata.normalize("NFC", case(letter + tone))
    for letter, tones in [(v, TONES) for v in VOWELS] + [(c, ("",)) for c in CONSONANTS]
    for tone in tones
    for case in (str.lower, str.upper)
}


def test_every_vietnamese_letter_is_there_in_all_styles():
    assert len(ALPHABET) == 178
    assert missing_letters("".join(sorted(ALPHABET))) == ()


def test_letters_that_no_font_has_are_named_once():
    assert missing_letters("Xong ✓ rồi ✓ 😀\nhết") == ("✓", "😀")
    assert missing_letters(["a✓", "b☐"]) == ("✓", "☐")
    assert fonts.drawable("a✓b") == "a□b"


def test_what_word_pastes_becomes_printable():
    assert printable("a\u000bb\r\nc") == "a\nb\nc"
    assert printable("57\u2011NQ/TW") == "57-NQ/TW"
    assert printable("\uf0b7 một") == "- một"
    assert printable("Ti\u00adếng\u200b \u001fviệt") == "Tiếng việt"
    assert printable(unicodedata.normalize("NFD", "Mường Xén")) == "Mường Xén"
    assert one_line(" a \n\n b\t c ") == "a b c"


def test_a_long_statement_is_cut_where_it_shows():
    assert brief("ngắn.", 100) == "ngắn."
    long = "Câu thứ nhất dài vừa. " * 20
    assert brief(long, 100).endswith("vừa. …")
    assert len(brief(long, 100)) <= 102
    assert brief("từ " * 100, 50).endswith("từ …")
    assert brief("x" * 500, 50) == "x" * 50 + " …"
