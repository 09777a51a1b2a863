"""What is hidden in pictures is taken out, and not a pixel changes."""

import io
import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin

from app.domain.pictures import NotAPicture, strip_jpeg, strip_png

PLACE, TURN = 0x8825, 0x0112


def picture(mode: str = "RGB") -> Image.Image:
    return Image.effect_noise((120, 80), 60).convert(mode)


def jpeg(turn: int = 1, mode: str = "RGB", **more) -> bytes:
    exif = Image.Exif()
    exif[TURN] = turn
    exif[0x010F] = "Máy ảnh của bà Hà"
    exif[PLACE] = {1: "N", 2: (19.0, 20.0, 1.0)}
    made = io.BytesIO()
    picture(mode).save(made, "JPEG", exif=exif, comment=b"a secret", **more)
    return made.getvalue()


def pixels(content: bytes) -> bytes:
    return Image.open(io.BytesIO(content)).tobytes()


@pytest.mark.parametrize("more", [{}, {"progressive": True}, {"mode": "L"}, {"mode": "CMYK"},
                                  {"restart_marker_blocks": 2}, {"subsampling": 0}])  # fmt: skip
def test_a_jpeg_loses_what_is_hidden_and_keeps_every_pixel(more):
    content = jpeg(**more) + b"a film behind the end"
    bare = strip_jpeg(content)
    assert pixels(bare) == pixels(content)
    assert not dict(Image.open(io.BytesIO(bare)).getexif())
    for hidden in (b"Exif", b"a secret", b"film", "bà Hà".encode()):
        assert hidden not in bare
    assert strip_jpeg(bare) == bare


@pytest.mark.parametrize("turn", range(2, 9))
def test_how_a_jpeg_is_to_be_turned_stays_and_nothing_else(turn):
    bare = strip_jpeg(jpeg(turn), turn)
    assert dict(Image.open(io.BytesIO(bare)).getexif()) == {TURN: turn}


def test_the_colours_of_a_jpeg_stay_as_they_are_meant():
    profile = b"\x00" * 300
    content = jpeg(icc_profile=profile)
    assert Image.open(io.BytesIO(strip_jpeg(content))).info["icc_profile"] == profile


def test_a_png_loses_what_is_hidden_and_keeps_every_pixel():
    hidden = PngImagePlugin.PngInfo()
    hidden.add_text("place", "a secret")
    made = io.BytesIO()
    exif = Image.Exif()
    exif[PLACE] = {1: "N"}
    picture("RGBA").save(made, "PNG", pnginfo=hidden, exif=exif)
    content = made.getvalue() + b"more"
    bare = strip_png(content)
    assert pixels(bare) == pixels(content)
    assert b"secret" not in bare and b"eXIf" not in bare and bare.endswith(b"IEND\xaeB`\x82")
    assert strip_png(bare) == bare


@pytest.mark.parametrize("strip", [strip_jpeg, strip_png])
@pytest.mark.parametrize("content", [b"", b"\xff\xd8", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", bytes(500)])
def test_what_is_no_whole_picture_is_said_to_be_none(strip, content):
    with pytest.raises(NotAPicture):
        strip(content)


def test_a_length_that_leads_nowhere():
    with pytest.raises(NotAPicture):
        strip_jpeg(b"\xff\xd8\xff\xe1" + struct.pack(">H", 60_000) + b"x")
    with pytest.raises(NotAPicture):
        strip_jpeg(b"\xff\xd8\xff\xe1\x00\x00\xff\xe1\x00\x00" * 10)


JPEG = jpeg(progressive=True)


@given(st.data())
@settings(deadline=None)
def test_damage_is_passed_on_or_refused_and_never_grows(data):
    spoiled = bytearray(JPEG)
    for _ in range(data.draw(st.integers(1, 10))):
        spoiled[data.draw(st.integers(2, len(spoiled) - 1))] = data.draw(st.integers(0, 255))
    spoiled = spoiled[: data.draw(st.integers(2, len(spoiled)))]
    try:
        bare = strip_jpeg(bytes(spoiled), 6)
    except NotAPicture:
        return
    assert len(bare) <= len(spoiled) + 40
