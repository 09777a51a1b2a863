"""What is asked before a signature is made: who signs, with which key and picture, where the file goes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from app.domain.periods import HANOI
from app.services.signing import Way
from app.services.signing_choices import Choices
from app.words import _
from ui import tokens
from ui.signing import Found, Plugged
from ui.widgets.boxes import LineBox
from ui.widgets.buttons import Button, link
from ui.widgets.choices import Segmented
from ui.widgets.combo import Combo
from ui.widgets.field import Field
from ui.widgets.labels import Elide, label
from ui.widgets.layouts import margins

if TYPE_CHECKING:
    from app.security.certificates import Certificate

DEVICE, FILE = "device", "file"
PERSON, AGENCY = "person", "agency"

AskFile = Callable[[QWidget, str, str], str]
"""Asks for a file: parent, title, kinds; an empty text when the question was closed."""


def ask_file(parent: QWidget, title: str, kinds: str) -> str:
    """Qt's own question."""
    found, _kind = QFileDialog.getOpenFileName(parent, title, str(Path.home()), kinds)
    return found


class FileRow(QWidget):
    """A file that is chosen: its name, and «Chọn…»."""

    chosen = Signal(object)

    def __init__(
        self, title: str, kinds: str, ask: AskFile, parent: QWidget | None = None, none: str = ""
    ) -> None:
        """none: what is said while no file is chosen."""
        super().__init__(parent)
        self._none = none or _("None chosen")
        self._title, self._kinds, self._ask = title, kinds, ask
        self.path: Path | None = None
        row = QHBoxLayout(self)
        margins(row, 0, 0, 0, 0, tokens.GAP12)
        self.name = Elide(ink="text2", parent=self)
        row.addWidget(self.name, 1)
        self.clear_button = link(_("Leave out"), parent=self)
        self.clear_button.clicked.connect(lambda: self.set_path(None))
        row.addWidget(self.clear_button)
        self.button = Button(_("Choose…"), parent=self)
        self.button.setAccessibleName(title)
        self.button.clicked.connect(self._choose)
        row.addWidget(self.button)
        self.set_path(None)

    def set_path(self, path: Path | None) -> None:
        """Show a file, or that none is chosen."""
        self.path = path
        self.name.setText(path.name if path is not None else self._none)
        self.name.setToolTip(str(path) if path is not None else "")
        self.clear_button.setVisible(path is not None)
        self.chosen.emit(path)

    def _choose(self) -> None:
        found = self._ask(self, self._title, self._kinds)
        if found:
            self.set_path(Path(found))


class SigningForm(QWidget):
    """Holds the choices; the window says what is wrong with them."""

    changed = Signal()
    search = Signal()
    """Devices are to be looked for again."""

    def __init__(self, ask: AskFile, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._devices: dict[str, Plugged] = {}
        self.driver: Path | None = None
        """The driver chosen by hand."""
        self._stamps = ""
        self._pictures: dict[str, Path | None] = {PERSON: None, AGENCY: None}
        column = QVBoxLayout(self)
        margins(column, 0, 0, 0, 0, tokens.GAP12)
        self.role = Segmented(
            [(PERSON, _("Person in charge"), None), (AGENCY, _("Agency (clerk)"), None)],
            name=_("Who signs"),
            parent=self,
        )
        self.role.chosen.connect(lambda _value: self._arrange())
        column.addWidget(Field(_("Who signs"), self.role, short=True, parent=self))
        self.way = Segmented(
            [(DEVICE, _("Signing device (USB)"), None), (FILE, _("Key in a file"), None)],
            name=_("Where the key is"),
            parent=self,
        )
        self.way.chosen.connect(lambda _value: self._arrange())
        column.addWidget(Field(_("Where the key is"), self.way, short=True, parent=self))
        column.addWidget(self._device_part(ask))
        kinds = _("Keys (*.p12 *.pfx)")
        self.file = FileRow(_("File with the key"), kinds, ask, self)
        self.file.chosen.connect(lambda _path: self.changed.emit())
        self.file_field = Field(_("File with the key"), self.file, parent=self)
        column.addWidget(self.file_field)
        self.secret = LineBox(parent=self)
        self.secret.setEchoMode(QLineEdit.EchoMode.Password)
        self.secret.edited.connect(self.changed)
        self.secret_field = Field(_("PIN"), self.secret, short=True, parent=self)
        column.addWidget(self.secret_field)
        self.picture = FileRow(
            _("Picture of the signature"), _("Pictures (*.png)"), ask, self,
            none=_("None: a print shows nothing of the signature"),
        )  # fmt: skip
        self.picture.chosen.connect(self._picture_chosen)
        self.picture_field = Field(_("Picture of the signature"), self.picture, parent=self)
        column.addWidget(self.picture_field)
        column.addWidget(self._issue_part())
        self.role.set_value(PERSON)
        self.way.set_value(DEVICE)
        self._arrange()

    def _device_part(self, ask: AskFile) -> QWidget:
        self.device_part = QWidget(self)
        column = QVBoxLayout(self.device_part)
        margins(column, 0, 0, 0, 0, tokens.GAP8)
        row = QHBoxLayout()
        row.setSpacing(tokens.GAP12)
        self.devices = Combo(name=_("Signing device"), parent=self.device_part)
        self.devices.chosen.connect(lambda _value: self._device_chosen())
        row.addWidget(self.devices, 1)
        self.again = Button(_("Look again"), parent=self.device_part)
        self.again.clicked.connect(self.search)
        row.addWidget(self.again)
        row.addStretch()  # alone, it stays at the left
        column.addLayout(row)
        self.certificates = Combo(name=_("Certificate"), parent=self.device_part)
        self.certificates.chosen.connect(lambda _value: self._certificate_chosen())
        column.addWidget(self.certificates)
        self.told = label("", "quiet", wrap=True, parent=self.device_part)
        column.addWidget(self.told)
        self.other_driver = link(_("Choose the maker's driver…"), parent=self.device_part)
        self.other_driver.clicked.connect(lambda: self._choose_driver(ask))
        column.addWidget(self.other_driver)
        self._certificates: tuple[Certificate, ...] = ()
        return self.device_part

    def _issue_part(self) -> QWidget:
        self.issue = QWidget(self)
        row = QHBoxLayout(self.issue)
        margins(row, 0, 0, 0, 0, tokens.GAP16)
        self.number = LineBox(placeholder="45", parent=self.issue)
        self.day = LineBox(placeholder=_("dd/mm/yyyy"), parent=self.issue)
        self.number_field = Field(_("Number"), self.number, short=True, parent=self.issue)
        self.day_field = Field(_("Date"), self.day, short=True, parent=self.issue)
        for field in (self.number_field, self.day_field):
            row.addWidget(field, 1, Qt.AlignmentFlag.AlignTop)
        return self.issue

    # What is shown

    def show_choices(self, kept: Choices) -> None:
        """What was chosen last time."""
        self.way.set_value(FILE if kept.way == FILE else DEVICE)
        self._stamps = kept.stamps
        self.driver = Path(kept.driver) if kept.driver else None
        self.file.set_path(Path(kept.file) if kept.file else None)
        for role, path in kept.pictures.items():
            self._pictures[role] = Path(path)
        self._arrange()

    def choices(self) -> Choices:
        """What is chosen now, without any secret."""
        pictures = {role: str(path) for role, path in self._pictures.items() if path is not None}
        return Choices(
            way=self.way.value(),
            driver=str(self.driver or ""),
            file=str(self.file.path or ""),
            stamps=self._stamps,
            pictures=pictures,
        )

    def set_role(self, role: str, *, agency: bool) -> None:
        """Propose who signs. agency: whether it may, which it may once a person has."""
        self.role.set_value(role)
        why = "" if agency else _("The agency signs after the person in charge.")
        self.role.set_choice_enabled(AGENCY, agency, why)
        self._arrange()

    def show_devices(self, found: Found) -> None:
        """The devices that are plugged in."""
        self._devices = {f"{one.device.serial}/{one.device.name}": one for one in found.devices}
        self.devices.fill([(key, one.device.name) for key, one in self._devices.items()])
        self._device_chosen()

    @property
    def device(self) -> Plugged | None:
        """The device that is chosen."""
        return self._devices.get(self.devices.value())

    def chosen_way(self) -> Way | None:
        """Where the key is; None while nothing is chosen."""
        if self.way.value() == FILE:
            return Way(file=self.file.path) if self.file.path is not None else None
        if self.device is None:
            return None
        number = self.certificates.value() or None
        return Way(driver=self.device.driver, device=self.device.device.name, certificate=number)

    @property
    def chosen_picture(self) -> Path | None:
        """The picture of who signs."""
        return self._pictures[self.role.value()]

    @property
    def ready(self) -> bool:
        """Whether everything is there that a signature needs."""
        way = self.chosen_way()
        if way is None:
            return False
        pad = self.device is not None and way.driver is not None and self.device.device.own_pad
        return pad or bool(self.secret.text())

    def _arrange(self) -> None:
        by_file, agency = self.way.value() == FILE, self.role.value() == AGENCY
        self.device_part.setVisible(not by_file)
        self.file_field.setVisible(by_file)
        self.secret_field.set_name(_("Password of the file") if by_file else _("PIN of the device"))
        self.issue.setVisible(agency)
        self.picture_field.set_name(_("Picture of the seal") if agency else _("Picture of the signature"))
        self.picture.set_path(self.chosen_picture)
        self._show_pad()
        self.changed.emit()

    def _show_pad(self) -> None:
        pad = self.way.value() == DEVICE and self.device is not None and self.device.device.own_pad
        self.secret_field.setVisible(not pad)

    def _device_chosen(self) -> None:
        device = self.device.device if self.device is not None else None
        self._certificates = tuple(one for one in device.certificates if one.signs) if device else ()
        self.certificates.fill([(one.number, one.subject) for one in self._certificates])
        self.certificates.setVisible(len(self._certificates) > 1)
        self.devices.setVisible(device is not None)
        self._certificate_chosen()
        self._show_pad()
        self.changed.emit()

    def _certificate_chosen(self) -> None:
        chosen = [one for one in self._certificates if one.number == self.certificates.value()]
        if self.device is None:
            self.told.setText(_("No signing device is seen. Plug it in, or choose its maker's driver."))
            return
        parts = [certificate_words(chosen[0])] if chosen else []
        tries = self.device.device.tries
        if tries == "locked":
            parts.append(_("The device is locked; only the authority that issued it can open it again."))
        elif tries == "last":
            parts.append(_("1 try is left; after a wrong PIN the device is locked."))
        elif tries == "few":
            parts.append(_("A wrong PIN was entered before; few tries are left."))
        self.told.setText("\n".join(parts))

    def _picture_chosen(self, path: Path | None) -> None:
        self._pictures[self.role.value()] = path

    def _choose_driver(self, ask: AskFile) -> None:
        found = ask(self, _("Driver of the signing device"), _("Drivers (*.dll *.so)"))
        if found:
            self.driver = Path(found)
            self.search.emit()


def certificate_words(one: Certificate) -> str:
    """«Chứng thư: …»: whose it is, who issued it, until when it holds."""
    until = one.until.astimezone(HANOI)
    said = _("Certificate: {name} · {issuer} · valid until {month}/{year}")
    name = one.subject if one.organisation in {"", one.subject} else f"{one.subject} ({one.organisation})"
    return said.format(name=name, issuer=one.issuer, month=f"{until.month:02}", year=until.year)
