"""Every error that Sohoa raises on purpose.

An error carries a code (stable, for programs), an English text (for logs) and advice in Vietnamese (for the
digitiser). Whether trying again can help is told by its type, so that a retry never guesses.
No error text carries personal data: file names are given by their hash or left out.
"""

from __future__ import annotations


class SohoaError(Exception):
    """Base of all errors raised on purpose.

    code: stable machine name, kebab-case. message: English, for logs. advice: Vietnamese, for the digitiser.
    """

    def __init__(self, code: str, message: str, advice: str = "") -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.advice = advice

    def __reduce__(self) -> tuple[object, ...]:
        # Errors cross process borders: rebuild them from their parts, not from the joined text.
        return (type(self), (self.code, self.message, self.advice))


class TerminalError(SohoaError):
    """Trying again cannot help: the input, the settings or a right is wrong."""


class TransientError(SohoaError):
    """Trying again may help: a service was away, a time-out, a lost race."""


class FileRefused(TerminalError):
    """A file that cannot be read as a paper: truncated, encrypted, empty, too large, of a wrong kind."""


class ConfigurationError(TerminalError):
    """A setting, a catalogue file or a credential is wrong."""


class ManifestError(TerminalError):
    """`dossier.json` is not what the inbox contract asks for."""


class StoreError(TransientError):
    """The object store did not answer, or not as expected."""


class StoreDamaged(StoreError):
    """Something that was kept is not what it was, or cannot be given any more. It may be restored from a backup: who
    needs it waits.
    """


class StoreForbidden(TerminalError):
    """The store refused: the credentials do not allow it."""


class Conflict(TransientError):
    """A conditional put lost: someone else wrote first."""


class ReadingTimeout(TransientError):
    """Reading a page took longer than its limit and was stopped."""


class ReadingCrashed(TransientError):
    """The process that read a page died."""


class SourceAway(TransientError):
    """An outside source that is connected did not answer: what it would have said is unknown."""
