import re
from pathlib import Path

import pytest

import ui
from ui import style, tokens
from ui.tokens import Colours, Tone

HIGH = tokens.high_contrast(
    window="#000000", text="#FFFFFF", highlight="#1AEBFF", highlighted_text="#000000", link="#FFFF00",
    disabled="#3FF23F",
)  # fmt: skip
THEMES = {"light": tokens.LIGHT, "dark": tokens.DARK, "contrast": HIGH}
GROUNDS = ("window", "surface", "rail", "quiet", "hover")


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, two: str) -> float:
    low, high = sorted((luminance(one), luminance(two)))
    return (high + 0.05) / (low + 0.05)


def pairs(c: Colours) -> list[tuple[str, str, str]]:
    found = [
        (f"{ink} on {ground}", getattr(c, ink), getattr(c, ground))
        for ink in ("text", "text2")
        for ground in GROUNDS
    ]
    found += [(f"text3 on {ground}", c.text3, getattr(c, ground)) for ground in ("surface", "quiet")]
    found += [
        (f"{tone} on {ground}", c.ink(tone), getattr(c, ground))
        for tone in Tone
        for ground in ("surface", "hover")
    ]
    found += [(f"{tone} on its ground", c.ink(tone), c.soft(tone)) for tone in Tone]
    found += [("text on soft", c.text, c.soft(tone)) for tone in Tone]
    found += [("on accent", c.on_accent, c.accent), ("on accent, hovered", c.on_accent, c.accent_hover)]
    found += [("paper", c.paper_ink, c.paper)]
    if c.selected_ink:
        found.append(("selected", c.selected_ink, c.selected))
    else:
        inks = ("text", "text2", "text3", "accent", "red", "amber", "grey", "green")
        found += [(f"{ink} on selected", getattr(c, ink), c.selected) for ink in inks]
    return found


@pytest.mark.parametrize("name", THEMES)
def test_all_words_can_be_read_on_every_ground_they_stand_on(name):
    weak = [
        (what, round(contrast(ink, ground), 2))
        for what, ink, ground in pairs(THEMES[name])
        if contrast(ink, ground) < 4.5
    ]
    assert weak == []


@pytest.mark.parametrize("name", ["light", "dark"])
def test_borders_of_controls_can_be_seen(name):
    assert contrast(THEMES[name].edge, THEMES[name].surface) >= 3


def test_no_colour_is_written_outside_the_tokens():
    folder = Path(ui.__file__).parent
    sheets = [folder.parent / "resources" / "styles" / "window.qss"]
    literal = re.compile(r"""#[0-9A-Fa-f]{3,8}\b|QColor\(\s*\d|rgba?\(|GlobalColor\.(?!transparent)""")
    found = []
    for file in [*folder.rglob("*.py"), *sheets]:
        if file.name == "tokens.py":
            continue
        for number, line in enumerate(file.read_text("utf-8").splitlines(), 1):
            if (hit := literal.search(line)) and not line.lstrip().startswith(("#", '"""')):
                found.append(f"{file.name}:{number}: {hit[0]}")
    assert found == []


@pytest.mark.parametrize("name", THEMES)
def test_the_sheet_names_only_what_the_tokens_have(name):
    text = style.sheet(THEMES[name])
    assert "@" not in text
    assert THEMES[name].accent in text
