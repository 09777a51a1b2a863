"""The forms of a sheet: what the rules fix for the state and for the Party, as data.

Measures are those of the rules' own models; lengths in millimetres, sizes in points. A new rule is a new
profile beside the old one, so that an old report can be drawn again as it was.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Profile:
    """One form.

    `left`, `right`, `top`, `bottom`: margins. `head_left`: width of the left half of the title block, the
    right half is the rest of the text's width. `head_sizes`: motto or Party name, second line, place and
    date. `small_head_sizes`: the same for a line that does not fit. `leading`: distance of baselines in the
    body. `numbering`: pattern of the number, with {number} and {symbol}. `heading`: what follows the Roman
    numeral of a part. `ending`: what closes the body. `filing`: the line that ends the recipients.
    """

    name: str
    left: float
    right: float
    top: float
    bottom: float
    head_left: float
    banner: tuple[str, ...]
    head_sizes: tuple[float, float, float]
    small_head_sizes: tuple[float, float, float]
    issuer_size: float
    superior_size: float
    starred: bool
    superior_needed: bool
    number_label: str
    numbering: str
    number_size: float
    type_size: float
    subject_size: float
    subject_dashes: bool
    addressed: bool
    body_size: float
    leading: float
    heading: str
    ending: str
    signature_bold: int | None
    recipients_underlined: bool
    recipients_size: float
    recipients_list_size: float
    filing: str
    page_number_size: float


STATE = Profile(
    name="nd30-2020",
    left=30, right=15, top=20, bottom=20,
    head_left=66,
    banner=("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"),
    head_sizes=(13, 14, 14), small_head_sizes=(12, 13, 13),
    issuer_size=13, superior_size=13,
    starred=False, superior_needed=False,
    number_label="Số: ", numbering="{number}/{symbol}", number_size=13,
    type_size=14, subject_size=14, subject_dashes=False,
    addressed=True,
    body_size=14, leading=17,
    heading="{numeral}. {title}", ending="./.",
    signature_bold=None,
    recipients_underlined=False, recipients_size=12, recipients_list_size=11,
    filing="Lưu: VT",
    page_number_size=13,
)  # fmt: skip

PARTY = Profile(
    name="hd05-2026",
    left=30, right=15, top=20, bottom=20,
    head_left=70,
    banner=("ĐẢNG CỘNG SẢN VIỆT NAM",),
    head_sizes=(15, 15, 14), small_head_sizes=(14, 14, 13),
    issuer_size=14, superior_size=14,
    starred=True, superior_needed=True,
    number_label="Số ", numbering="{number}-{symbol}", number_size=14,
    type_size=16, subject_size=15, subject_dashes=True,
    addressed=False,
    body_size=14, leading=19,
    heading="{numeral}- {title}", ending=".",
    signature_bold=1,
    recipients_underlined=True, recipients_size=14, recipients_list_size=12,
    filing="Lưu Văn phòng Đảng ủy",
    page_number_size=14,
)  # fmt: skip

PROFILES = {profile.name: profile for profile in (STATE, PARTY)}
OF_LINE = {"ubnd_tinh": STATE, "tinh_uy": PARTY}
