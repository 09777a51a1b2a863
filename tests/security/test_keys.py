"""Keys: one pair for the ledger's life, where it was put at enrolment, or a plain word why not."""

import os
import subprocess
import sys
import time
from pathlib import Path

import keyring.errors
import pytest

from app.security import keys
from app.security.keys import FileKeys, KeyringKeys, choose, draw, open_store

ID = "0123456789abcdef" * 2


class Ring:
    """A keyring in memory: the machine's edge."""

    def __init__(self, error: Exception | None = None) -> None:
        self.kept: dict[tuple[str, str], str] = {}
        self.error = error

    def get_password(self, service, username):
        if self.error:
            raise self.error
        return self.kept.get((service, username))

    def set_password(self, service, username, password):
        self.kept[service, username] = password


def test_the_file_keeps_the_keys_for_its_owner_alone(tmp_path):
    secrets = draw()
    FileKeys(tmp_path, ID).save(secrets)
    assert FileKeys(tmp_path, ID).load() == secrets
    if sys.platform != "win32":
        assert {file.stat().st_mode & 0o777 for file in tmp_path.iterdir()} == {0o600}


@pytest.mark.parametrize("names", [["keys.json"], ["keys.json", "keys-spare.json"]])
@pytest.mark.parametrize("how", ["zeros", "emptied", "halved", "altered", "gone"])
def test_damaged_keys_come_from_the_spare_or_are_named_and_never_written_over(tmp_path, how, names):
    secrets = draw()
    FileKeys(tmp_path, ID).save(secrets)
    for name in names:
        path = tmp_path / name
        content = path.read_bytes()
        match how:
            case "zeros":
                path.write_bytes(bytes(len(content)))
            case "emptied":
                path.write_bytes(b"")
            case "halved":
                path.write_bytes(content[: len(content) // 2])
            case "altered":
                path.write_bytes(content.replace(b'"data_key": "', b'"data_key": "A', 1))
            case "gone":
                path.unlink()
    before = {file.name: file.read_bytes() for file in tmp_path.iterdir()}
    if names == ["keys.json"]:
        assert FileKeys(tmp_path, ID).load() == secrets
        assert FileKeys(tmp_path, ID)._read(tmp_path / "keys.json") == secrets  # made anew
        if how != "gone":
            assert (tmp_path / "keys-damaged.json").read_bytes() == before["keys.json"]
        return
    with pytest.raises(keys.KeysMissing if how == "gone" else keys.KeysDamaged):
        FileKeys(tmp_path, ID).load()
    assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == before
    if how != "gone":
        with pytest.raises(keys.KeysExist):
            FileKeys(tmp_path, ID).save(draw())


def test_keys_of_another_ledger_are_not_taken(tmp_path):
    FileKeys(tmp_path, ID).save(draw())
    with pytest.raises(keys.KeysDamaged):
        FileKeys(tmp_path, "f" * 32).load()


def test_keys_are_saved_once(tmp_path):
    first = draw()
    ring = Ring()
    for store in (FileKeys(tmp_path, ID), KeyringKeys(ID, lambda: ring)):
        store.save(first)
        with pytest.raises(keys.KeysExist):
            store.save(draw())
        assert store.load() == first


def test_each_ledger_has_its_own_name_in_the_keyring():
    ring = Ring()
    one, two = draw(), draw()
    stores = KeyringKeys("1" * 32, lambda: ring), KeyringKeys("2" * 32, lambda: ring)
    stores[0].save(one)
    stores[1].save(two)
    assert [store.load() for store in stores] == [one, two]
    assert all(len(kept) < 1280 for kept in ring.kept.values())  # what Windows takes


def test_a_machine_with_a_keyring_uses_it_and_the_demo_never_does(tmp_path):
    ring = Ring()
    assert choose(tmp_path, ID, make=lambda: ring)[0] == "keyring"
    assert choose(tmp_path, ID, keyring=False, make=lambda: pytest.fail("asked"))[0] == "file"


@pytest.mark.parametrize("error", [keyring.errors.NoKeyringError(), ModuleNotFoundError("secretstorage")])
def test_a_machine_without_one_gets_a_file(tmp_path, error):
    kind, store = choose(tmp_path, ID, make=lambda: Ring(error))
    assert kind == "file" and isinstance(store, FileKeys)


@pytest.mark.parametrize(
    "error",
    [
        keyring.errors.KeyringLocked("locked"),
        keyring.errors.InitError("no bus"),
        OSError(1312, "no session"),
    ],
)
def test_a_keyring_out_of_reach_is_said_and_no_other_place_is_taken(tmp_path, error):
    with pytest.raises(keys.KeyringOutOfReach):
        choose(tmp_path, ID, make=lambda: Ring(error))
    with pytest.raises(keys.KeyringOutOfReach):
        open_store("keyring", tmp_path, ID, make=lambda: Ring(error)).load()
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("error", [keyring.errors.NoKeyringError(), ModuleNotFoundError("secretstorage")])
def test_keys_put_into_a_keyring_are_out_of_reach_where_there_is_none(tmp_path, error):
    with pytest.raises(keys.KeyringOutOfReach):
        open_store("keyring", tmp_path, ID, make=lambda: Ring(error)).load()


def test_an_entry_that_is_gone_or_spoilt_is_named(tmp_path):
    ring = Ring()
    store = KeyringKeys(ID, lambda: ring)
    with pytest.raises(keys.KeysMissing):
        store.load()
    store.save(draw())
    for name in list(ring.kept):
        ring.kept[name] = ring.kept[name][:-3]
    with pytest.raises(keys.KeysDamaged):
        store.load()


def test_a_keyring_that_waits_for_a_window_is_not_waited_for():
    import threading

    never = threading.Event()

    class Waiting(Ring):
        def get_password(self, service, username):
            never.wait(60)

    began = time.monotonic()
    with pytest.raises(keys.KeyringOutOfReach):
        KeyringKeys(ID, Waiting, wait_seconds=0.05).load()
    assert time.monotonic() - began < 5
    never.set()


def test_a_keyring_that_forgets_is_found_out():
    class Forgetful(Ring):
        def set_password(self, service, username, password):
            pass

    with pytest.raises(keys.KeyringOutOfReach):
        KeyringKeys(ID, Forgetful).save(draw())


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the desktop's bus is Linux's")
def test_without_a_bus_the_answer_comes_in_seconds_whatever_the_environment_says(tmp_path):
    """A scheduled run: no D-Bus, and a setting that would send the library's own choice to another module."""
    (tmp_path / "thief.py").write_text("raise SystemExit('the environment chose')\n", encoding="utf-8")
    script = (
        "import sys; from pathlib import Path; from app.security import keys\n"
        "kind, _ = keys.choose(Path(sys.argv[1]), '0' * 32)\n"
        "print(kind)\n"
        "try: keys.open_store('keyring', Path(sys.argv[1]), '0' * 32).load()\n"
        "except keys.KeyringOutOfReach as error: print(error.code)\n"
    )
    environment = {
        name: value for name, value in os.environ.items() if name != "DBUS_SESSION_BUS_ADDRESS"
    } | {"PYTHON_KEYRING_BACKEND": "thief.Keyring", "PYTHONPATH": str(tmp_path)}
    ran = subprocess.run(
        [sys.executable, "-c", "import sys; sys.path.insert(0, '.')\n" + script, str(tmp_path)],
        env=environment,
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        timeout=30,
    )
    assert (ran.stdout.split(), ran.stderr) == (["file", "keyring-out-of-reach"], "")


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the Secret Service is Linux's")
def test_properties_of_the_backend_do_not_come_from_the_environment(monkeypatch):
    monkeypatch.setenv("KEYRING_PROPERTY_PREFERRED_COLLECTION", "/org/thief")
    assert not hasattr(keys._secret_service(), "preferred_collection")


def test_subkeys_follow_rfc_5869_and_differ_by_label():
    # HKDF-SHA256 by hand: extract with zeros, expand one block
    import hashlib
    import hmac

    data_key = bytes(range(32))
    extracted = hmac.digest(bytes(32), data_key, hashlib.sha256)
    assert keys.subkey(data_key, "db") == hmac.digest(extracted, b"db\x01", hashlib.sha256)
    assert keys.subkey(data_key, "db") != keys.subkey(data_key, "names")


def test_signatures_hold_under_the_public_key_and_secrets_do_not_show():
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    secrets = draw()
    public = Ed25519PublicKey.from_public_bytes(keys.public_key(secrets.signing_key))
    public.verify(keys.sign(secrets.signing_key)(b"x"), b"x")
    assert secrets.data_key.hex() not in repr(secrets) and repr(secrets) == "Secrets()"
