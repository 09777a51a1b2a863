"""Photos made fit to be sent."""

import io

import pytest
from PIL import Image

from app.domain.evidence import FileRefused, HeicRefused
from app.services import photos
from app.services.photos import shrink

PLACE, TURN = 0x8825, 0x0112


def photo(width: int = 1600, height: int = 1200, *, turn: int = 1, place: bool = True, **more) -> bytes:
    """Half smooth, half rough, as photos are; the upper left corner is red."""
    smooth = Image.effect_noise((width // 8 or 1, height // 8 or 1), 90).resize((width, height))
    rough = Image.effect_noise((width, height), 12)
    made = Image.merge("RGB", (smooth, Image.blend(smooth, rough, 0.3), rough))
    made.paste((255, 0, 0), (0, 0, width // 4, height // 4))
    exif = Image.Exif()
    exif[TURN] = turn
    if place:
        exif[PLACE] = {1: "N", 2: (19.0, 20.0, 1.0)}
    written = io.BytesIO()
    made.save(written, "JPEG", quality=95, exif=exif, **more)
    return written.getvalue()


def opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))


@pytest.fixture(scope="module")
def large() -> bytes:
    return photo(4000, 3000)


@pytest.mark.parametrize(("size", "least", "most"), [("small", 60_000, 200_000), ("print", 150_000, 500_000)])
def test_a_photo_of_a_phone_becomes_as_small_as_is_wanted(large, size, least, most):
    made = shrink(large, "jpeg", size, "x")
    assert least < len(made.content) <= most
    assert made.form == "jpeg" and made.had_place
    shown = opened(made.content)
    assert not dict(shown.getexif()) and shown.width > shown.height >= 600


def test_the_same_photo_gives_the_same_bytes():
    content = photo(1000, 750)
    assert shrink(content, "jpeg", "small", "x") == shrink(content, "jpeg", "small", "y")


@pytest.mark.parametrize("turn", range(1, 9))
@pytest.mark.parametrize("size", ["small", "full"])
def test_a_photo_stands_upright(turn, size):
    from PIL import ImageOps

    content = photo(400, 200, turn=turn)
    wanted = ImageOps.exif_transpose(opened(content))
    made = ImageOps.exif_transpose(opened(shrink(content, "jpeg", size, "x").content))
    assert made.size == wanted.size
    corners = [(5, 5), (wanted.width - 5, 5), (5, wanted.height - 5), (wanted.width - 5, wanted.height - 5)]
    for corner in corners:
        assert _is_red(made, corner) == _is_red(wanted, corner)
    assert sum(_is_red(made, corner) for corner in corners) == 1


def _is_red(picture: Image.Image, at: tuple[int, int]) -> bool:
    red, green, blue = picture.convert("RGB").getpixel(at)
    return red > 200 and green < 80 and blue < 80


def test_as_it_is_means_that_not_a_pixel_changes(large):
    made = shrink(large, "jpeg", "full", "x")
    assert opened(made.content).tobytes() == opened(large).tobytes()
    assert made.had_place and PLACE not in opened(made.content).getexif()


def test_a_photo_that_is_small_enough_is_not_made_worse():
    content = photo(400, 300, place=False)
    made = shrink(content, "jpeg", "small", "x")
    assert opened(made.content).tobytes() == opened(content).tobytes() and not made.had_place


def test_a_picture_of_the_screen_stays_sharp_and_what_is_clear_becomes_white():
    screen = Image.new("RGBA", (800, 600), (255, 255, 255, 0))
    screen.paste((0, 0, 255, 255), (100, 100, 200, 200))
    written = io.BytesIO()
    screen.save(written, "PNG")
    made = shrink(written.getvalue(), "png", "small", "x")
    assert (made.form, opened(made.content).mode) == ("png", "RGBA")
    rough = Image.effect_noise((700, 500), 99).convert("RGBA")
    rough.putalpha(0)
    written = io.BytesIO()
    rough.save(written, "PNG")
    made = shrink(written.getvalue(), "png", "small", "x")
    assert made.form == "jpeg" and opened(made.content).convert("RGB").getpixel((9, 9)) == (255, 255, 255)


def test_other_forms_that_can_be_read_become_jpeg():
    written = io.BytesIO()
    Image.effect_noise((300, 200), 50).save(written, "WEBP")
    made = shrink(written.getvalue(), "webp", "full", "x")
    assert made.form == "jpeg" and opened(made.content).format == "JPEG"


def test_a_photo_in_the_iphones_form_is_refused_with_what_to_do():
    with pytest.raises(HeicRefused):
        shrink(
            b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + bytes(2000), "heif", "small", "IMG_1.HEIC"
        )


def test_a_picture_that_would_fill_the_memory_is_refused(monkeypatch):
    bomb = io.BytesIO()
    Image.new("1", (20_000, 10_000)).save(bomb, "PNG")
    assert len(bomb.getvalue()) < 100_000
    with pytest.raises(FileRefused) as refused:
        shrink(bomb.getvalue(), "png", "small", "x")
    assert refused.value.facts["problem"] == "file-too-wide"
    with pytest.raises(FileRefused):  # beyond the limit at which the library itself stops
        shrink(_claims(60_000, 60_000), "png", "full", "x")
    monkeypatch.setattr(photos, "PIXELS", 1000)
    with pytest.raises(FileRefused):
        shrink(photo(100, 100), "jpeg", "full", "x")


def _claims(width: int, height: int) -> bytes:
    """A small PNG that says it is huge."""
    import struct
    import zlib

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = b"IHDR" + head
    return (
        b"\x89PNG\r\n\x1a\n"
        + struct.pack(">I", len(head))
        + body
        + struct.pack(">I", zlib.crc32(body))
        + struct.pack(">I", 0)
        + b"IEND\xaeB`\x82"
    )


@pytest.mark.parametrize("cut", [0.02, 0.3, 0.7])
@pytest.mark.parametrize("size", ["small", "full"])
def test_half_a_photo_is_refused(cut, size):
    content = photo(600, 400)
    with pytest.raises(FileRefused):
        shrink(content[: int(len(content) * cut)], "jpeg", size, "x")


def test_a_picture_that_cannot_be_shown_is_refused_though_nothing_of_it_is_made_anew():
    spoiled = bytearray(photo(300, 200))
    table = spoiled.index(b"\xff\xc4")  # by which the rest is read
    spoiled[table + 5 : table + 21] = b"\xff" * 16
    with pytest.raises(FileRefused):
        shrink(bytes(spoiled), "jpeg", "full", "x")
    written = io.BytesIO()
    Image.effect_noise((100, 80), 50).save(written, "PNG")
    spoiled = bytearray(written.getvalue())
    spoiled[len(spoiled) // 2] ^= 0xFF
    with pytest.raises(FileRefused):
        shrink(bytes(spoiled), "png", "full", "x")
