"""One sentence for each error code: what happened, why, and what to do now."""


def N_(message: str) -> str:
    """Mark a message for the catalogue without translating it yet."""
    return message


SENTENCES: dict[str, str] = {
    "ledger-copied": N_(
        "This ledger was copied or restored from a copy. Nothing is lost: it goes on under a new number, and what both wrote is kept."
    ),
    "province-went-back": N_(
        "The province went back to an older copy of its records. This ledger gives back what is missing there; nothing is lost."
    ),
    "clock-behind": N_(
        "The clock of this machine says {clock}, but the province was heard on {heard}. Set the clock right; what you record is kept, and the province's time counts."
    ),
    "clock-too-early": N_(
        "The clock of this machine says {clock}, long before today. Set the clock right; what you record is kept."
    ),
    "no-display": N_(
        "There is no screen here to open the window on. Use the commands instead, see: so-nhiem-vu --help"
    ),
    "clock-ahead": N_(
        "The clock of this machine says {clock}; the province was last heard on {heard}. Check the clock before you record: the week follows from it."
    ),
    "week-without-report": N_(
        "Week {week} has fewer than two working days and no report of its own. It joins {next}: make the report of {next}."
    ),
    "bad-row": N_(
        "{file}, line {line}{column}: nothing of the table was recorded; correct this line and try again. {why}"
    ),
    "name-missing": N_("The name of the officer is missing. Give it with: --name"),
    "changes-refused": N_(
        "The province gave {count} entries back; see the reasons above. What was written is kept here: correct it and send it again."
    ),
    "ledger-disagrees": N_(
        "File, log and rows do not agree in {count} places. Nothing was changed. Keep this folder as it is and tell the province's support; the copies lie in its folder backups."
    ),
    "window-open": N_(
        "The window of this ledger is open already. Look for it in the task bar; only one can be open at a time."
    ),
    "bug": N_(
        "Something unexpected happened. What was recorded is kept. Please tell the province's support."
    ),
    "demo-failed": N_(
        "The demo stopped at the step “{step}”. Nothing of yours was touched. Try again; if it stops once more, tell the province's support."
    ),
    "no-connection": N_(
        "The province cannot be reached now ({why}). Nothing is lost; what waits will go next time."
    ),
    "no-answer": N_(
        "What answers here is not the province: this network may ask to log in first. Open a browser, log in, then try again. Nothing is lost."
    ),
    "stopped": N_("It was stopped, as you wished. What has arrived stays; the rest goes next time."),
    "plain-http": N_(
        "At {address} everything could be read on its way, so nothing was sent. The address of the province begins with https:// — ask the provincial office for it."
    ),
    "road-too-narrow": N_(
        "This network lets not even {bytes} bytes through at once, so nothing can go by it. Nothing is lost: send by USB stick or on paper, or try another network."
    ),
    "province-was-busy": N_("The province had much to do and asked to wait; that was done."),
    "province-busy": N_("The province has too much to do just now. Nothing is lost; try again in a moment."),
    "evidence-waits": N_(
        "The words have arrived. The files of evidence did not all go; the rest goes next time."
    ),
    "other-province": N_(
        "Another province answers at this address. Nothing was taken from it, and what waits here still waits for yours. Ask the provincial office for the right address."
    ),
    "not-enrolled": N_(
        "This ledger is not enrolled yet. Enrol it with the code of the province: so-nhiem-vu enrol --server … --code … --name …"
    ),
    "already-enrolled": N_("This machine is already enrolled for {unit}. Nothing was changed."),
    "code-unknown": N_(
        "The province does not know this code. Check it against the paper, or ask the province for a new one."
    ),
    "code-used": N_(
        "This code was already used for the machine “{device}”. Ask the province for a new one; what was recorded here is kept."
    ),
    "code-expired": N_(
        "This code was valid for 30 days only and has run out. Ask the province for a new one."
    ),
    "bad-value": N_("The field {field} of {entity} cannot hold this value. Correct it and try again."),
    "unknown-task": N_(
        "There is no task with the code {task} in this ledger. See the codes with: so-nhiem-vu tasks"
    ),
    "task-withdrawn": N_(
        "The province withdrew the task {task} on {day}. Nothing can be recorded on it any more."
    ),
    "week-ahead": N_("Week {week} has not come yet; the current week is {default}. Record in {default}."),
    "nothing-said": N_("Nothing was given to record. Name at least one thing, for example --percent 40."),
    "not-yours": N_("This is for the province to write, or belongs to another unit."),
    "malformed": N_("The province could not read this entry."),
    "too-large": N_("This entry is too long for the province."),
    "conflict-unknown": N_(
        "Nothing waits to be decided under “{id}”. See what does with: so-nhiem-vu conflicts"
    ),
    "conflict-changed": N_(
        "Meanwhile something else was written there. Nothing was decided; look at the versions again, then choose."
    ),
    "no-such-version": N_("There is no such version; there are {count}."),
    "not-free-text": N_("This field holds no free text. Take one of its versions."),
    "chain-ahead": N_(
        "What came goes on from a place that this ledger has not reached, as after a restore, or when a bundle in between was lost. Nothing was taken from it and nothing is lost. Send a new bundle or use the network: the province then sends everything from where this ledger stands."
    ),
    "bundle-foreign": N_(
        "The file {file} is not a bundle of this program. It was not opened, and nothing was taken from it. Choose the file that the other end wrote to the stick."
    ),
    "bundle-newer": N_(
        "A newer version of the program wrote the bundle {file}. Nothing was taken from it and nothing is lost. Install the newer version, then read it again."
    ),
    "bundle-damaged": N_(
        "The bundle {file} is damaged or not whole: the stick may have been pulled out too early, or is wearing out. Nothing was taken from it and nothing is lost. Have it written again, to another stick if need be."
    ),
    "bundle-signer": N_(
        "The bundle {file} is whole, but it is not signed by whom it names. Nothing was taken from it. Do not use it; tell the provincial office where it came from."
    ),
    "bundle-closed": N_(
        "The bundle {file} is sealed for another receiver and cannot be opened here. Nothing was taken from it. Give it to whom it is for."
    ),
    "bundle-other-unit": N_(
        "The bundle {file} is for another commune ({unit}) and cannot be opened at this machine. Nothing was taken from it. Look for the bundle of your own commune on the stick."
    ),
    "bundle-not-for-machine": N_(
        "The bundle {file} is for other machines of this commune; it was made before this machine was enrolled or after it was removed. Nothing was taken from it and nothing is lost. Send a bundle from this machine: the answer to it can be opened here."
    ),
    "bundle-not-confirmed": N_(
        "The bundle {file} holds nothing for this machine: the province has not confirmed it. Its paper of enrolment may have been used for another machine, or was too old. What was recorded here is kept and can be printed. Send a bundle from this machine, or ask the province for a new paper."
    ),
    "bundle-wrong-way": N_(
        "The bundle {file} goes the other way: it was written for the other end. Nothing was taken from it. Choose the file that the other end wrote."
    ),
    "bundle-machine-unknown": N_(
        "The bundle {file} comes from a machine that the province does not know, or that was removed. Nothing was taken from it. The machine has to be enrolled anew; what was recorded there is kept."
    ),
    "stick-full": N_(
        "There is not enough room for the bundle at {file}: it needs {needed} KB and {free} KB are free. Nothing was written and nothing is lost. Make room, or use another stick."
    ),
    "stick-unsound": N_(
        "What was written to {file} reads back wrong: this stick cannot be trusted. Nothing is lost here. Use another stick."
    ),
    "enrol-file-foreign": N_(
        "The file {file} is no file of enrolment. It was not opened. Choose the file that the province gave you."
    ),
    "enrol-file-unsigned": N_(
        "This file is not signed by the province, or was changed: {file}. It is not used, and nothing was enrolled. Ask the province for a new file."
    ),
    "enrol-file-old": N_(
        "The paper of enrolment is of {created}, and one is good for {days} days. Nothing was enrolled. Ask the province for a new one; if the clock of this machine is wrong, set it right and try again."
    ),
    "chain-broken": N_(
        "The province's answer does not follow on what this ledger holds. It was laid aside; try again later."
    ),
    "bad-envelope": N_(
        "What arrived was damaged on the way, or was not signed by whom it names. Nothing was taken from it and nothing is lost. Try again; if it happens again, tell the provincial office."
    ),
    "unknown-signer": N_(
        "What arrived was signed by a machine that is not known here. Nothing was taken from it. Ask the provincial office whether that machine is enrolled."
    ),
    "bad-message": N_(
        "What arrived is signed rightly, but this program cannot read it; it may come from a newer version. Nothing was taken from it and nothing is lost. Install the newest version and try again."
    ),
    "code-mistyped": N_(
        "The code does not fit together: one letter is wrong, or two have changed places. Compare it with the paper letter by letter; nothing was sent."
    ),
    "code-mistyped-character": N_(
        "Group {group} of the code, “{typed}”, holds “{character}”, which is in no code. Codes have only the letters A to Z without I, L and O, and no digits. Turn Vietnamese typing off and type the group again."
    ),
    "code-mistyped-group": N_(
        "Group {group} of the code, “{typed}”, has {count} letters; each group has 5. Compare it with the paper and type it again."
    ),
    "code-mistyped-length": N_(
        "The code has 20 letters in four groups of five; {count} were typed. Compare it with the paper and type it again."
    ),
    "unknown-unit": N_(
        "There is no unit with the code {unit}. See the codes in the list of the 130 communes and wards."
    ),
    "home-missing": N_("There is no provincial database here yet. Make one with: so-nhiem-vu-server init"),
    "folder-missing": N_(
        "The folder {folder} does not exist. Make it first, or choose another one; nothing was written."
    ),
    "file-unreadable": N_("The file {file} cannot be read: {why}. Nothing was taken from it."),
    "file-unwritable": N_("The file {file} cannot be written: {why}. Choose another place and try again."),
    "bad-week": N_("“{text}” is not a week. Write it like 2025-W27."),
    "bad-date": N_("“{text}” is not a date. Write it like 24/06/2025 or 2025-06-24."),
    "bad-calendar": N_(
        "The table of holidays cannot be read at line {line}: “{problem}”. Each line is date,name,kind. Correct the line and try again."
    ),
    "bad-text": N_(
        "The text holds half a character at place {position} and cannot be kept. Delete that sign and type it again."
    ),
    "text-too-long": N_(
        "The text has {length} characters; one field holds at most {limit}. Shorten it, or attach the long text to the report on paper."
    ),
    "bad-percent": N_(
        "“{text}” is not a whole percent. Write 80 or 80%; in a table write 1% or 100% where the cell shows 1."
    ),
    "bad-state": N_(
        "This state of a task was written in a form this program does not know: {state}. It is kept as it came; a newer version of the program may read it."
    ),
    "state-refused": N_("This does not fit the state of the task. Right would be: {hint}"),
    "state-contradiction": N_(
        "What was given contradicts itself or the state of the task. Nothing was recorded. Right would be: {hint}"
    ),
    "bad-status": N_("“{status}” is not a status. The statuses are: {hint}."),
    "cancelled-by-province": N_(
        "Only the province withdraws a task. If the work has to stop here, pause it with its document: {hint}"
    ),
    "percent-out-of-range": N_(
        "{percent} is not a percent of a task. Give 1 to 99 for a task under way: {hint}"
    ),
    "percent-means-done": N_(
        "100 percent means that the task is done, and that is said by the status. Record it with: {hint}"
    ),
    "percent-means-not-started": N_(
        "0 percent means that the task has not begun, but it is under way or was said to be. Right would be: {hint}"
    ),
    "percent-on-recurring": N_(
        "A recurring task has no percent; it is done anew each week or month. For this time, record: {hint}"
    ),
    "recurring-under-way": N_(
        "A recurring task is always under way. When it was done this time, record: {hint}"
    ),
    "completed-after-today": N_(
        "The day of completion {completed_on} has not come yet; today is {today}. Give a day up to today: {hint}"
    ),
    "completed-without-done": N_(
        "A day of completion belongs to a task that is done. If it is, record: {hint}"
    ),
    "done-needs-date": N_(
        "The task is given as done, but the day of completion is missing. Fill it in: {hint}"
    ),
    "pause-needs-document": N_("A pause rests on a document. Name it by number and date: {hint}"),
    "reopen-needs-reason": N_(
        "The task was already done before this week. To take it up again, say why: {hint}"
    ),
    "transition-refused": N_("The state before this week does not lead to this status. First record: {hint}"),
    "bad-table": N_(
        "{file}, line {line}{column}: {problem}{value}. Nothing was taken from the table. Correct it and try again."
    ),
    "task-unit-unknown": N_(
        "{file}, line {line}, column “unit_codes”: there is no commune or ward with the code {unit}. Nothing was issued. Correct the code, or load the units first with: so-nhiem-vu-server import-units FILE"
    ),
    "no-units": N_(
        "The communes and wards are not loaded yet, so no task can be given to them. Load them with: so-nhiem-vu-server import-units FILE"
    ),
    "task-not-issued": N_(
        "The province has issued no task with the code {task}. See the codes in the table of tasks, or with: so-nhiem-vu-server summary --unit UNIT"
    ),
    "withdrawal-needs-document": N_(
        "A withdrawal rests on a document. Name it by number and date: --document “…”"
    ),
    "check-failed": N_(
        "File, log and rows do not agree in {count} places, named above. Nothing was changed. Keep a copy of the database and tell the support."
    ),
    "certificate-unusable": N_(
        "The certificate {file} and its key cannot be used: {why}. Give a PEM file of each, the key without a password."
    ),
    "certificate-half": N_("For https both are needed: --cert FILE and --key FILE."),
    "cannot-listen": N_(
        "It is not possible to listen at {address}: {why}. Choose another port with --port, or another address with --host."
    ),
    "enrol-altered": N_(
        "What arrived was not made with this code, or was changed on its way. Nothing was enrolled and the code is not used up. Try again over another network, or ask the province."
    ),
    "not-our-certificate": N_(
        "The paper of enrolment that this machine shows is not of this province. Check the address of the province; nothing was lost."
    ),
    "device-taken": N_(
        "The number of this machine already belongs to another one. Nothing was enrolled; enrol again, and a new number is drawn."
    ),
    "unknown-device": N_(
        "The province does not know this machine. Nothing is lost; the machine shows its paper of enrolment and tries again."
    ),
    "not-found": N_("There is nothing at this address. Check the address of the province."),
    "method-not-allowed": N_("This address is not used in this way. Check the address of the province."),
    "request-too-large": N_("More was sent at once than {limit} MiB. Nothing was taken; send it in parts."),
    "bad-request": N_("What was asked is not understood. Nothing was changed."),
    "ledger-missing": N_(
        "The file {path} is not there; it may have been moved or deleted. Nothing new was made. Put it back, or put the newest copy from the backups folder in its place."
    ),
    "ledger-exists": N_(
        "There is a ledger at {path} already. It was not touched. Choose another folder if you want a second one."
    ),
    "ledger-damaged": N_(
        "The file {path} is damaged and cannot be read as a ledger. It was left as it is. Keep it, and put the newest copy from the backups folder in its place; what the province has comes back by itself."
    ),
    "ledger-emptied": N_(
        "The file {path} is there but holds nothing, as can happen when the power fails. No new ledger was made. Put the newest copy from the backups folder in its place."
    ),
    "ledger-plain": N_(
        "The file {path} is not an encrypted ledger of this program; another file was put in its place. It was not opened. Put the ledger back, or the newest copy from the backups folder."
    ),
    "ledger-other-key": N_(
        "The file {path} does not open with the key of this machine: it belongs to another ledger, or its beginning is damaged. Nothing was changed. Put the newest copy from the backups folder in its place."
    ),
    "ledger-busy": N_(
        "Another program is writing in {path} and did not finish within 5 seconds. Nothing was lost. Wait a moment and try again."
    ),
    "ledger-no-access": N_(
        "The system does not let this user read or write {path}, or the drive is gone. Nothing was changed. Check that the folder exists, and the rights of the folder and the drive, then try again."
    ),
    "disk-full": N_(
        "The disk is full, so {path} could not be written. What was recorded before is kept. Delete files that are not needed, then try again."
    ),
    "evidence-refused": N_(
        "{file}: {problem}. This kind of file is not taken. Taken are: photos, PDF, Word and Excel without macros, up to 20 MB."
    ),
    "evidence-heic": N_(
        "{file} is a photo in the iPhone's own form (HEIC), which this program cannot read. Save it as JPEG on the phone, or send it to yourself as a photo by Zalo, and add that file."
    ),
    "evidence-secret": N_(
        "Do not put secret documents into this program. Send them by the secret mail of the office."
    ),
    "evidence-low-disk": N_(
        "{free} MB are left on the disk. Words can still be saved, photos are not taken any more. Delete files on this machine, then check again."
    ),
    "evidence-damaged": N_("A file of evidence on this machine is missing or damaged. Add it once more."),
    "evidence-unknown": N_("There is no file {number}. See them with: so-nhiem-vu evidence list --json"),
    "upload-no-leave": N_("A leave out of a signed answer is missing."),
    "upload-wrong-leave": N_("This leave does not hold for this file, or has run out."),
    "upload-unknown": N_("There is no such upload here."),
    "upload-offset": N_("This upload stands at byte {offset}."),
    "upload-version": N_("Only version 1.0.0 of tus is spoken here."),
    "upload-too-large": N_("One file may have {limit} MB, and no more bytes than were announced."),
    "upload-type": N_("The body must be application/offset+octet-stream."),
    "upload-checksum": N_("These bytes are not the file that was announced."),
    "upload-no-room": N_("The province has no room left for files of this unit. Tell the provincial office."),
    "network-drive": N_(
        "{path} lies on a network drive, where a ledger is not safe from being torn. Nothing was written. Choose a folder on a disk of this machine."
    ),
    "database-unreachable": N_(
        "The database of the province does not answer: {reason}. Nothing was changed. Check that it runs and that its address is right."
    ),
    "database-url": N_(
        "“{url}” is not a database this program knows. Write sqlite:///PATH or postgresql://USER@HOST/NAME."
    ),
    "file-held": N_(
        "Another program holds {path}, so it could not be written; the old file is whole. Close the program that has it open, then try again."
    ),
    "file-held-kept": N_(
        "Another program holds {path}, so it was not replaced; the old file is whole. The new one lies at {kept}. Close the program that has the file open, then try again."
    ),
    "keys-missing": N_(
        "The keys of this ledger are not where they were put at enrolment ({place}). Nothing new was made and the ledger is unharmed. Log in as the user who enrolled this machine, or put the keys back from a copy of the home folder."
    ),
    "keys-damaged": N_(
        "The keys of this ledger ({place}) are damaged and cannot be read. They were not written over. Put them back from a copy of the home folder; if there is none, ask the province for a new code and enrol in a new folder: what the province has comes back."
    ),
    "keys-exist": N_(
        "There are keys at {place} already; they were not written over. Choose another folder for a new ledger."
    ),
    "keyring-out-of-reach": N_(
        "The keys lie in the system's keyring, and the keyring cannot be reached from here ({reason}). No new keys and no new ledger were made. Log in to the desktop and unlock the keyring, then run the program there."
    ),
    "home-damaged": N_(
        "The small file {path}, which says which ledger this is, cannot be read, and no copy of it is left. The ledger is unharmed and no new one was made. Put the file back from a copy of the folder, or from the backups folder."
    ),
    "home-newer": N_(
        "A newer version of the program made {path}. Nothing was changed. Install the newer version, then open the ledger with it."
    ),
    "ledger-newer": N_(
        "{path} was last opened by a newer version of the program (its form is {version}, this program knows up to {known}). Nothing was changed. Install the newer version."
    ),
    "ledger-foreign": N_(
        "{path} is a database, but not one of this program. Nothing was changed. Choose another file."
    ),
}
