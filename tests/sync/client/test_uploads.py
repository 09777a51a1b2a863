"""Files over a real server and a proxy that cuts."""

import hashlib
import random
import shutil

import pytest
from sqlalchemy import select

from app.services import evidence as service
from app.storage import evidence
from app.storage.tables import file as kept
from sync.client import uploads
from sync.client.link import Cut, NoAnswer, NoConnection, Progress, StoppedByUser
from sync.client.network import HttpLink
from sync.server import uploads as province
from sync.server.tables import upload
from tests.sync.places import ASSIGNMENT
from tests.sync.served import memory_folder, served
from tests.world import UNIT

KEY = {"assignment": ASSIGNMENT, "week": "2025-W27"}


@pytest.fixture(scope="module")
def line():
    with served(memory_folder("uploads")) as made:
        made.keep("empty")
        yield made


@pytest.fixture
def both(line):
    """Both ends without any file, and no cut on the line between them."""
    line.proxy.cut_after = 0
    line.put_back("empty")
    shutil.rmtree(line.folder / "files", ignore_errors=True)
    return line


def noise(size: int, seed: int = 1) -> bytes:
    return random.Random(seed).randbytes(size)


def keep(opened, content: bytes, kind="photo") -> str:
    prepared = service.Prepared(hashlib.sha256(content).hexdigest(), "ảnh.jpg", kind, content, 0, False)
    return service.commit(opened, KEY, prepared).sha256


def leaves(line, opened) -> None:
    """What a sync does about files, without the sync."""
    with opened.ledger.read() as connection:
        wanted = tuple(evidence.wanted(connection))
    with line.store.read() as connection:
        given = province.leaves(line.store, connection, UNIT, wanted)
    with opened.ledger.edit() as edit:
        pairs = [(name.hex(), leave) for name, leave in zip(wanted, given, strict=True)]
        evidence.note_leaves(edit.connection, pairs, 1)


def send(line, opened, address: str = "", **more) -> int:
    link = HttpLink(address or line.proxy.address, pause=lambda _: None)
    try:
        return uploads.send(opened, link, **more)
    finally:
        link.close()


def here(line) -> dict[str, bool]:
    with line.store.read() as connection:
        return {row.sha256: row.done_at is not None for row in connection.execute(select(upload))}


def row(opened, sha256: str):
    with opened.ledger.read() as connection:
        return connection.execute(select(kept).where(kept.c.sha256 == sha256)).one()


def bytes_of(line, sha256: str) -> bytes:
    return (line.folder / "files" / UNIT / sha256).read_bytes()


def test_a_file_goes_whole_in_one_request_and_is_held_once_an_answer_says_so(both):
    content = noise(200_000)
    with both.opened() as opened:
        name = keep(opened, content)
        assert send(both, opened) == 0  # nobody gave leave yet
        leaves(both, opened)
        before = both.proxy.count
        assert send(both, opened) == 1
        assert (both.proxy.count - before).requests == 1  # a larger one in parts of 256 KiB
        assert here(both) == {name: True} and bytes_of(both, name) == content
        assert row(opened, name).held_at is None
        assert send(both, opened) == 0  # it went; the next answer says the rest
        leaves(both, opened)
        assert row(opened, name).held_at == 1
        with opened.ledger.read() as connection:
            assert evidence.wanted(connection) == [] and evidence.to_send(connection) == []


@pytest.mark.parametrize("cut", [1500, 3000, 8192, 100_000])
def test_a_link_that_is_cut_again_and_again_brings_it_whole_and_little_twice(both, cut):
    content = noise(60_000)
    with both.opened() as opened:
        name = keep(opened, content)
        leaves(both, opened)
        before = both.proxy.count
        both.proxy.cut_after = cut
        assert send(both, opened) == 1
        both.proxy.cut_after = 0
        went = both.proxy.count - before
    assert bytes_of(both, name) == content
    assert went.up < len(content) * (1.75 if cut < 2000 else 1.35), went


@pytest.mark.parametrize("offset", [0, 300, 700, 20_000, 36_000, 59_999, 60_050])
@pytest.mark.parametrize("way", ["up", "down"])
def test_cut_at_one_byte_in_either_direction_at_most_one_part_goes_twice(both, way, offset):
    content = noise(60_000)
    with both.opened() as opened:
        name = keep(opened, content)
        leaves(both, opened)
        before = both.proxy.count
        both.proxy.cut_at(way, offset if way == "up" else offset % 200)
        assert send(both, opened) == 1
        both.proxy.spare()
        went = both.proxy.count - before
    assert bytes_of(both, name) == content
    assert went.up < len(content) + 4000, went


@pytest.mark.slow
@pytest.mark.parametrize("way", ["up", "down"])
def test_cut_at_every_place_the_file_arrives_and_at_most_one_part_goes_twice(both, way):
    content = noise(4000)
    with both.opened() as opened:
        name = keep(opened, content)
        leaves(both, opened)
        with opened.ledger.edit() as edit:
            uploads.meta.write(edit.connection, "slice", 1024)
        both.keep("waiting")
    for offset in range(0, 20_000, 16 if way == "up" else 3):
        both.put_back("waiting")
        shutil.rmtree(both.folder / "files", ignore_errors=True)
        with both.opened() as opened:
            before = both.proxy.count
            both.proxy.cut_at(way, offset)
            assert send(both, opened) == 1, offset
            whole = both.proxy.spare() is not None
            assert bytes_of(both, name) == content, offset
            assert (both.proxy.count - before).up < len(content) + 1024 + 3500, offset
        if whole:
            break
    assert offset > 300


def test_the_next_process_goes_on_at_the_byte_where_the_last_one_stopped(both):
    content = noise(300_000)
    said = []

    def stopped() -> bool:
        return bool(said) and said[-1].up >= 100_000

    with both.opened() as opened:
        name = keep(opened, content)
        leaves(both, opened)
        with opened.ledger.edit() as edit:
            uploads.meta.write(edit.connection, "slice", 32_768)
        with pytest.raises(StoppedByUser):
            send(both, opened, tell=said.append, stopped=stopped)
    with both.opened() as opened:
        assert 0 < row(opened, name).sent < len(content)
        before = both.proxy.count
        assert send(both, opened, tell=said.append) == 1
        assert (both.proxy.count - before).up < len(content) - 90_000
    assert bytes_of(both, name) == content
    ups = [progress.up for progress in said]
    assert ups == sorted(ups) and said[-1] == Progress("evidence", 300_000, 300_000, 0, 0)


def test_sheets_go_first_then_documents_then_photos(both):
    with both.opened() as opened:
        photo = keep(opened, noise(900, 1))
        document = keep(opened, noise(900, 2), "document")
        sheet = keep(opened, noise(900, 3), "sheet")
        leaves(both, opened)
        order = []
        link = HttpLink(both.proxy.address)
        call = link.call

        def noticed(method, path, headers, body, *more):
            order.append(hashlib.sha256(body).hexdigest())
            return call(method, path, headers, body, *more)

        link.call = noticed
        assert uploads.send(opened, link) == 3
        link.close()
    assert order == [sheet, document, photo]


def test_an_upload_that_is_gone_begins_anew(both):
    content = noise(50_000)
    with both.opened() as opened:
        name = keep(opened, content)
        leaves(both, opened)
        with opened.ledger.edit() as edit:
            evidence.note_upload(edit.connection, name, "/files/" + "0" * 32, 40_000)
        assert send(both, opened) == 1
    assert bytes_of(both, name) == content


def test_what_another_machine_of_the_unit_began_is_gone_on_with_and_never_sent_twice(both):
    content = noise(200_000)
    with both.opened() as opened, both.store.write() as connection:
        leave = province.leaves(both.store, connection, UNIT, (hashlib.sha256(content).digest(),))[0]
    link = HttpLink(both.proxy.address)
    item = evidence.Kept(hashlib.sha256(content).hexdigest(), len(content), "photo", "", 0, leave)
    headers = {"Authorization": f"Bearer {leave}", "Tus-Resumable": "1.0.0"}
    made = link.call(
        "POST", "/files",
        {**headers, "Upload-Length": "200000", "Upload-Metadata": "sha256 " + b64(item.sha256)}, b"",
    )  # fmt: skip
    sent = {**headers, "Upload-Offset": "0", "Content-Type": "application/offset+octet-stream"}
    assert link.call("PATCH", made.headers["location"], sent, content[:150_000]).status == 204
    link.close()
    with both.opened() as opened:
        name = keep(opened, content)
        leaves(both, opened)
        with opened.ledger.edit() as edit:
            uploads.meta.write(edit.connection, "slice", 512)  # so that little goes along with the question
        before = both.proxy.count
        assert send(both, opened) == 1
        assert (both.proxy.count - before).up < 80_000
        second = keep(opened, noise(10, 5))
    assert bytes_of(both, name) == content and second not in here(both)


def b64(text: str) -> str:
    import base64

    return base64.b64encode(text.encode()).decode()


def test_a_leave_that_ran_out_is_asked_for_anew(both):
    with both.opened() as opened:
        name = keep(opened, noise(5000))
        with opened.ledger.edit() as edit:
            evidence.note_leaves(edit.connection, [(name, f"{UNIT}.1.AAAA")], 1)
        assert send(both, opened) == 0
        assert row(opened, name).token is None
        leaves(both, opened)
        assert send(both, opened) == 1


def test_a_province_that_lost_the_file_gets_it_again(both):
    content = noise(5000)
    with both.opened() as opened:
        name = keep(opened, content)
        leaves(both, opened)
        assert send(both, opened) == 1
        both.put_back_province("empty")
        (both.folder / "files" / UNIT / name).unlink()
        leaves(both, opened)  # it asks, as nobody confirmed; and is given leave
        assert send(both, opened) == 1
    assert bytes_of(both, name) == content


def test_a_file_whose_row_alone_was_lost_counts_without_a_byte_more(both):
    content = noise(150_000)
    with both.opened() as opened:
        name = keep(opened, content)
        leaves(both, opened)
        assert send(both, opened) == 1
        both.put_back_province("empty")
        leaves(both, opened)
        with opened.ledger.edit() as edit:
            uploads.meta.write(edit.connection, "slice", 512)
        before = both.proxy.count
        assert send(both, opened) == 1
        assert (both.proxy.count - before).up < 2000
    assert here(both) == {name: True}


def test_a_file_damaged_on_this_machine_does_not_hold_up_the_others(both):
    with both.opened() as opened:
        bad, good = keep(opened, noise(5000, 1), "sheet"), keep(opened, noise(5000, 2))
        leaves(both, opened)
        service.vault(opened).path(bad).write_bytes(b"nothing")
        assert send(both, opened) == 1
    assert here(both)[good] is True


def test_a_link_that_is_very_slow_gets_parts_whose_answers_come_in_time(both, monkeypatch):
    content, now, parts = noise(200_000), [0.0], []
    with both.opened() as opened:
        name = keep(opened, content)
        leaves(both, opened)
        link = HttpLink(both.proxy.address)
        call = link.call
        monkeypatch.setattr(uploads.time, "monotonic", lambda: now[0])

        def slow(method, path, headers, body, *more):
            """One kilobyte in a second, and nobody waits for an answer longer than 60 seconds."""
            if len(body) > 60_000:
                call(method, path, headers, body[:60_000], *more)  # which is what arrives by then
                now[0] += 60
                raise Cut(why="late")
            now[0] += len(body) / 1000
            parts.append(len(body))
            return call(method, path, headers, body, *more)

        link.call = slow
        assert uploads.send(opened, link) == 1
        link.close()
        with opened.ledger.read() as connection:
            assert uploads.meta.read(connection, "slice") < 50_000  # the next file begins with what it learnt
    assert bytes_of(both, name) == content
    assert max(parts[1:]) <= 50_000 and now[0] < 330


def test_a_login_page_is_no_answer_and_nothing_counts(both):
    with both.opened() as opened:
        name = keep(opened, noise(5000))
        leaves(both, opened)

        class Page:
            def call(self, method, path, headers, body, *more):
                return uploads.Reply(200, {"content-type": "text/html", "upload-offset": "5000"}, b"<html>")

            def wait(self, seconds):
                pass

        with pytest.raises(NoAnswer):
            uploads.send(opened, Page())
        assert (row(opened, name).sent, row(opened, name).url) == (0, None)


def test_a_proxy_that_takes_small_bodies_only_gets_small_ones(both):
    content = noise(30_000)
    with both.opened() as opened:
        name = keep(opened, content)
        leaves(both, opened)
        link = HttpLink(both.proxy.address)
        call, refused = link.call, []

        def narrow(method, path, headers, body, *more):
            if len(body) > 5000:
                refused.append(len(body))
                return uploads.Reply(413, {"content-type": "text/html"}, b"too large")
            return call(method, path, headers, body, *more)

        link.call = narrow
        assert uploads.send(opened, link) == 1
        link.close()
    assert bytes_of(both, name) == content and refused


def test_a_proxy_that_knows_the_usual_methods_only_is_passed_by_post(both):
    content = noise(300_000)
    with both.opened() as opened:
        name = keep(opened, content)
        leaves(both, opened)
        link = HttpLink(both.proxy.address)
        call, refused = link.call, []

        def strict(method, path, headers, body, *more):
            if method == "POST":
                return call(method, path, headers, body, *more)
            refused.append(method)
            return uploads.Reply(501, {"content-type": "text/html"}, b"what is that?")

        link.call = strict
        assert uploads.send(opened, link) == 1
        link.close()
    assert bytes_of(both, name) == content and refused == ["PATCH"]


def test_a_link_on_which_nothing_moves_is_given_up(both):
    with both.opened() as opened:
        keep(opened, noise(5000))
        leaves(both, opened)
        both.proxy.cut_after = 100
        with pytest.raises(NoConnection):
            send(both, opened)
        both.proxy.cut_after = 0
        assert send(both, opened) == 1
