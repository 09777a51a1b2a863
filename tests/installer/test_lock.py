import re
import tomllib
from pathlib import Path

from installer.lock import shorten

ROOT = Path(__file__).resolve().parents[2]
LOCK = (ROOT / "installer" / "requirements.lock").read_text(encoding="utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def normal(name):
    return re.sub(r"[-_.]+", "-", name).lower()


def locked():
    return {
        normal(name): version for name, version in re.findall(r"^([\w.-]+)==([^ ;\\]+)", LOCK, re.MULTILINE)
    }


def asked():
    groups = PROJECT["dependency-groups"]
    return [*PROJECT["project"]["dependencies"], *(line for group in groups.values() for line in group)]


def test_everything_asked_for_is_locked_as_asked():
    versions = locked()
    for line in asked():
        name, sign, version = re.match(r"([\w.-]+)(?:\[\w+\])?(==)?([\d.]+)?", line).groups()
        assert normal(name) in versions
        if sign:
            assert versions[normal(name)] == version


def test_every_package_has_hashes_and_none_an_address():
    blocks = [block for block in re.split(r"^(?=\S)", LOCK, flags=re.MULTILINE) if block.strip()]
    assert len(blocks) == len(locked())
    assert [block for block in blocks if "--hash=sha256:" not in block] == []
    assert "://" not in LOCK
    assert "@" not in LOCK


def test_what_windows_and_linux_alone_need_is_marked():
    assert re.search(r"^pywin32-ctypes==\S+ ; sys_platform == 'win32'", LOCK, re.MULTILINE)
    assert re.search(r"^secretstorage==\S+ ; sys_platform == 'linux'", LOCK, re.MULTILINE)


def test_markers_that_only_name_the_two_systems_are_cut():
    linux = "platform_machine == 'x86_64' and sys_platform == 'linux'"
    windows = "platform_machine == 'AMD64' and sys_platform == 'win32'"
    both = f"({linux}) or ({windows})"
    text = (
        f"a==1 ; {both} \\\n    --hash=x\nb==1 ; python_full_version < '3.14' and ({both})\nc==1 ; {linux}\n"
    )
    assert shorten(text) == (
        "a==1 \\\n    --hash=x\nb==1 ; python_full_version < '3.14'\nc==1 ; sys_platform == 'linux'\n"
    )
