"""Twelve ways in which a printed page reaches the province, as a seeded model: toner, accidents, capture.

Each begins with the page at 600 dpi in black and white, as a laser of that kind would draw it. A level and
a seed always give the same picture. It is a model: a real copier has not been asked.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from math import ceil, cos, pi, sin

import cv2
import numpy as np
import numpy.typing as npt

Grey = npt.NDArray[np.uint8]
Field = npt.NDArray[np.float32]
Random = np.random.Generator

DPI = 600
WIDTH_MM, HEIGHT_MM = 210.0, 297.0
DOT = DPI / 25.4  # dots in a millimetre
PAPER = 238.0


@dataclass(frozen=True, slots=True)
class Toner:
    """How a printer lays it: grey of full black, gain (dots grow), share of voids, pale bands down."""

    black: float = 35
    gain: float = 1
    voids: float = 0
    bands: int = 0


@dataclass(frozen=True, slots=True)
class Accidents:
    """What happens to the sheet, by number."""

    folds: int = 0
    stains: int = 0
    pens: int = 0
    seals: int = 0
    blots: int = 0


@dataclass(frozen=True, slots=True)
class Scan:
    """dpi across and down; degrees of skew either way; blur (sigma, pixels) and noise (sigma, grey) of it.

    quality: of the JPEG; 0 black and white, 100 as it is. scale: of a copier.
    """

    across: float
    down: float
    angle: float
    blur: float
    noise: float
    quality: int
    scale: float = 1

    def __call__(self, page: Grey, random: Random) -> Grey:
        """The picture of a page of 600 dpi."""
        return scanned(page, self, random)


@dataclass(frozen=True, slots=True)
class Photo:
    """A phone's picture, 3 : 4. corner: how far corners shift; curl in mm; shade: share of light lost."""

    megapixels: float
    corner: float
    curl: float
    shade: float
    blur: float
    noise: float
    quality: int

    def __call__(self, page: Grey, random: Random) -> Grey:
        """The picture of a page of 600 dpi."""
        return photographed(page, self, random)


@dataclass(frozen=True, slots=True)
class Level:
    """One of the twelve. copy: what a copier did before (its scan, and the toner of its print)."""

    name: str
    toner: Toner
    capture: Callable[[Grey, Random], Grey]
    accidents: Accidents = field(default_factory=Accidents)
    copy: tuple[Scan, Toner] | None = None


LEVELS: tuple[Level, ...] = (
    Level("S300 clean", Toner(35, 1, 0), Scan(300, 300, 0.3, 0, 3, 85)),
    Level("S200 office", Toner(45, 1, 0.002), Scan(200, 200, 0.7, 0.5, 6, 75)),
    Level("S200 poor", Toner(100, 1.6, 0.01, 1), Scan(200, 200, 2, 0.8, 12, 40), Accidents(folds=1)),
    Level("S200 black-white", Toner(60, 1, 0.005), Scan(200, 200, 0.8, 0.4, 6, 0)),
    Level("S150 office", Toner(45, 1, 0.002), Scan(150, 150, 1, 0.5, 6, 60)),
    Level("fax fine", Toner(60, 1, 0.005), Scan(204, 196, 1, 0.5, 12, 0)),
    Level("fax standard", Toner(60, 1, 0), Scan(204, 98, 0.5, 0.3, 8, 0)),
    Level("copy of a copy", Toner(60, 1.3, 0.005), Scan(200, 200, 1, 0.6, 8, 60),
          copy=(Scan(300, 300, 0.6, 0.6, 8, 100, 0.985), Toner(70, 1.5, 0.01, 1))),
    Level("damaged", Toner(60, 1, 0.005), Scan(200, 200, 1.2, 0.6, 8, 60), Accidents(2, 2, 3, 1, 2)),
    Level("phone 12 MP", Toner(45, 1, 0.002), Photo(12, 0.04, 1, 0.30, 1.0, 5, 80)),
    Level("phone 8 MP poor", Toner(80, 1.3, 0.005), Photo(8, 0.10, 3, 0.55, 1.5, 10, 60), Accidents(folds=2)),
    Level("phone 5 MP bad", Toner(80, 1.3, 0.005), Photo(5, 0.10, 3, 0.55, 1.3, 10, 50),
          Accidents(folds=2, stains=1)),
)  # fmt: skip


def damaged(page: Grey, level: Level, seed: int) -> Grey:
    """A page of 600 dpi (0 ink, 255 none) as the province gets it. The same seed gives the same picture."""
    random = np.random.default_rng([seed, *level.name.encode()])
    sheet = printed(page, level.toner, random)
    if level.copy:
        scan, toner = level.copy
        sheet = printed(_whole(scan(sheet, random), scan), toner, random)
    return level.capture(befallen(sheet, level.accidents, random), random)


def printed(page: Grey, toner: Toner, random: Random) -> Grey:
    """The sheet as grey, 600 dpi."""
    ink = cv2.GaussianBlur(page, (0, 0), 1.1)
    dark = np.where(ink < 128 + 22 * toner.gain, np.uint8(255), np.uint8(0))
    density = _noise(page.shape, 60, random)
    np.clip(density * 0.06, -0.2, 0.2, out=density)
    density += 1
    if toner.voids:
        blobs = _noise(page.shape, 5, random)
        density[blobs < np.quantile(blobs[::7, ::7], toner.voids)] = 0.15
    for _ in range(toner.bands):
        wide, left = random.uniform(1.5, 4) * DOT, random.uniform(20, WIDTH_MM - 20) * DOT
        density[:, int(left) : int(left + wide)] *= 0.45
    density *= cv2.GaussianBlur(dark, (0, 0), 0.9)
    density *= -(PAPER - toner.black) / 255
    density += PAPER
    density += 2 * _noise(page.shape, 25, random)
    return _grey(density)


def befallen(sheet: Grey, what: Accidents, random: Random) -> Grey:
    """The sheet after what happened to it, 600 dpi."""
    sheet = sheet.copy()
    for number in range(what.folds):
        _fold(sheet, number % 2 == 0, random)
    for _ in range(what.stains):
        _stain(sheet, random)
    for _ in range(what.blots):
        middle, radius = _spot(random), random.uniform(4, 8) * DOT
        cv2.circle(sheet, middle, round(radius), float(random.choice([25, PAPER])), -1, cv2.LINE_AA)
    for _ in range(what.pens):
        _pen(sheet, random)
    for _ in range(what.seals):
        _seal(sheet, random)
    return sheet


def scanned(page: Grey, scan: Scan, random: Random) -> Grey:
    """What a flatbed or a fax makes of the sheet."""
    size = round(WIDTH_MM / 25.4 * scan.across), round(HEIGHT_MM / 25.4 * scan.down)
    across, down = scan.across / DPI * scan.scale, scan.down / DPI * scan.scale * random.uniform(0.996, 1.004)
    soft = cv2.GaussianBlur(page, (0, 0), sigmaX=0.42 * DPI / scan.across, sigmaY=0.42 * DPI / scan.down)
    angle = np.deg2rad(scan.angle) * random.choice([-1, 1])
    turn = np.array([[cos(angle), -sin(angle)], [sin(angle), cos(angle)]])
    whole = np.diag([across, down]) @ turn
    centre = np.array([page.shape[1] / 2, page.shape[0] / 2])
    shift = np.array(size) / 2 - whole @ centre + random.uniform(-6, 6, 2)
    matrix = np.column_stack([whole, shift])
    seen = cv2.warpAffine(soft, matrix, size, flags=cv2.INTER_LINEAR, borderValue=(240.0,))
    return _developed(seen, scan.blur, scan.noise, scan.quality, random)


def photographed(page: Grey, photo: Photo, random: Random) -> Grey:
    """What a phone makes of the sheet on a dark table."""
    height = round((photo.megapixels * 1e6 * 4 / 3) ** 0.5)
    width = round(height * 3 / 4)
    tall = 0.9 * height
    wide = tall * WIDTH_MM / HEIGHT_MM
    left, top = (width - wide) / 2, (height - tall) / 2
    corners = np.array([[left, top], [left + wide, top], [left + wide, top + tall], [left, top + tall]])
    corners += random.uniform(-photo.corner / 2, photo.corner / 2, (4, 2)) * (wide, tall)
    flat = np.array([[0, 0], [WIDTH_MM, 0], [WIDTH_MM, HEIGHT_MM], [0, HEIGHT_MM]])
    back = cv2.getPerspectiveTransform(corners.astype(np.float32), flat.astype(np.float32))
    x, y = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
    depth = back[2, 0] * x + back[2, 1] * y + back[2, 2]
    u = ((back[0, 0] * x + back[0, 1] * y + back[0, 2]) / depth).astype(np.float32)
    v = ((back[1, 0] * x + back[1, 1] * y + back[1, 2]) / depth).astype(np.float32)
    bend = np.sin(pi * np.clip(u / WIDTH_MM, 0, 1) + random.uniform(-0.4, 0.4))
    u_bent = (u + 0.35 * photo.curl * np.sin(2 * pi * v / HEIGHT_MM)) * np.float32(DOT)
    v_bent = (v + photo.curl * bend) * np.float32(DOT)
    soft = cv2.GaussianBlur(page, (0, 0), 0.4 * DPI / (tall / (HEIGHT_MM / 25.4)))
    seen = cv2.remap(soft, u_bent, v_bent, cv2.INTER_LINEAR, borderValue=(90.0,)).astype(np.float32)
    seen *= _light(width, height, photo.shade, random)
    return _developed(_grey(seen), photo.blur, photo.noise, photo.quality, random)


def _light(width: int, height: int, shade: float, random: Random) -> Field:
    """How much of the light falls on each pixel: less towards one side, and a soft shadow over a part."""
    x, y = np.meshgrid(
        np.linspace(-0.5, 0.5, width, dtype=np.float32), np.linspace(-0.5, 0.5, height, dtype=np.float32)
    )
    angle, other = random.uniform(0, 2 * pi, 2)
    along = x * cos(angle) + y * sin(angle)
    along = (along - along.min()) / (along.max() - along.min())
    across = x * cos(other) + y * sin(other) - random.uniform(-0.2, 0.2)
    shadow = 1 / (1 + np.exp(-across / 0.02))
    return ((1 - shade * along) * (1 - 0.45 * shade * shadow)).astype(np.float32)


def _developed(seen: Grey, blur: float, noise: float, quality: int, random: Random) -> Grey:
    if blur:
        seen = cv2.GaussianBlur(seen, (0, 0), blur)
    seen = _grey(seen + np.float32(noise) * random.standard_normal(seen.shape, np.float32))
    if not quality:
        return np.where(seen < 128, np.uint8(0), np.uint8(255))
    if quality == 100:
        return seen
    packed = cv2.imencode(".jpg", seen, [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
    return cv2.imdecode(packed, cv2.IMREAD_GRAYSCALE).astype(np.uint8)


def _whole(seen: Grey, scan: Scan) -> Grey:
    """A scan as a page of 600 dpi again: what a copier hands to its printer."""
    size = round(WIDTH_MM * DOT), round(HEIGHT_MM * DOT)
    return cv2.resize(seen, size, interpolation=cv2.INTER_CUBIC).astype(np.uint8)


def _noise(shape: tuple[int, ...], cell: int, random: Random) -> Field:
    """Smooth noise of deviation about one: a normal value every `cell` dots."""
    rows, columns = ceil(shape[0] / cell) + 1, ceil(shape[1] / cell) + 1
    coarse = random.standard_normal((rows, columns), np.float32)
    return cv2.resize(coarse, (shape[1], shape[0]), interpolation=cv2.INTER_CUBIC).astype(np.float32)


def _grey(values: Field) -> Grey:
    return np.clip(np.rint(values), 0, 255).astype(np.uint8)


def _spot(random: Random) -> tuple[int, int]:
    """Somewhere on the sheet, in dots."""
    return round(random.uniform(15, WIDTH_MM - 15) * DOT), round(random.uniform(20, HEIGHT_MM - 20) * DOT)


def _fold(sheet: Grey, level: bool, random: Random) -> None:
    """Toner breaks off along a line across (or down) the page; a shadow lies beside it."""
    lying = sheet if level else sheet.T
    middle = int(random.uniform(0.42, 0.58) * lying.shape[0])
    wide = max(2, round(random.uniform(0.3, 0.6) * DOT))
    crease = lying[middle : middle + wide]
    gone = cv2.resize(
        random.random((wide // 4 + 1, lying.shape[1] // 4 + 1), np.float32), (lying.shape[1], wide)
    )
    crease[gone < np.quantile(gone, 0.65)] = PAPER
    shadow = lying[middle + wide : middle + 5 * wide]
    shadow[:] = shadow * 0.86


def _stain(sheet: Grey, random: Random) -> None:
    x, y = _spot(random)
    half = random.uniform(12, 25) * DOT, random.uniform(10, 20) * DOT
    inside = np.zeros(sheet.shape, np.float32)
    cv2.ellipse(inside, (x, y), (round(half[0]), round(half[1])), random.uniform(0, 180), 0, 360, 1.0, -1)
    edge = round(1.5 * DOT) | 1
    inside = cv2.blur(inside, (edge, edge))
    sheet[:] = _grey(sheet * (1 - 0.38 * inside))


def _pen(sheet: Grey, random: Random) -> None:
    points = [np.array(_spot(random), np.float64)]
    heading = random.uniform(0, 2 * pi)
    for _ in range(13):
        heading += random.normal(0, 0.5)
        points.append(points[-1] + 6 * DOT * np.array([cos(heading), sin(heading)]))
    line = np.rint(points).astype(np.int32)
    cv2.polylines(sheet, [line], False, (70.0,), round(0.6 * DOT), cv2.LINE_AA)


def _seal(sheet: Grey, random: Random) -> None:
    x, y = _spot(random)
    drawn = np.full(sheet.shape, 255, np.uint8)
    for radius in (17.5, 12):
        cv2.circle(drawn, (x, y), round(radius * DOT), (95.0,), round(0.9 * DOT), cv2.LINE_AA)
    for number in range(30):
        turn = number * 2 * pi / 30
        inner, outer = (
            (round(x + r * DOT * cos(turn)), round(y + r * DOT * sin(turn))) for r in (13.2, 16.2)
        )
        cv2.line(drawn, inner, outer, (95.0,), round(0.6 * DOT), cv2.LINE_AA)
    np.minimum(sheet, drawn, out=sheet)
