"""Where the makers of signing devices put their PKCS#11 libraries."""

import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

_MAKERS = (
    ("SafeNet", ("eTPKCS11", "libeTPkcs11")),
    ("Bit4id", ("bit4xpki", "bit4ipki", "libbit4xpki", "libbit4ipki")),
    ("Gemalto", ("IDPrimePKCS1164", "IDPrimePKCS11", "libIDPrimePKCS11", "gclib", "libgclib")),
    ("ePass2003", ("eps2003csp11", "libcastle", "libshuttle_p11v220")),
    ("Viettel-CA", ("viettel-ca_v6", "viettel-ca_v5", "viettel-ca_v4")),
    ("VNPT-CA", ("vnptca_p11_v8", "vnpt-ca_csp11")),
    ("BkavCA", ("BkavCA",)),
    ("CA2", ("CA2_csp11",)),
    ("FPT-CA", ("fca_v1",)),
    ("WatchData", ("wdpkcs", "libwdpkcs")),
    ("Feitian", ("st3csp11", "ngp11v211", "ShuttleCsp11_3003")),
    ("SignatureP11", ("SignatureP11",)),
    ("OpenSC", ("opensc-pkcs11",)),
)
"""Makers and the file names of their libraries, without ending, the likelier first."""

_LINUX = (
    "/usr/lib/x86_64-linux-gnu",
    "/usr/lib64",
    "/usr/lib",
    "/usr/local/lib",
    "/usr/lib/x86_64-linux-gnu/pkcs11",
    "/usr/lib64/pkcs11",
    "/usr/lib/pkcs11",
    "/opt/bit4id",
)


class Driver(NamedTuple):
    """A library that was found, and whose it is."""

    maker: str
    path: Path


def found(folders: Iterable[Path] | None = None, ending: str | None = None) -> tuple[Driver, ...]:
    """The known libraries on this machine, one of each maker.

    folders: where to look, default where this system keeps libraries. ending: `.dll` on Windows, else `.so`.
    """
    places = tuple(folders) if folders is not None else tuple(_places())
    tail = ending or (".dll" if sys.platform == "win32" else ".so")
    drivers = []
    for maker, names in _MAKERS:
        candidates = (place / (name + tail) for name in names for place in places)
        here = next((path for path in candidates if path.is_file()), None)
        if here is not None:
            drivers.append(Driver(maker, here))
    return tuple(drivers)


def _places() -> Iterable[Path]:
    if sys.platform == "win32":
        # not SysWOW64: what lies there is for 32-bit programs and does not load into this one
        yield Path(os.environ.get("SYSTEMROOT", r"C:\Windows")) / "System32"
        return
    yield from map(Path, _LINUX)
