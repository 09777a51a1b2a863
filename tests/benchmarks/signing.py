"""Signatures: milliseconds for one with a software key, for two validated offline, beside what is aimed at.

    python -m tests.benchmarks.signing

A report of 81 tasks is signed by a person (RSA 2048, with a picture) and by the agency (with a seal, number
and date). The processor's own time, the fastest of five, after one round that loads everything; beside it how
many times SHA-256 over one megabyte that is, so that machines can be compared.
"""

import hashlib
import sys
from collections.abc import Callable
from datetime import date
from time import process_time
from typing import Any

AIMS = {"one signature": "200 ms", "two validated": "100 ms"}
_ROUNDS = 5


def fastest(work: Callable[[], Any]) -> float:
    """Milliseconds of the processor, the least of five rounds after one that loads everything."""
    work()
    spent = []
    for _ in range(_ROUNDS):
        start = process_time()
        work()
        spent.append(process_time() - start)
    return min(spent) * 1000


def measured() -> dict[str, float]:
    """Each step's milliseconds, and the sizes in KiB."""
    from app.reports.layout.footmark import FootMark
    from app.reports.pdf import render
    from app.reports.signatures.signing import Order, sign
    from app.reports.signatures.verifying import verify
    from app.security.signers import from_file
    from tests.benchmarks.paper import content
    from tests.reports import signable
    from tests.signing import NOW, PASSWORD, Authority

    authority = Authority()
    sheet = render(content(81), draft=False, mark=FootMark(bytes(16), bytes(32)))
    person = Order("person", signable.hand())
    agency = Order("agency", signable.seal(), "05", date(2025, 7, 18))
    found: dict[str, float] = {}
    with (
        from_file(authority.issue("Chủ tịch").p12(), PASSWORD) as first,
        from_file(authority.issue("Ủy ban nhân dân").p12(), PASSWORD) as second,
    ):
        one = sign(sheet, first.signer, person, NOW)
        two = sign(one, second.signer, agency, NOW)
        found["one signature"] = fastest(lambda: sign(sheet, first.signer, person, NOW))
        found["the agency's on top"] = fastest(lambda: sign(one, second.signer, agency, NOW))
    lists = [authority.list_of_revoked()]
    verdict = verify(two, [authority.der], lists, NOW)
    assert verdict.trusted and all(made.revocation == "good" for made in verdict.signatures)
    found["two validated"] = fastest(lambda: verify(two, [authority.der], lists, NOW))
    for name, pdf in (("sheet", sheet), ("signed once", one), ("signed twice", two)):
        found[f"KiB {name}"] = len(pdf) / 1024
    return found


def main() -> None:
    """Print the table."""
    unit = fastest(lambda: hashlib.sha256(bytes(1_000_000)).digest())
    for name, value in measured().items():
        times = "" if name.startswith("KiB") else f"  = {value / unit:6.1f} x SHA-256 of 1 MB"
        sys.stdout.write(f"{name:22} {value:8.1f}{times}  {AIMS.get(name, '')}\n")


if __name__ == "__main__":
    main()
