"""What a database's errors mean: it is away, it refuses us, or it refuses this one value.

Texts of databases carry values; ours carry the error's type and code alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import (
    DataError,
    DBAPIError,
    IntegrityError,
    InterfaceError,
    InternalError,
    OperationalError,
    SQLAlchemyError,
    StatementError,
)

from dossier.errors import ConfigurationError, SohoaError, TransientError

# Classes of SQLSTATE (PostgreSQL, appendix A): the value, or the key, is what is wrong.
_VALUE = ("22", "23")
# Connection, resources, being stopped or starting, a lost race, a server that is read-only for now.
_AWAY = ("08", "40", "53", "55", "57", "58", "25006", "XX")
# MySQL and MariaDB: no right, no such user or database; too many connections, locks, a deadlock.
_MYSQL_REFUSED = frozenset((1044, 1045, 1049, 1142, 1143, 1146, 1054, 1227))


class TargetAway(TransientError):
    """The target does not answer, or not now."""


class TargetRefuses(ConfigurationError):
    """The target answers and does not let us: address, user, rights or schema."""


class ValueRefused(Exception):
    """The database does not take a value that we gave it; the transaction is lost. Stays within this package."""


@contextmanager
def translated(name: str) -> Iterator[None]:
    """Raise what an error of the database means for the target of that name."""
    try:
        yield
    except (SohoaError, ValueRefused):
        raise
    except SQLAlchemyError as error:
        raise _ours(name, error) from None
    except (OSError, TimeoutError, EOFError) as error:
        raise _away(name, type(error).__name__) from None
    except Exception as error:
        if (state := getattr(error, "sqlstate", None)) is None:
            raise
        raise _by_state(name, error, str(state)) from None  # a driver's own error while connecting


def _ours(name: str, error: SQLAlchemyError) -> Exception:
    if not isinstance(error, DBAPIError):
        if isinstance(error, StatementError) and isinstance(error.orig, ValueError | TypeError):
            return ValueRefused(type(error.orig).__name__)
        return _refuses(name, type(error).__name__)
    cause = error.orig
    if error.connection_invalidated:
        return _away(name, type(cause).__name__)
    state = getattr(cause, "sqlstate", None) or getattr(cause, "pgcode", None)
    if state:
        return _by_state(name, cause or error, str(state))
    return _by_class(name, error)


def _by_state(name: str, error: BaseException, state: str) -> Exception:
    what = f"{type(error).__name__} {state}"
    if state.startswith(_VALUE):
        return ValueRefused(f"{name}: {what}")
    return _away(name, what) if state.startswith(_AWAY) else _refuses(name, what)


def _by_class(name: str, error: DBAPIError) -> Exception:
    cause = error.orig
    code = cause.args[0] if cause is not None and cause.args and isinstance(cause.args[0], int) else None
    what = type(cause).__name__ + (f" {code}" if code is not None else "")
    if isinstance(error, DataError | IntegrityError) or isinstance(cause, ValueError):
        return ValueRefused(f"{name}: {what}")
    if isinstance(error, OperationalError | InterfaceError | InternalError) and code not in _MYSQL_REFUSED:
        return _away(name, what)
    return _refuses(name, what)


def _away(name: str, what: str) -> TargetAway:
    return TargetAway(
        "target-away", f"{name}: the database does not answer, or not now ({what}): caught up when it is back"
    )


def _refuses(name: str, what: str) -> TargetRefuses:
    return TargetRefuses(
        "target-refuses", f"{name}: the database refuses us ({what}): look at URL, user, rights and schema"
    )
