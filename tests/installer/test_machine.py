from dataclasses import replace

import pytest

from installer import machine
from installer.machine import Facts, problem

LINUX = Facts(
    system="linux",
    machine="x86_64",
    bits=64,
    implementation="cpython",
    free_threaded=False,
    libc=("glibc", "2.36"),
)
WINDOWS = replace(LINUX, system="win32", machine="AMD64", libc=("", ""))


def test_the_machines_it_is_made_for():
    assert problem(LINUX) is None
    assert problem(replace(LINUX, libc=("glibc", "2.34"))) is None
    assert problem(replace(LINUX, libc=("glibc", "2.100"))) is None
    assert problem(WINDOWS) is None


@pytest.mark.parametrize(
    ("facts", "named"),
    [
        (replace(LINUX, system="darwin"), "darwin"),
        (replace(LINUX, machine="aarch64"), "aarch64"),
        (replace(WINDOWS, machine="ARM64"), "ARM64"),
        (replace(LINUX, bits=32), "64-bit"),
        (replace(LINUX, implementation="pypy"), "pypy"),
        (replace(LINUX, free_threaded=True), "free-threaded"),
        (replace(LINUX, libc=("glibc", "2.31")), "2.31"),
        (replace(LINUX, libc=("glibc", "2.9")), "2.9"),
        (replace(LINUX, libc=("", "")), "another C library"),
    ],
)
def test_others_are_told_why_in_one_sentence(facts, named):
    told = problem(facts)
    assert named in told
    assert "\n" not in told


def test_this_machine_will_do():
    assert problem(Facts.here()) is None


def test_the_line_to_run_by_hand_can_be_pasted():
    assert machine.by_hand(["xvfb"]) == "sudo apt-get install --no-install-recommends xvfb"
