"""Every colour and every size of the window has its name here, and is written nowhere else.

Colours are strings of the form #RRGGBB, sizes are pixels at 100 %. Contrast is part of the values: each text
colour is at least 4.5:1 on every ground it may stand on; a test computes it.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Final


class Tone(StrEnum):
    """What a mark wants from a person; the theme gives each tone its ink and its soft ground."""

    GREY = "grey"
    ACCENT = "accent"
    GREEN = "green"
    AMBER = "amber"
    RED = "red"


@dataclass(frozen=True, slots=True)
class Colours:
    """One theme. `selected_ink` is empty where a selected row keeps its own inks (not in high contrast)."""

    window: str
    surface: str
    rail: str
    quiet: str
    hover: str
    line: str
    margin: str
    edge: str
    scroll: str
    text: str
    text2: str
    text3: str
    accent: str
    accent_hover: str
    accent_soft: str
    on_accent: str
    selected: str
    selected_ink: str
    green: str
    green_soft: str
    amber: str
    amber_soft: str
    red: str
    red_soft: str
    grey: str
    grey_soft: str
    stripe: str
    canvas: str
    paper: str
    paper_ink: str
    disabled: str
    contrast: bool = False

    def ink(self, tone: Tone) -> str:
        """The colour of the words and shapes of a tone."""
        return str(getattr(self, tone.value))

    def soft(self, tone: Tone) -> str:
        """The soft ground of a tone."""
        return str(getattr(self, f"{tone.value}_soft"))

    def named(self) -> dict[str, str]:
        """All colours by name, for the stylesheet and the tests."""
        return {f.name: str(getattr(self, f.name)) for f in fields(self) if f.name != "contrast"}


LIGHT: Final = Colours(
    window="#F2F4F7", surface="#FFFFFF", rail="#E9EDF3", quiet="#F6F8FA", hover="#EDF1F7",
    line="#D5DBE4", margin="#A8C0E4", edge="#7F8A9A", scroll="#9FA9B7",
    text="#18212E", text2="#465263", text3="#5C6879",
    accent="#1D4F9E", accent_hover="#173F80", accent_soft="#DDE8F8", on_accent="#FFFFFF",
    selected="#DDE8F8", selected_ink="",
    green="#1A6A39", green_soft="#E2F2E7", amber="#7D4A00", amber_soft="#FCEFD6",
    red="#AB1F1A", red_soft="#FBE6E4", grey="#465263", grey_soft="#E8ECF1",
    stripe="#E9B949", canvas="#DFE4EB", paper="#FFFFFF", paper_ink="#18212E", disabled="#8A94A3",
)  # fmt: skip

DARK: Final = Colours(
    window="#15191F", surface="#1C2128", rail="#11151A", quiet="#222831", hover="#262D37",
    line="#333C48", margin="#3A557F", edge="#7B8797", scroll="#5A6676",
    text="#E7EBF1", text2="#B7C0CD", text3="#9BA6B5",
    accent="#8DB6F5", accent_hover="#A9C8F8", accent_soft="#243A59", on_accent="#0E1B2E",
    selected="#243A59", selected_ink="",
    green="#86D3A0", green_soft="#1F3929", amber="#F1C36E", amber_soft="#3E3117",
    red="#F8A29B", red_soft="#472522", grey="#B7C0CD", grey_soft="#2C343F",
    stripe="#8A6A1F", canvas="#0F1317", paper="#EDEFF1", paper_ink="#18212E", disabled="#6B7686",
)  # fmt: skip


def high_contrast(
    *, window: str, text: str, highlight: str, highlighted_text: str, link: str, disabled: str
) -> Colours:
    """The theme made from the system's own colours, for people who chose a contrast theme there.

    Soft grounds become the window's ground (the sheet gives them a border of 1 px), tones become plain text:
    shapes and words tell the states apart, colours do not.
    """
    return Colours(
        window=window, surface=window, rail=window, quiet=window, hover=window,
        line=text, margin=text, edge=text, scroll=text,
        text=text, text2=text, text3=text,
        accent=link, accent_hover=link, accent_soft=window, on_accent=window,
        selected=highlight, selected_ink=highlighted_text,
        green=text, green_soft=window, amber=text, amber_soft=window,
        red=text, red_soft=window, grey=text, grey_soft=window,
        stripe=text, canvas=window, paper=LIGHT.paper, paper_ink=LIGHT.paper_ink, disabled=disabled,
        contrast=True,
    )  # fmt: skip


# Letters: pixels, and the height of a line that stacked marks (Ẫ Ễ Ổ) need.
FIRST: Final = 26
TITLE: Final = 20
HEADING: Final = 18
CARD: Final = 16
BODY: Final = 14
SMALL: Final = 13
TINY: Final = 12
LINE_HEIGHT: Final = {FIRST: 36, TITLE: 28, HEADING: 26, CARD: 22, BODY: 20, SMALL: 18, TINY: 16}

# Gaps, on a grid of 4.
GAP4: Final = 4
GAP8: Final = 8
GAP12: Final = 12
GAP16: Final = 16
GAP20: Final = 20
GAP24: Final = 24
GAP32: Final = 32
EDGE: Final = 20
EDGE_COMPACT: Final = 16
EDITOR_LEFT: Final = 24

RADIUS: Final = 4
RADIUS_FIRST: Final = 8
BORDER: Final = 1
FOCUS: Final = 2
BAR: Final = 3

# Heights.
CONTROL: Final = 32
FILTER: Final = 28
LINK: Final = 26
CHIP: Final = 22
RAIL_ENTRY: Final = 40
RAIL_ENTRY_COMPACT: Final = 52
RAIL_HEAD: Final = 62
RAIL_FOOT: Final = 52
HEADER: Final = 56
HEADER_TWO_ROWS: Final = 84
GROUP_ROW: Final = 30
TABLE_HEADER: Final = 31
TABLE_ROW: Final = 34
LIST_ROW: Final = 47
LIST_ROW_TALL: Final = 66
LIST_HEAD: Final = 86
EDITOR_FOOT: Final = 48
UNDO_LINE: Final = 40
PRACTICE: Final = 28
REPORT_BAR: Final = 52
CODE_BOX: Final = 48
CLICK: Final = 24

# Widths.
RAIL: Final = 200
RAIL_COMPACT: Final = 76
LIST: Final = 440
LIST_COMPACT: Final = 286
SEARCH: Final = 310
COMBO: Final = 190
SPIN: Final = 84
MISSING: Final = 300
DIFFERENCE: Final = 232
FIRST_CARD: Final = 880
MARK_COLUMN: Final = 46
COLUMN_CODE: Final = 106
COLUMN_STATUS: Final = 148
COLUMN_PERCENT: Final = 96
COLUMN_DEADLINE: Final = 236
COLUMN_EXCHANGE: Final = 132
PERCENT_BAR: Final = 34
SCROLLBAR: Final = 12
TICK: Final = 8
TICK_HEIGHT: Final = 10

# Icons and drawings.
ICON: Final = 20
SHAPE: Final = 16
ICON_SMALL: Final = 16
EMPTY_DRAWING: Final = (220, 132)

# From these widths and heights on (pixels at 100 %) the window changes its plan.
WIDE: Final = 1180
COMPACT: Final = 760
LOW: Final = 420
SMALLEST: Final = (640, 400)
USUAL: Final = (1366, 697)

# Times, in milliseconds.
AUTOSAVE_MS: Final = 2_000
UNDO_MS: Final = 20_000
