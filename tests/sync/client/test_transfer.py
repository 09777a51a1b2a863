"""An envelope over links that break: it goes on where it stopped, in one call and by the next process."""

import http.client
import itertools
import shutil
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import LedgerError
from app.domain.ids import assignment_id, task_id
from app.services.opening import open_home
from app.storage import meta, outgoing
from app.storage.home import Home
from app.storage.outgoing import Parcel
from app.words import explain
from sync.client.engine import synchronise
from sync.client.link import Cut, NoConnection, Reply, StoppedByUser, TooNarrow
from sync.client.network import HttpLink
from sync.client.run import run
from sync.client.transfer import Transfer
from tests.benchmarks import texts
from tests.sync.served import clock, memory_folder, served
from tests.sync.whole import faults
from tests.world import UNIT, Clock, Device, Province, task

UPDATES, CORRECTED = 81, 20


@pytest.fixture(scope="module")
def place():
    """A commune with a week's words to send, and a province with corrected tasks for it."""
    titles = [row["title"] for row in texts.tasks(UPDATES, UNIT)]
    wanted = [item for number, title in enumerate(titles) for item in task(f"T{number}", UNIT, title=title)]
    with served(memory_folder("transfer"), *wanted) as made:
        made.keep("new")
        with made.opened() as opened:
            run(opened)
            with opened.ledger.edit() as edit:
                for number, said in enumerate(texts.week(UPDATES)):
                    spot = {"assignment": assignment_id(task_id("P", f"T{number}"), UNIT), "week": "2025-W27"}
                    edit.write("progress", spot, {k: said[k] for k in ("result", "difficulty", "next_step")})
        for number, row in enumerate(texts.tasks(CORRECTED, UNIT, seed=9)):
            made.province.issue(*task(f"T{number}", UNIT, title=row["title"]))
        made.keep("week")
        yield made


@pytest.fixture
def week(place):
    place.proxy.cut_after = 0
    place.put_back("week")
    yield place
    place.proxy.cut_after = 0
    place.proxy.spare()


def kept(opened):
    with opened.ledger.read() as connection:
        return outgoing.outstanding(connection), meta.read(connection, "slice")


def payload(place):
    """Bytes of an uncut sync of the week, headers included."""
    before = place.proxy.count
    with place.opened() as opened:
        done = run(opened)
        assert (done.sent, done.received, done.requests) == (UPDATES, CORRECTED, 1)
        assert (done.slices, done.resumed, kept(opened)) == (0, False, (None, None))
    found = (place.proxy.count - before).total
    place.put_back("week")
    return found


@pytest.mark.parametrize(("cut_after", "ratio"), [(4000, 1.3), (3072, 1.3), (1536, 1.6), (800, 2.2)])
def test_a_link_that_is_cut_again_and_again_carries_the_week_in_one_call(week, cut_after, ratio):
    whole = payload(week)
    week.proxy.cut_after = cut_after
    before = week.proxy.count
    with week.opened() as opened:
        done = run(opened)
        count = week.proxy.count - before
        assert (done.sent, done.received, done.resumed) == (UPDATES, CORRECTED, False)
        assert done.slices > 0 and count.cuts >= whole // cut_after > 0
        assert count.total <= ratio * whole
        assert faults(opened.ledger, week.store, UNIT) == []
        assert kept(opened)[0] is None


@pytest.mark.parametrize("offset", [300, 4000])
def test_another_process_goes_on_with_an_envelope_that_was_cut(week, offset):
    week.proxy.cut_at("up", offset)
    before = week.proxy.count
    with week.opened() as opened, pytest.raises(StoppedByUser):
        run(opened, stopped=lambda: kept(opened)[0] is not None)
    with week.opened() as opened:
        parcel, size = kept(opened)
        assert parcel is not None and size is not None
        before = week.proxy.count
        done = run(opened)
        count = week.proxy.count - before
        assert (done.sent, done.received, done.resumed) == (UPDATES, CORRECTED, True)
        # what had arrived is not sent again; the second question, for what came since, is small
        assert count.up < len(parcel.envelope) - offset + 1500
        assert faults(opened.ledger, week.store, UNIT) == []
        assert kept(opened)[0] is None


def test_a_process_killed_between_slices_leaves_them_to_the_next(week):
    week.proxy.cut_after = 1536

    class Killed(BaseException):
        """As a kill is: nothing is caught, nothing is tidied up."""

    class Link(HttpLink):
        def call(self, *given, **more):
            if self.requests > 7:
                raise Killed
            return super().call(*given, **more)

    with week.opened() as opened, pytest.raises(Killed):
        synchronise(opened.ledger, Link(opened.ledger.identity.server), opened.sign)
    week.proxy.cut_after = 0
    before = week.proxy.count
    with week.opened() as opened:
        whole = len(kept(opened)[0].envelope)
        done = run(opened)
        assert (done.sent, done.resumed) == (UPDATES, True)
        assert (week.proxy.count - before).up < whole - 2500 + 1500
        assert faults(opened.ledger, week.store, UNIT) == []


def test_another_process_goes_on_with_an_answer_that_was_cut(place):
    place.put_back("new")
    before = place.proxy.count
    with place.opened() as opened:
        run(opened)
    whole = (place.proxy.count - before).down
    assert whole > 2000
    place.put_back("new")
    place.proxy.cut_at("down", whole - 1000)
    before = place.proxy.count
    with place.opened() as opened, pytest.raises(StoppedByUser):
        run(opened, stopped=lambda: kept(opened)[0] is not None)
    before = place.proxy.count
    with place.opened() as opened:
        assert len(kept(opened)[0].answer) > whole - 1400
        done = run(opened)
        assert done.resumed and done.received >= 2 * UPDATES
        assert (place.proxy.count - before).down < 1700
        assert faults(opened.ledger, place.store, UNIT) == []


def test_what_was_written_since_goes_after_what_was_cut(week):
    week.proxy.cut_at("up", 4000)
    with week.opened() as opened:
        with pytest.raises(StoppedByUser):
            run(opened, stopped=lambda: kept(opened)[0] is not None)
        spot = {"assignment": assignment_id(task_id("P", "T3"), UNIT), "week": "2025-W28"}
        with opened.ledger.edit() as edit:
            edit.set("progress", spot, "result", "viết sau khi đứt mạng")
        done = run(opened)
        assert (done.sent, done.resumed) == (UPDATES + 1, True)
        assert faults(opened.ledger, week.store, UNIT) == []


def test_a_province_that_forgot_what_it_had_gets_it_again(week):
    week.proxy.cut_at("up", 4000)
    with week.opened() as opened:
        with pytest.raises(StoppedByUser):
            run(opened, stopped=lambda: kept(opened)[0] is not None)
        week.put_back_province("week")
        done = run(opened)
        assert (done.sent, done.received, done.resumed) == (UPDATES, CORRECTED, True)
        assert faults(opened.ledger, week.store, UNIT) == []


def test_a_province_that_went_back_behind_it_all_is_brought_up_again(week):
    week.proxy.cut_at("up", 4000)
    with week.opened() as opened:
        with pytest.raises(StoppedByUser):
            run(opened, stopped=lambda: kept(opened)[0] is not None)
        week.put_back_province("new")  # it knows neither the part nor where this ledger stood
        done = run(opened)
        assert done.resumed and "province-went-back" in done.told
        # what was on its way arrives first, what was lost after it: the one thing that is not as written
        found = faults(opened.ledger, week.store, UNIT)
        assert [fault for fault in found if "comes after" not in fault] == []
        assert kept(opened)[0] is None
        assert run(opened).requests == 1


def test_an_answer_lost_on_its_way_is_not_made_twice(week):
    """Cut when the province has taken all; meanwhile a copy of this ledger gets in step."""
    week.proxy.cut_at("down", 0)
    with week.opened() as opened, pytest.raises(StoppedByUser):
        run(opened, stopped=lambda: kept(opened)[0] is not None)
    copy = Home(week.folder / "copy")
    shutil.rmtree(copy.path, ignore_errors=True)
    shutil.copytree(week.home.path, copy.path)
    theirs = open_home(copy, clock)
    assert run(theirs).sent == UPDATES
    with week.opened() as opened:
        done = run(opened)
        assert (done.sent, done.resumed) == (UPDATES, True)
        for ledger in (opened.ledger, theirs.ledger):
            assert faults(ledger, week.store, UNIT) == []
    theirs.close()


def test_a_link_that_is_gone_is_said_soon_and_everything_waits(week):
    week.proxy.cut_after = 60  # not even the head of a request
    waited = []
    with week.opened() as opened:
        link = HttpLink(opened.ledger.identity.server, pause=waited.append)
        with pytest.raises(NoConnection):
            synchronise(opened.ledger, link, opened.sign)
        link.close()
        assert 0 < sum(waited) < 60
        week.proxy.cut_after = 0
        assert run(opened).sent == UPDATES


def test_a_person_stops_it_while_the_network_is_waited_for(week):
    stop, raised = threading.Event(), []

    def go():
        with week.opened() as opened:
            try:
                run(opened, stopped=stop.is_set)
            except StoppedByUser as error:
                raised.append(error)

    week.proxy.hold("down")
    thread = threading.Thread(target=go)
    thread.start()
    week.proxy.wait_until_held("down")
    stop.set()
    thread.join(5)
    assert not thread.is_alive() and raised
    week.proxy.release()
    with week.opened() as opened:
        assert kept(opened)[1] is None  # that was no cut: it says nothing about the link
        done = run(opened)
        assert (done.sent, done.resumed) == (UPDATES, True)
        assert faults(opened.ledger, week.store, UNIT) == []


def test_progress_is_told_in_bytes(week):
    week.proxy.cut_after = 3072
    told = []
    with week.opened() as opened:
        run(opened, tell=told.append)
    words = [item for item in told if item.phase == "words"]
    assert all(item.up <= item.up_total and item.down <= item.down_total for item in words)
    assert [item.up for item in words] == sorted(item.up for item in words)
    assert len({item.up for item in words}) > 2 and len({item.down for item in words}) > 1


def test_a_large_envelope_goes_whole_on_a_link_that_was_never_cut(week, monkeypatch):
    monkeypatch.setattr("sync.client.transfer.LARGEST", 2000)
    with week.opened() as opened:
        done = run(opened)
        assert (done.sent, done.requests, done.slices) == (UPDATES, 1, 0)


@pytest.fixture
def narrow(week):
    """A proxy of the office's that refuses bodies over a limit; gives a function that starts one."""
    running = []

    def start(limit: int) -> str:
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                if len(body) > limit:
                    self.answer(413, {"Content-Type": "text/html"}, b"<html>Too large</html>")
                    return
                behind = http.client.HTTPConnection("127.0.0.1", week.proxy.port, timeout=30)
                behind.request(self.command, self.path, body or None, dict(self.headers))
                reply = behind.getresponse()
                self.answer(reply.status, dict(reply.headers), reply.read())
                behind.close()

            do_GET = do_POST

            def answer(self, status: int, headers: dict[str, str], body: bytes) -> None:
                self.send_response(status)
                for name, value in headers.items():
                    if name.lower() not in {"content-length", "connection"}:
                        self.send_header(name, value)
                if status != 204:
                    self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None: ...

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        running.append(server)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{server.server_address[1]}"

    yield start
    for server in running:
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize("limit", [5000, 900, 512])
def test_a_proxy_s_limit_means_smaller_parts_and_never_a_refusal(week, narrow, limit):
    with week.opened() as opened:
        link = HttpLink(narrow(limit))
        done = synchronise(opened.ledger, link, opened.sign)
        link.close()
        assert (done.sent, done.refused, done.received) == (UPDATES, 0, CORRECTED)
        assert faults(opened.ledger, week.store, UNIT) == []


def test_where_nothing_passes_the_limit_is_named_and_another_road_offered(week, narrow):
    with week.opened() as opened:
        link = HttpLink(narrow(400))
        with pytest.raises(TooNarrow) as told:
            synchronise(opened.ledger, link, opened.sign)
        link.close()
        assert "512" in explain(told.value) and "USB" in explain(told.value)
        assert run(opened).sent == UPDATES


NUMBERS = st.integers(0, 3000).map(str) | st.sampled_from(["", "-1", "x", "9" * 13])
RANGES = st.tuples(NUMBERS, NUMBERS, NUMBERS).map(lambda t: f"bytes {t[0]}-{t[1]}/{t[2]}") | st.just("bytes")
REPLIES = st.builds(
    Reply,
    st.sampled_from([200, 200, 204, 204, 206, 206, 404, 409, 413, 416, 500]),
    st.fixed_dictionaries(
        {"content-type": st.sampled_from(["application/cose", "application/problem+json", "text/html", ""])},
        optional={"content-range": RANGES, "upload-offset": NUMBERS, "content-length": NUMBERS},
    ),
    st.binary(max_size=300) | st.just(b'{"type": "urn:so-nhiem-vu:not-found"}'),
)
STEPS = st.lists(
    REPLIES
    | st.builds(Cut, why=st.just("cut"), reply=st.none() | REPLIES)
    | st.builds(NoConnection, why=st.just("gone")),
    min_size=1, max_size=12,
)  # fmt: skip


class Odd:
    """Answers in a circle with what it was given; whatever that is, it is asked a bounded number of times."""

    requests = bytes_up = bytes_down = busy = 0

    def __init__(self, steps):
        self._steps = itertools.cycle(steps)

    def post(self, path, body):
        raise AssertionError("not asked for")

    def call(self, method, path, headers, body, heard=None):
        self.requests += 1
        assert self.requests < 1000
        step = next(self._steps)
        if isinstance(step, Exception):
            raise step
        return step

    def wait(self, seconds):
        assert 0 <= seconds <= 10


@pytest.fixture(scope="module")
def ledger(tmp_path_factory):
    clock_ = Clock()
    folder = tmp_path_factory.mktemp("odd")
    province, device = Province(folder / "province.db", clock_), Device(folder / "device.db", clock_)
    device.enrol(province)
    yield device.ledger
    device.close()
    province.close()


@given(STEPS, st.sampled_from([100, 5000]), st.booleans())
def test_whatever_answers_it_comes_to_an_end_and_says_why(ledger, steps, size, resumed):
    parcel = Parcel(b"request", bytes(size), b"begun" if resumed else b"")
    transfer = Transfer(ledger, Odd(steps), parcel, lambda _: None, resumed=resumed)
    try:
        assert isinstance(transfer.carry(), bytes)
    except LedgerError as error:
        assert explain(error)
    transfer.abandon()
