import sys

import pytest

from installer.environment import Environment, way


@pytest.fixture
def environment(tmp_path):
    (tmp_path / "installer").mkdir()
    (tmp_path / "installer" / "requirements.lock").write_text("a==1\n", encoding="utf-8")
    (tmp_path / "pyproject.toml").write_text("[project]\n", encoding="utf-8")
    (tmp_path / ".venv").mkdir()
    return Environment(tmp_path)


@pytest.mark.parametrize(
    ("ensurepip", "may_install", "pip", "wanted"),
    [
        (True, False, False, "venv"),
        (True, True, True, "venv"),
        (False, True, True, "apt-get"),
        (False, False, True, "outer pip"),
        (False, False, False, "none"),
    ],
)
def test_how_a_bare_machine_gets_an_environment(ensurepip, may_install, pip, wanted):
    assert way(ensurepip=ensurepip, may_install=may_install, pip=pip) == wanted


def test_a_half_made_folder_is_not_ready(environment):
    assert not environment.ready()


def test_a_finished_one_is_and_stays_so_with_more_noted(environment):
    environment.note({**environment.wanted(), "qt": "found"})
    assert environment.ready()
    environment.prepare()  # would fail here: there is no interpreter in it
    assert environment.stamp()["qt"] == "found"


@pytest.mark.parametrize("file", ["installer/requirements.lock", "pyproject.toml"])
def test_it_is_made_anew_when_what_it_was_made_from_changes(environment, file):
    environment.note(environment.wanted())
    (environment.root / file).write_text("b==2\n", encoding="utf-8")
    assert not environment.ready()


def test_line_ends_of_a_checkout_on_windows_change_nothing(environment):
    environment.note(environment.wanted())
    environment.lock.write_bytes(environment.lock.read_bytes().replace(b"\n", b"\r\n"))
    assert environment.ready()


def test_another_python_or_place_does_not_fit(environment):
    environment.note({**environment.wanted(), "python": "3.99"})
    assert not environment.ready()
    environment.note({**environment.wanted(), "place": "elsewhere"})
    assert not environment.ready()


@pytest.mark.parametrize("content", [b"", b"\0\0\0\0", b"[]", b'{"lock": '])
def test_a_damaged_stamp_counts_as_none(environment, content):
    (environment.folder / "stamp.json").write_bytes(content)
    assert environment.stamp() == {}
    assert not environment.ready()


def test_commands_lie_beside_the_interpreter(environment):
    assert environment.script("so-nhiem-vu").parent == environment.python.parent
    assert environment.python.parent.name == ("Scripts" if sys.platform == "win32" else "bin")
