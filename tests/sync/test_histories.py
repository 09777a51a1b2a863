"""Anything may happen to three devices and their province; all end up equal and nothing is lost."""

import pytest
from hypothesis import settings, strategies
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from tests.sync.histories import CLOCKS, SPOTS, Commune

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
    def back_up(self, device: int) -> None:
        self.commune.back_up(device)

    @rule(device=DEVICES, choice=CHOICES)
    def restore(self, device: int, choice: int) -> None:
        self.commune.restore(device, choice)

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


def test_whatever_happens_all_ends_are_equal_and_nothing_is_lost() -> None:
    search(200)


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_the_same_over_many_more_histories() -> None:
    search(2000)
