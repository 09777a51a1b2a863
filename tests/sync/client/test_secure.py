"""TLS between a real client and a real server: one pinned authority, TLS 1.3, sessions that go on."""

import os
import socket
import ssl
import subprocess
import sys
from contextlib import contextmanager
from datetime import timedelta

import pytest

from app.domain.ids import assignment_id, task_id
from app.domain.periods import show_date, today
from app.services.opening import enrol
from app.storage.home import Home
from app.words import explain
from sync.client import enrolment
from sync.client.link import CertificateDates, NoConnection, PlainHttp
from sync.client.network import HttpLink
from sync.client.run import run
from sync.server import enrolment as codes
from tests.benchmarks import texts
from tests.benchmarks.proxy import Proxy
from tests.sync.client.authority import Authority
from tests.sync.served import clock
from tests.world import UNIT, Province, task, units

OURS = Authority()


@pytest.fixture(scope="module")
def province(tmp_path_factory):
    made = Province(tmp_path_factory.mktemp("secure") / "province.db", clock)
    made.issue(*units(UNIT), *task("T1", UNIT))
    yield made
    made.close()


@contextmanager
def serving(province, cert, key):
    """The province's own command, with a certificate; a proxy before it, its address with https."""
    command = [sys.executable, "-m", "sync.server.main", "--db", f"sqlite:///{province.path}", "serve"]
    with subprocess.Popen(
        [*command, "--port", "0", "--cert", str(cert), "--key", str(key), "--until-stdin-closes"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8",
    ) as process:  # fmt: skip
        address = process.stdout.readline().strip()
        assert address.startswith("https://127.0.0.1:")
        proxy = Proxy(int(address.rpartition(":")[2]))
        try:
            yield proxy, f"https://127.0.0.1:{proxy.port}"
        finally:
            proxy.close()
            process.stdin.close()
            process.wait(20)


@pytest.fixture(scope="module")
def served(province, tmp_path_factory):
    with serving(province, *OURS.issue(tmp_path_factory.mktemp("certificate"))) as made:
        yield made


def ask(address, **more):
    link = HttpLink(address, **more)
    try:
        return link.call("GET", "/v1/health", {}, b"")
    finally:
        link.close()


def words(address, **more):
    with pytest.raises(NoConnection) as told:
        ask(address, **more)
    return explain(told.value)


def test_a_machine_that_pinned_the_authority_exchanges_on_a_link_that_breaks_too(province, served, tmp_path):
    proxy, address = served
    with province.store.write() as connection:
        code = codes.new_code(province.store, connection, UNIT)

    def present(newcomer):
        link = HttpLink(address, ca=OURS.pem)
        try:
            return enrolment.enrol(link, address, newcomer, "0.1.0", ca=OURS.pem)
        finally:
            link.close()

    opened = enrol(Home(tmp_path / "home"), clock, code, "Hà", present, keyring=False)
    try:
        assert opened.ledger.identity.ca == OURS.pem
        assert run(opened).sent >= 1  # the officer's own record
        with opened.ledger.edit() as edit:
            for number, said in enumerate(texts.week(40)):
                spot = {"assignment": assignment_id(task_id("P", "T1"), UNIT), "week": f"2025-W{number + 10}"}
                edit.write("progress", spot, {k: said[k] for k in ("result", "difficulty", "next_step")})
        proxy.cut_after, before = 3072, proxy.count
        assert run(opened).sent == 40
        assert (proxy.count - before).cuts > 1
    finally:
        proxy.cut_after = 0
        opened.close()


def test_only_the_pinned_authority_is_believed(served):
    _, address = served
    assert ask(address, ca=OURS.pem).status == 200
    assert "certificate at this address is not accepted" in words(address, ca=Authority().pem)
    assert "certificate at this address is not accepted" in words(address)
    assert "cannot be read" in words(address, ca="-----BEGIN CERTIFICATE-----\nAAAA")


def test_nothing_of_the_surroundings_is_believed_beside_the_pinned_one(served, tmp_path, monkeypatch):
    _, address = served
    bundle = tmp_path / "office.pem"
    bundle.write_text(OURS.pem)
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE"):
        monkeypatch.setenv(name, str(bundle))
    # by a name that is not the machine's own, so that the settings of the surroundings count
    monkeypatch.setattr("sync.client.network._is_this_machine", lambda _host: False)
    assert ask(address).status == 200
    assert "not accepted" in words(address, ca=Authority().pem)


@pytest.mark.parametrize("days", [-900, 900])
def test_a_certificate_out_of_its_dates_names_the_clock(province, tmp_path, days):
    cert = OURS.issue(tmp_path, shift=timedelta(days=days))
    with serving(province, *cert) as (_, address), pytest.raises(CertificateDates) as told:
        ask(address, ca=OURS.pem)
    assert show_date(today(clock())) in explain(told.value)
    assert "clock" in explain(told.value) and "USB" in explain(told.value)


def test_nothing_older_than_tls_1_3_is_spoken(served):
    proxy, _ = served
    context = ssl.create_default_context(cadata=OURS.pem)
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    with (
        socket.create_connection(("127.0.0.1", proxy.port), timeout=10) as road,
        pytest.raises(ssl.SSLError),
        context.wrap_socket(road, server_hostname="127.0.0.1"),
    ):
        pass


def test_a_second_connection_goes_on_with_the_first_one_s_session(served):
    proxy, address = served
    link = HttpLink(address, ca=OURS.pem)
    counts = []
    for _ in range(3):
        before = proxy.count
        assert link.call("GET", "/v1/health", {}, b"").status == 200
        counts.append(proxy.count - before)
        proxy.cut()
    link.close()
    full, *resumed = counts
    assert all(count.down < full.down - 300 for count in resumed)  # no certificate on the way
    assert full.total < 1700 and all(count.total < 1500 for count in resumed)


@pytest.mark.parametrize("address", ["http://tinh.example", "http://192.168.1.10:8080", "http://[fe80::1]"])
def test_plain_http_is_for_the_machine_itself(address):
    with pytest.raises(PlainHttp) as told:
        HttpLink(address)
    assert "https://" in explain(told.value)


@pytest.mark.parametrize("address", ["http://localhost:1", "http://127.0.0.5:1", "http://[::1]:1"])
def test_the_machine_itself_may_be_plain(address):
    HttpLink(address).close()


def test_what_is_no_certificate_is_named_by_the_server(province, tmp_path, capsys):
    from sync.server.main import main

    cert, key = OURS.issue(tmp_path)
    db = ["--db", f"sqlite:///{province.path}", "--lang", "en", "serve", "--port", "0"]
    assert main([*db, "--cert", str(cert)]) == 1
    assert "--key" in capsys.readouterr().err
    assert main([*db, "--cert", str(cert), "--key", str(cert)]) == 1
    assert str(cert) in capsys.readouterr().err
    assert main([*db, "--cert", str(tmp_path / "none"), "--key", str(key)]) == 1
    assert "none" in capsys.readouterr().err
    if hasattr(os, "mkfifo"):  # nobody writes into it, and nobody waits for that
        os.mkfifo(tmp_path / "pipe")
        assert main([*db, "--cert", str(tmp_path / "pipe"), "--key", str(key)]) == 1
