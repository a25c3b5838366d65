"""The store's errors in our words: which can be tried again, which cannot, which is a lost race.

Error texts name the bucket and the operation, never the key: keys of the inbox carry file names.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import urllib3
from minio.error import MinioException, S3Error

from dossier.errors import ConfigurationError, Conflict, SohoaError, StoreError, StoreForbidden

_MISSING = frozenset({"NoSuchKey", "NoSuchVersion", "NoSuchObject"})
_FORBIDDEN = frozenset({"AccessDenied", "InvalidAccessKeyId", "SignatureDoesNotMatch", "AccountProblem"})
_LOST = frozenset({"PreconditionFailed", "ConditionalRequestConflict"})


@contextmanager
def translated(act: str, missing_ok: bool = False) -> Iterator[None]:
    """Turn the SDK's errors into ours. With `missing_ok` an object that is not there ends the block quietly."""
    try:
        yield
    except S3Error as error:
        if missing_ok and error.code in _MISSING:
            return
        raise _ours(act, error.code or "") from None
    except MinioException as error:
        raise StoreError("store-error", f"{act}: {type(error).__name__}") from None
    except (urllib3.exceptions.HTTPError, ConnectionError, TimeoutError) as error:
        reason = getattr(error, "reason", None)
        if isinstance(reason, urllib3.exceptions.ResponseError):  # asked again and again, it answered 5xx
            code = "store-busy" if "503" in str(reason) else "store-error"
            raise StoreError(code, f"{act}: {reason}") from None
        raise StoreError("store-away", f"{act}: {type(error).__name__}") from None


def answered(act: str, status: int) -> None:
    """Raise what an HTTP status means, nothing if it is a success."""
    codes = {
        409: "ConditionalRequestConflict",
        412: "PreconditionFailed",
        403: "AccessDenied",
        404: "NoSuchBucket",
    }
    if status >= 300:
        raise _ours(act, codes.get(status, f"HTTP {status}"))


def _ours(act: str, code: str) -> SohoaError:
    if code in _LOST:
        return Conflict("store-conflict", f"{act}: someone else wrote first")
    if code in _FORBIDDEN:
        return StoreForbidden("store-forbidden", f"{act}: {code}")
    if code == "NoSuchBucket":
        return ConfigurationError("store-bucket-missing", f"{act}: there is no such bucket")
    return StoreError("store-error", f"{act}: {code}")
