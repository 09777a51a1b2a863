"""The file that a command writes: checked before any work is done, then written whole."""

from pathlib import Path

from app.domain.errors import LedgerError
from app.record.faults import LedgerNoAccess, why
from app.record.files import write_whole
from app.words import _


class FolderMissing(LedgerError):
    """The folder of a file that is to be written is not there. Facts: folder."""

    code = "folder-missing"


class FileUnwritable(LedgerError):
    """A file that cannot be written. Facts: file, why."""

    code = "file-unwritable"


def check(out: Path) -> None:
    """Whether a file can be written there, as far as that shows. Raises FolderMissing, FileUnwritable."""
    try:
        if not out.absolute().parent.is_dir():
            raise FolderMissing(folder=str(out.absolute().parent))
        if out.is_dir():
            raise FileUnwritable(file=str(out), why=_("this is a folder"))
        if out.exists() and not out.is_file():
            raise FileUnwritable(file=str(out), why=_("it is no ordinary file"))
    except OSError as error:  # a name that the system cannot even look for
        raise FileUnwritable(file=str(out), why=why(error)) from error


def write(out: Path, content: bytes) -> None:
    """Write a file whole, in place of what lay there. Raises FileUnwritable, DiskFull."""
    try:
        write_whole(out.absolute(), content, keep=True)
    except LedgerNoAccess as error:
        raise FileUnwritable(file=str(out), why=_("the system does not allow it")) from error
