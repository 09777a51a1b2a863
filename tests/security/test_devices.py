import hashlib
from types import SimpleNamespace

import pkcs11
import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding

from app.security import devices, drivers
from app.security.certificates import CertificateExpired, CertificateNotYet, KeyNotForSigning, check
from app.security.devices import from_device, plugged_in
from app.security.signers import CertificateMissing
from tests.signing import LIBRARY, LONG, NOW, PIN, Authority, SoftDevice, needs_device, new_key

pytestmark = needs_device


@pytest.fixture(scope="module")
def authority():
    return Authority()


@pytest.fixture(scope="module")
def leader(authority):
    return authority.issue("Chủ tịch xã")


@pytest.fixture
def soft(tmp_path, monkeypatch):
    return SoftDevice(tmp_path / "thiết bị", monkeypatch)


@pytest.fixture
def device(soft, leader):
    soft.plug("Thiết bị 1")
    soft.put("Thiết bị 1", leader)
    return soft


def signature(key, data=b"data"):
    import asyncio

    return asyncio.run(key.signer.async_sign_raw(data, "sha256"))


def test_what_is_plugged_in_is_seen_without_a_pin(device, leader, authority):
    (seen,) = plugged_in(LIBRARY)
    assert (seen.name, seen.tries, seen.own_pad) == ("Thiết bị 1", "", False)
    assert {one.subject for one in seen.certificates} == {"Chủ tịch xã", authority.named}


@pytest.mark.parametrize("kind", ["rsa", "ec"])
def test_the_key_of_a_device_signs(soft, authority, kind):
    issued = authority.issue("Chủ tịch xã", key=new_key(kind))
    soft.plug("Thiết bị 1")
    soft.put("Thiết bị 1", issued)
    with from_device(LIBRARY, "Thiết bị 1", PIN, NOW) as key:
        made = signature(key)
        assert key.certificate.issuer == authority.named
        assert [one.dump() for one in key.chain] == [authority.der]
    how = (ec.ECDSA(hashes.SHA256()),) if kind == "ec" else (padding.PKCS1v15(), hashes.SHA256())
    issued.key.public_key().verify(made, b"data", *how)


def test_a_wrong_pin_is_tried_once_and_leaves_nobody_logged_in(device, monkeypatch):
    tried = []
    real = devices._logged_in
    monkeypatch.setattr(devices, "_logged_in", lambda *given: tried.append(given) or real(*given))
    with pytest.raises(devices.PinWrong), from_device(LIBRARY, "Thiết bị 1", "111111", NOW):
        pass
    assert len(tried) == 1
    with from_device(LIBRARY, None, PIN, NOW) as key:
        assert signature(key)
    with pytest.raises(devices.PinWrong), from_device(LIBRARY, "Thiết bị 1", "111111", NOW):
        pass


def test_an_empty_pin_costs_no_try(device, monkeypatch):
    logins = []
    monkeypatch.setattr(devices, "_logged_in", lambda *given: logins.append(given))
    with pytest.raises(devices.PinMissing), from_device(LIBRARY, "Thiết bị 1", "", NOW):
        pass
    assert logins == []


def test_a_session_left_open_elsewhere_is_never_taken_for_a_right_pin(device):
    library = pkcs11.lib(str(LIBRARY))
    other = library.get_token(token_label="Thiết bị 1").open(user_pin=PIN)
    with pytest.raises(devices.DeviceInUse), from_device(LIBRARY, "Thiết bị 1", "111111", NOW):
        pass
    del other
    with pytest.raises(devices.PinWrong), from_device(LIBRARY, "Thiết bị 1", "111111", NOW):
        pass


def test_the_device_is_named_where_there_are_several(device):
    device.plug("Thiết bị 2")
    with pytest.raises(devices.DeviceChoice) as told, from_device(LIBRARY, None, PIN, NOW):
        pass
    assert "Thiết bị 2" in str(told.value.facts["found"])
    with pytest.raises(devices.DeviceUnknown), from_device(LIBRARY, "Thiết bị 3", PIN, NOW):
        pass
    with pytest.raises(CertificateMissing), from_device(LIBRARY, "Thiết bị 2", PIN, NOW):
        pass


def test_nothing_plugged_in_is_told(soft):
    assert plugged_in(LIBRARY) == ()
    with pytest.raises(devices.DeviceMissing), from_device(LIBRARY, None, PIN, NOW):
        pass


def test_of_several_certificates_the_only_usable_one_is_taken_else_one_is_chosen(device, authority, leader):
    device.put("Thiết bị 1", authority.issue("Cũ", until=NOW - LONG / 10), id="02")
    with from_device(LIBRARY, "Thiết bị 1", PIN, NOW) as key:
        assert key.certificate.subject == "Chủ tịch xã"
    other = authority.issue("Phó Chủ tịch")
    device.put("Thiết bị 1", other, id="03")
    with pytest.raises(devices.CertificateChoice) as told, from_device(LIBRARY, "Thiết bị 1", PIN, NOW):
        pass
    assert "Phó Chủ tịch" in str(told.value.facts["found"]) and "Cũ" not in str(told.value.facts["found"])
    number = f"{other.certificate.serial_number:x}"
    with from_device(LIBRARY, "Thiết bị 1", PIN, NOW, number) as key:
        other.key.public_key().verify(signature(key), b"data", padding.PKCS1v15(), hashes.SHA256())


@pytest.mark.parametrize(
    ("given", "refused"),
    [
        ({"until": NOW - LONG / 10}, CertificateExpired),
        ({"since": NOW + LONG / 10}, CertificateNotYet),
        ({"usage": ("key_encipherment",)}, KeyNotForSigning),
        ({"usage": None}, None),
        ({"usage": ("digital_signature",)}, None),
        ({"usage": ("content_commitment",)}, None),
    ],
)
def test_a_certificate_that_may_not_sign_is_refused(soft, authority, given, refused):
    soft.plug("A")
    soft.put("A", authority.issue("Chủ tịch xã", **given))
    with from_device(LIBRARY, "A", PIN, NOW) as key:
        if refused is None:
            check(key.certificate, NOW)
            return
        with pytest.raises(refused):
            check(key.certificate, NOW)


def test_a_driver_that_is_missing_or_none_is_told(tmp_path):
    with pytest.raises(devices.DriverMissing):
        plugged_in(tmp_path / "eTPKCS11.dll")
    wrong = tmp_path / "wrong.so"
    wrong.write_bytes(b"MZ")
    with pytest.raises(devices.DriverUnusable):
        plugged_in(wrong)


class Stand:
    """Stands in for a driver: a token with flags, a login that raises what the library raises."""

    def __init__(self, raises=None, before=0, after=0):
        self.raises, self.flags, self.after, self.logins = raises, pkcs11.TokenFlag(0x400 | before), after, 0
        self.slot = SimpleNamespace(get_token=lambda: self, get_mechanisms=lambda: set())
        self.label, self.serial = "Thiết bị", b"1"

    def get_slots(self, token_present):
        return [self.slot]

    def open(self, user_pin):
        self.logins += 1
        self.flags |= self.after
        if self.raises is not None:
            raise self.raises
        return self

    def get_objects(self, wanted):
        raise pkcs11.DeviceRemoved

    def close(self):
        raise pkcs11.DeviceRemoved

    def finalize(self):
        self.closed = True


FEW, LAST, LOCKED = 0x10000, 0x20000, 0x40000


@pytest.mark.parametrize(
    ("stand", "told", "logins"),
    [
        (Stand(pkcs11.PinIncorrect(), after=FEW), devices.PinWrong, 1),
        (Stand(pkcs11.PinIncorrect(), before=FEW, after=LAST), devices.PinWrongLast, 1),
        (Stand(pkcs11.PinIncorrect(), before=LAST, after=LOCKED), devices.PinLocked, 1),
        (Stand(pkcs11.PinLocked()), devices.PinLocked, 1),
        (Stand(before=LOCKED), devices.PinLocked, 0),
        (Stand(pkcs11.PinLenRange()), devices.PinWrong, 1),
        (Stand(pkcs11.UserAlreadyLoggedIn()), devices.DeviceInUse, 1),
        (Stand(pkcs11.FunctionFailed()), devices.DeviceFailed, 1),
        (Stand(), devices.DeviceRemoved, 1),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_each_refusal_of_a_device_has_its_own_word(monkeypatch, tmp_path, stand, told, logins):
    driver = tmp_path / "driver.so"
    driver.touch()
    monkeypatch.setattr(pkcs11, "lib", lambda path: stand)
    with pytest.raises(told) as raised, from_device(driver, None, "1", NOW):
        pass
    assert type(raised.value) is told
    assert stand.logins == logins and stand.closed


def test_the_drivers_of_known_makers_are_found(tmp_path):
    for name in ("eTPKCS11.dll", "viettel-ca_v6.dll", "viettel-ca_v4.dll", "other.dll"):
        (tmp_path / name).touch()
    found = drivers.found([tmp_path / "none", tmp_path], ".dll")
    assert [(one.maker, one.path.name) for one in found] == [
        ("SafeNet", "eTPKCS11.dll"),
        ("Viettel-CA", "viettel-ca_v6.dll"),
    ]


def test_no_pin_is_kept(device):
    with from_device(LIBRARY, "Thiết bị 1", PIN, NOW) as key:
        held = repr(vars(key.signer)) + repr(key)
    assert PIN not in held and hashlib.sha256(PIN.encode()).hexdigest() not in held
