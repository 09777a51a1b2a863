"""The same words by network, stick and paper, in every order: one entry, one receipt, and nothing waits."""

from itertools import permutations

import pytest
from sqlalchemy import select

from app.record import log
from app.record.tables import rows
from sync.client import engine, paper, usb
from tests.sync.sheets import close, receipt, scanned, taken, write
from tests.sync.sticks import Desk, record, waiting
from tests.sync.whole import faults
from tests.world import UNIT, Clock


class Roads:
    """A report of a commune that is on its way three times."""

    def __init__(self, folder):
        self.folder = folder
        self.desk = Desk(folder, Clock())
        self.opened = self.desk.machine("máy")
        record(self.opened, "Đã mở lớp")
        self.report = close(self.opened)
        usb.export(self.opened, folder / "gói")
        self.sheets = write(folder / "trang mã", paper.printed(self.opened, self.report))

    def network(self):
        engine.synchronise(self.opened.ledger, self.desk.wire(), self.opened.sign)

    def stick(self):
        self.desk.take(self.folder / "gói", self.folder / "trả lời")
        usb.take(self.opened, self.folder / "trả lời")

    def paper(self):
        (result,) = scanned(self.desk, self.sheets).results
        assert result.complete
        assert taken(self.opened, receipt(self.desk, result, self.folder / "phiếu")).good

    def close(self):
        self.opened.close()
        self.desk.close()


@pytest.mark.parametrize("order", list(permutations(("network", "stick", "paper"))), ids="-".join)
def test_every_order(tmp_path, order):
    roads = Roads(tmp_path)
    for road in order:
        getattr(roads, road)()
        roads.desk.clock.now += 60
        assert waiting(roads.opened) == 0
        assert faults(roads.opened.ledger, roads.desk.store, UNIT) == []
    with roads.desk.store.read() as connection:
        said = [held for held in log.read(connection) if held.change.fields.get("result") == "Đã mở lớp"]
        assert len(said) == 1
        assert [row.report for row in connection.execute(select(rows["receipt"]))] == [roads.report]
    roads.close()
