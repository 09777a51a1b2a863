"""What was chosen when somebody last signed here: driver, files, addresses. Never a password or a PIN."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from app.domain.errors import LedgerError
from app.record.files import write_whole
from app.storage.home import Home

_FILE = "signing.json"
_LARGEST = 10_000
_TEXTS = ("way", "driver", "file", "stamps")


@dataclass(frozen=True, slots=True)
class Choices:
    """way: device or file. stamps: address of a time authority. pictures: a PNG for each role."""

    way: str = "device"
    driver: str = ""
    file: str = ""
    stamps: str = ""
    pictures: Mapping[str, str] = field(default_factory=dict)


def remembered(home: Home) -> Choices:
    """What was chosen last; the first choices where nothing usable is kept."""
    try:
        text = (home.path / _FILE).read_bytes()[:_LARGEST]
        held: Any = json.loads(text)
        strings = {name: held[name] for name in _TEXTS if isinstance(held.get(name), str)}
        pictures = held.get("pictures")
        kept = {str(role): str(path) for role, path in pictures.items()} if isinstance(pictures, dict) else {}
    except (OSError, ValueError, AttributeError):
        return Choices()
    return replace(Choices(), **strings, pictures=kept)


def remember(home: Home, choices: Choices) -> None:
    """Keep it for the next time; that it cannot be kept hinders nobody."""
    held = {name: getattr(choices, name) for name in _TEXTS}
    content = json.dumps({**held, "pictures": dict(choices.pictures)}, ensure_ascii=False, indent=1).encode()
    try:
        write_whole(home.path / _FILE, content)
    except LedgerError:
        return


def driver(choices: Choices) -> Path | None:
    """The driver that was chosen by hand, if it is still there."""
    path = Path(choices.driver)
    return path if choices.driver and path.is_file() else None
