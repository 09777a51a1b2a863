"""What a new unit's title block usually says, to be offered in the settings and changed there."""

from app.domain.reports import UnitBlock, own_name

_SIGNED_AS = {"xa": "xã", "phuong": "phường"}
_IN_CAPITALS = {"xa": "XÃ", "phuong": "PHƯỜNG"}


def suggested(line: str, name: str, kind: str, province: str = "Nghệ An") -> UnitBlock:
    """The usual title block of a commune or ward on one reporting line; the signer is never guessed.

    name: with or without "Xã" or "Phường". line: "ubnd_tinh" or "tinh_uy".
    """
    name = own_name(name)
    own, capitals = _SIGNED_AS[kind], f"{_IN_CAPITALS[kind]} {name.upper()}"
    if line == "tinh_uy":
        return UnitBlock(
            name=name,
            kind=kind,
            place=name,
            superior=f"ĐẢNG BỘ TỈNH {province.upper()}",
            issuer=(f"ĐẢNG ỦY {capitals}",),
            symbol="BC/ĐU",
            authority=("T/M ĐẢNG ỦY", "BÍ THƯ"),
            recipients=("Văn phòng Tỉnh ủy (b/c)", "Lưu Văn phòng Đảng ủy"),
        )
    return UnitBlock(
        name=name,
        kind=kind,
        place=name,
        issuer=("ỦY BAN NHÂN DÂN", capitals),
        symbol="BC-UBND",
        authority=("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"),
        addressees=(f"Ủy ban nhân dân tỉnh {province}",),
        recipients=(
            "Như trên", "Thường trực Đảng ủy (b/c)", f"Chủ tịch, các PCT UBND {own}", "Lưu: VT, VHXH",
        ),
    )  # fmt: skip
