"""What the provincial office does with sticks at its desk: take bundles in, hand out files of enrolment."""

from argparse import Namespace
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from app.domain.errors import LedgerError
from app.record import authority, outside
from app.words import SENTENCES, _, ngettext
from sync.protocol import enrolment_file
from sync.server import bundles, enrolment
from sync.server.store import Store

Said = tuple[dict[str, Any], str]
"""Facts for JSON, and the words."""


class AddressUnusable(LedgerError):
    """An address at which no machine of a commune would send anything. Facts: address."""

    code = "address-unusable"


def take_bundle(options: Namespace, store: Store, files: Path) -> Said:
    """Take in a commune's bundle and write the answer. Raises what `bundles.take` raises."""
    done = bundles.take(store, files, Path(options.file), Path(options.answer))
    facts = {
        "unit": done.unit,
        "unit_name": done.unit_name,
        "device": f"{done.device:x}",
        "device_name": done.device_name,
        "known": done.known,
        "new": done.new,
        "refused": list(done.refused),
        "files": done.files,
        "files_known": done.files_known,
        "files_left": list(done.files_left),
        "enrolled": done.enrolled,
        "answer": str(options.answer),
    }
    words = [
        _("Bundle of {unit}: received before {known}, new {new}.").format(
            unit=done.unit_name, known=done.known, new=done.new
        )
    ]
    if done.enrolled:
        words.append(_("The machine “{device}” is enrolled by it.").format(device=done.device_name))
    if done.refused:
        words.append(
            ngettext(
                "{count} entry was given back:", "{count} entries were given back:", len(done.refused)
            ).format(count=len(done.refused))
        )
        words += [_(SENTENCES.get(code, code)) for code in dict.fromkeys(done.refused)]
    if done.files or done.files_known:
        words.append(
            _("Evidence: received before {known}, new {new}.").format(known=done.files_known, new=done.files)
        )
    if done.files_left:
        words.append(
            ngettext(
                "{count} file of evidence could not be kept:",
                "{count} files of evidence could not be kept:",
                len(done.files_left),
            ).format(count=len(done.files_left))
        )
        words += [_(SENTENCES.get(code, code)) for code in dict.fromkeys(done.files_left)]
    words.append(
        _("The answer lies at {file}, {size} KB. Give it back on the stick.").format(
            file=options.answer, size=-(-done.size // 1024)
        )
    )
    if names := outside.strange_programs(Path(options.file), files.parent):
        words.append(
            _(
                "The stick holds programs that were not opened: {names}. Do not open them; have the stick "
                "cleaned."
            ).format(names=", ".join(names[:5]))
        )
    return facts, "\n".join(words)


def hand_out(options: Namespace, store: Store) -> Said:
    """Write a file of enrolment for one new machine of a unit.

    Raises AddressUnusable, NotACertificate, UnknownUnit, FileUnreadable, FileUnwritable, DiskFull,
    StickUnsound, FileHeldKept.
    """
    path = Path(options.file)
    _check_address(options.address)
    ca = "" if options.ca is None else authority.read(Path(options.ca))
    with store.write() as connection, outside.written(path, _is_enrolment) as out:
        content = enrolment.enrol_file(store, connection, options.unit, address=options.address, ca=ca)
        out.write(content)
    return (
        {"file": str(path), "unit": options.unit, "bytes": len(content)},
        _(
            "The file of enrolment lies at {file}, {size} KB, for one machine and 30 days. Whoever has it "
            "can enrol in the name of the unit: hand it over in person."
        ).format(file=path, size=-(-len(content) // 1024)),
    )


def _check_address(address: str) -> None:
    """Refuse where no machine of a commune would call; empty stands for none yet. Raises AddressUnusable."""
    if not address:
        return
    try:
        parts = urlsplit(address if "://" in address else f"https://{address}")
        host, _port = parts.hostname or "", parts.port
    except ValueError:
        raise AddressUnusable(address=address) from None
    if not host or not (parts.scheme == "https" or (parts.scheme == "http" and _is_this_machine(host))):
        raise AddressUnusable(address=address)


def _is_this_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _is_enrolment(path: Path) -> bool:
    """Whether an older file of enrolment lies there, which may be replaced."""
    return outside.begins_with(path, enrolment_file.MAGIC)
