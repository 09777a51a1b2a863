"""Anything may happen to three devices and their province; all end up equal and nothing is lost."""

import pytest
from hypothesis import settings, strategies
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from app.domain.fields import identity
from app.domain.merge import NOTHING
from app.record.reading import seen
from app.storage import outgoing
from app.storage.meta import read_identity
from sync.client.link import NoAnswer
from sync.server.store import stream
from tests.sync.histories import CLOCKS, SPOTS, Apart, Commune, commune
from tests.world import Wire

DEVICES = strategies.integers(0, 4)
CHOICES = strategies.integers(0, 30)
GAPS = strategies.sampled_from([0, 0, 1, 40])
LOSSES = strategies.sampled_from(["", "", "request", "answer"])


class Histories(RuleBasedStateMachine):
    @initialize()
    def begin(self) -> None:
        self.commune = Commune()
        self.ended = False

    @rule(device=DEVICES, spot=strategies.integers(0, len(SPOTS) - 1), same=strategies.booleans())
    def open_and_write(self, device: int, spot: int, same: bool) -> None:
        self.commune.tick()
        self.commune.open_editor(device, spot)
        self.commune.write(device, -1, same=same)

    @rule(device=DEVICES, spot=strategies.integers(0, len(SPOTS) - 1))
    def open_an_editor(self, device: int, spot: int) -> None:
        self.commune.open_editor(device, spot)

    @rule(
        device=DEVICES, choice=CHOICES, same=strategies.booleans(), gap=strategies.sampled_from([0, 0, 1, 40])
    )
    def write_in_an_open_editor(self, device: int, choice: int, same: bool, gap: int) -> None:
        self.commune.tick()
        self.commune.write(device, choice, same=same, gap=gap)

    @rule(what=strategies.integers(0, 5))
    def the_province_issues(self, what: int) -> None:
        self.commune.tick()
        self.commune.issue(what)

    @rule(device=DEVICES, lose=LOSSES, after=strategies.integers(0, 2))
    def sync(self, device: int, lose: str, after: int) -> None:
        self.commune.tick()
        self.commune.sync(device, lose, after)

    @rule(device=DEVICES, lose=LOSSES)
    def two_programs_sync_one_ledger(self, device: int, lose: str) -> None:
        self.commune.tick()
        self.commune.sync_twice_at_once(device, lose)

    @rule(device=DEVICES, choice=CHOICES)
    def write_during_a_sync(self, device: int, choice: int) -> None:
        self.commune.write_while_syncing(device, choice)

    @rule(device=DEVICES, choice=CHOICES)
    def an_old_answer_comes_instead(self, device: int, choice: int) -> None:
        self.commune.sync(device, hand=choice)

    @rule(choice=CHOICES)
    def an_old_request_comes_again(self, choice: int) -> None:
        self.commune.tick(1)
        self.commune.repeat(choice)

    @rule(device=DEVICES)
    def write_a_stick(self, device: int) -> None:
        self.commune.write_stick(device)

    @rule(choice=CHOICES)
    def the_province_takes_a_stick(self, choice: int) -> None:
        self.commune.tick()
        self.commune.bring_stick(choice)

    @rule(device=DEVICES, choice=CHOICES)
    def an_answer_comes_by_stick(self, device: int, choice: int) -> None:
        self.commune.tick()
        self.commune.take_stick(device, choice)

    @rule(device=DEVICES)
    def a_stick_goes_there_and_back(self, device: int) -> None:
        self.commune.tick()
        self.commune.carry_stick(device)

    @rule(device=DEVICES, choice=CHOICES)
    def print_a_report(self, device: int, choice: int) -> None:
        self.commune.tick()
        self.commune.print_sheets(device, choice)

    @rule(choice=CHOICES, symbol=strategies.integers(0, 19))
    def the_province_scans_sheets(self, choice: int, symbol: int) -> None:
        self.commune.tick()
        self.commune.scan_sheets(choice, symbol)

    @rule(device=DEVICES, choice=CHOICES)
    def a_receipt_comes_by_post(self, device: int, choice: int) -> None:
        self.commune.tick()
        self.commune.take_receipt(device, choice)

    @rule(device=DEVICES)
    def paper_goes_there_and_back(self, device: int) -> None:
        self.commune.tick()
        self.commune.carry_paper(device)

    @rule(device=DEVICES)
    def back_up(self, device: int) -> None:
        self.commune.back_up(device)

    @rule(device=DEVICES, choice=CHOICES)
    def restore(self, device: int, choice: int) -> None:
        self.commune.restore(device, choice)

    @rule(device=DEVICES, other=DEVICES, choice=CHOICES)
    def a_copy_is_taken_in(self, device: int, other: int, choice: int) -> None:
        self.commune.take_in(device, other, choice)

    @rule()
    def a_machine_begins_with_a_file(self) -> None:
        self.commune.enrol_by_file()

    @rule(device=DEVICES)
    def copy(self, device: int) -> None:
        self.commune.copy(device)

    @rule()
    def back_up_the_province(self) -> None:
        self.commune.back_up_province()

    @rule(choice=CHOICES)
    def restore_the_province(self, choice: int) -> None:
        self.commune.tick()
        self.commune.restore_province(choice)

    @rule(device=DEVICES, choice=CHOICES, other=CHOICES)
    def the_house_burns(self, device: int, choice: int, other: int) -> None:
        """The province and one of the machines go back at the same time."""
        self.commune.restore_province(other)
        self.commune.restore(device, choice)

    @rule(device=DEVICES, clock=strategies.sampled_from(sorted(CLOCKS)))
    def set_a_clock(self, device: int, clock: str) -> None:
        self.commune.set_clock(device, CLOCKS[clock])

    def teardown(self) -> None:
        if not hasattr(self, "commune"):
            return
        try:
            self.commune.finish()
        finally:
            self.commune.close()


def search(examples: int) -> None:
    run_state_machine_as_test(
        Histories,
        settings=settings(max_examples=examples, stateful_step_count=30, report_multiple_bugs=False),
    )


@pytest.mark.timeout(900)  # about 45 s on a free machine
def test_whatever_happens_all_ends_are_equal_and_nothing_is_lost() -> None:
    search(100)


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_the_same_over_many_more_histories() -> None:
    search(2000)


# ---- what was found, and what would be wrong


def everybody_syncs(commune: Commune) -> None:
    for index in range(len(commune.devices)):
        commune.tick()
        commune.sync(index)


def an_editor_stays_open_over_a_sync(commune: Commune) -> None:
    """The first officer opens an editor; a sync in the background brings what another one wrote."""
    everybody_syncs(commune)
    commune.open_editor(0, 0)
    commune.open_editor(1, 0)
    commune.write(1, 0)
    commune.sync(1)
    commune.sync(0)
    commune.write(0, 0)


def only_a_colleague_still_has_it(commune: Commune) -> None:
    """The province and the machine that wrote go back to before; another machine had it already."""
    everybody_syncs(commune)
    commune.back_up_province()
    commune.back_up(0)
    commune.open_editor(0, 0)
    commune.write(0, 0)
    everybody_syncs(commune)
    commune.tick()
    commune.restore_province(-1)
    commune.restore(0, -1)


def the_province_goes_back_to_before_all(commune: Commune) -> None:
    everybody_syncs(commune)
    commune.issue(1)
    everybody_syncs(commune)
    commune.restore_province(0)


def a_clock_ran_ahead_before_the_province_went_back(commune: Commune) -> None:
    """The signed answers that give a province its tasks back are not thrown away on a device's word."""
    everybody_syncs(commune)
    commune.back_up_province()
    commune.issue(1)
    commune.sync(0)
    commune.set_clock(0, CLOCKS["2035"])
    commune.tick()
    commune.issue(2)
    commune.sync(0)
    commune.restore_province(-1)


def two_programs_share_a_ledger(commune: Commune) -> None:
    commune.open_editor(0, 0)
    commune.write(0, 0)
    commune.sync_twice_at_once(0)
    commune.sync_twice_at_once(2, "answer")


def machines_go_on_from_one_copy(commune: Commune) -> None:
    everybody_syncs(commune)
    commune.copy(0)
    for index in (0, 3, 0):
        commune.open_editor(index, 0)
        commune.write(index, -1)
        commune.sync(index)


def an_envelope_comes_again_after_all_went_back(commune: Commune) -> None:
    commune.open_editor(0, 0)
    commune.write(0, 0)
    commune.sync(0, "request")
    commune.restore(0, 0)
    commune.repeat(-1)
    commune.open_editor(0, 0)
    commune.write(0, 0)
    commune.restore_province(0)
    commune.repeat(-1)


def sheets_are_read_symbol_by_symbol_and_receipts_come_late(commune: Commune) -> None:
    """Two sheets of one machine, the later one first; the province goes back, and reads them again."""
    everybody_syncs(commune)
    commune.back_up_province()
    for _ in range(2):
        commune.open_editor(0, 0)
        commune.write(0, -1)
        commune.print_sheets(0, 1)
    for choice, symbol in ((1, 3), (0, 5), (1, 8), (0, 9), (1, 12), (0, 12)):
        commune.tick()
        commune.scan_sheets(choice, symbol)
    for device, choice in ((1, 0), (0, 0), (0, 1), (0, 0)):
        commune.take_receipt(device, choice)
    commune.restore_province(-1)
    commune.scan_sheets(0, 12)
    commune.sync(0)
    commune.scan_sheets(1, 12)
    commune.take_receipt(0, 2)


HISTORIES = [
    sheets_are_read_symbol_by_symbol_and_receipts_come_late,
    an_editor_stays_open_over_a_sync,
    only_a_colleague_still_has_it,
    the_province_goes_back_to_before_all,
    a_clock_ran_ahead_before_the_province_went_back,
    two_programs_share_a_ledger,
    machines_go_on_from_one_copy,
    an_envelope_comes_again_after_all_went_back,
]


@pytest.mark.parametrize("history", HISTORIES, ids=lambda history: history.__name__)
def test_a_history_that_once_ended_badly_or_might(history) -> None:
    with commune() as made:
        history(made)
        made.finish()


class WritesOverWhatIsHeldNow(Commune):
    """What must not be: a change lists what is held when it is written, not what the screen showed."""

    def edit(self, edit, entity, key, values, shown):
        record = identity(entity, key)
        held = seen(edit.connection, entity, [record])
        return edit.write(entity, key, values, {name: held.get((record, name), NOTHING) for name in values})


def test_it_is_noticed_when_over_is_taken_at_the_time_of_writing() -> None:
    with commune(WritesOverWhatIsHeldNow) as made:
        an_editor_stays_open_over_a_sync(made)
        with pytest.raises(Apart, match="written over unseen"):
            made.finish()


def test_it_is_noticed_when_only_own_changes_are_sent_again(monkeypatch) -> None:
    everything = outgoing.waiting

    def own(connection):
        stream = read_identity(connection).stream
        return [made for made in everything(connection) if made.stream == stream]

    monkeypatch.setattr(outgoing, "waiting", own)
    monkeypatch.setattr(outgoing, "pending_count", lambda connection: len(own(connection)))
    with commune() as made:
        only_a_colleague_still_has_it(made)
        with pytest.raises(Apart, match=r"holds what no feed has|vanished"):
            made.finish()


def test_an_answer_to_an_earlier_question_is_no_answer() -> None:
    with commune() as made:
        everybody_syncs(made)
        made.sync(0)
        with pytest.raises(NoAnswer):
            made.devices[0].sync(Wire(made.province, hand=made.answers[-1]))


def test_a_province_that_meets_its_own_later_words_writes_under_a_new_stream() -> None:
    with commune() as made:
        made.back_up_province()
        made.issue(1)
        everybody_syncs(made)
        made.restore_province(-1)
        before = own_stream(made)
        made.sync(0)
        assert own_stream(made) != before
        made.finish()


def own_stream(commune: Commune) -> int:
    with commune.province.store.read() as connection:
        return stream(connection)
