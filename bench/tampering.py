"""What is tampered with, and how: one act each on a house whose dossiers have ended."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from typing import Final

from sqlalchemy import Connection, TextClause, text

from bench.administrator import Undo, changed
from bench.ended import sha256_of
from bench.house import OFFICE
from bench.scene import (
    Scene,
    Tampering,
    anchor_of,
    audit_of,
    event_of,
    evidence_of,
    feed_of,
    middle_of,
    original_of,
    pointer_of,
    record_of,
    sealed_of,
)
from storage.anchors import anchor
from storage.audit import audit_chain
from storage.buckets import AUDIT, FEED, RECORDS
from storage.feed import Feed
from storage.publication.sql_connection import Database
from storage.records import record_key


def _by(act: str, which: Callable[[Scene], tuple[str, str]], scene: Scene) -> Undo:
    bucket, key = which(scene)
    admin = scene.admin
    match act:
        case "over":
            return admin.put_over(bucket, key, changed(admin.read(bucket, key)))
        case "exchange":
            return admin.exchange(bucket, key, changed(admin.read(bucket, key)))
        case "remove":
            return admin.remove(bucket, key)
        case "hide":
            return admin.hide(bucket, key)
        case _:
            return admin.flip_on_disk(bucket, key)


# Acts of their own.


def _older_pointer(scene: Scene) -> Undo:
    """The pointer names version 1 again, with its true hash."""
    raw = scene.admin.read(RECORDS, record_key(OFFICE, scene.code, 1))
    said = {"version": 1, "key": record_key(OFFICE, scene.code, 1), "sha256": sha256_of(raw)}
    said["state"] = json.loads(raw)["state"]
    return scene.admin.exchange(*pointer_of(scene), (json.dumps(said, indent=1) + "\n").encode())


def _record_of_another(scene: Scene) -> Undo:
    other = scene.admin.read(RECORDS, record_key(OFFICE, scene.other, 1))
    return scene.admin.exchange(*record_of(scene), other)


def _reordered(scene: Scene) -> Undo:
    """Two entries of the audit that follow one another change places."""
    chain, seq = audit_chain(scene.admin.store, OFFICE), middle_of(scene)
    keys = [chain.key(seq), chain.key(seq + 1)]
    first, second = (scene.admin.read(AUDIT, key) for key in keys)
    return _all([scene.admin.exchange(AUDIT, keys[0], second), scene.admin.exchange(AUDIT, keys[1], first)])


def _cut_off(bucket: str, scene: Scene) -> Undo:
    """The last two links are gone."""
    chain = audit_chain(scene.admin.store, OFFICE)
    head = chain.head().seq if bucket == AUDIT else Feed(scene.admin.store).head(OFFICE).seq
    key = chain.key if bucket == AUDIT else partial(Feed(scene.admin.store).key, OFFICE)
    return _all([scene.admin.remove(bucket, key(seq)) for seq in (head, head - 1)])


def _written_anew(scene: Scene) -> Undo:
    """One entry of the audit altered, and every link behind it written anew, so that all hashes agree."""
    chain, seq, undone = audit_chain(scene.admin.store, OFFICE), middle_of(scene), []
    head, previous = chain.head().seq, ""
    for number in range(seq, head + 1):
        said = json.loads(scene.admin.read(AUDIT, chain.key(number)))
        if number == seq:
            said["entry"]["what"] = "view"
        else:
            said["previous"] = previous
        raw = (json.dumps(said, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()
        undone.append(scene.admin.exchange(AUDIT, chain.key(number), raw))
        previous = sha256_of(raw)
    return _all(undone)


def _anchor_over(scene: Scene) -> Undo:
    bucket, key = anchor_of(scene)
    said = json.loads(scene.admin.read(bucket, key))
    said["heads"] = []
    return scene.admin.put_over(bucket, key, json.dumps(said).encode())


def _sql(change: str, back: str, keep: str | None, scene: Scene) -> Undo:
    """keep: the rows that `change` touches are kept in a table `kept` for `back`."""
    _execute(scene, [f"CREATE TABLE kept AS {keep}"] if keep else [], [change])

    def undo() -> None:
        _execute(scene, [back], ["DROP TABLE kept"] if keep else [])

    return undo


def _execute(scene: Scene, *statements: list[str]) -> None:
    assert scene.house.database is not None
    with closing(Database("tamper", scene.house.database.url)) as database:
        for statement in (text(one) for some in statements for one in some):
            values = {"code": scene.code} if ":code" in str(statement) else {}
            if database.run(partial(_rows_of, statement, values)) == 0:
                raise LookupError("no row to tamper with")


def _rows_of(statement: TextClause, values: dict[str, str], connection: Connection) -> int:
    return connection.execute(statement, values).rowcount


def _all(undone: list[Undo]) -> Undo:
    def undo() -> None:
        for one in reversed(undone):
            one()

    return undo


_ROW = "dossier = :code AND version = 1"


def _rows() -> Iterator[Tampering]:
    wrong = f"UPDATE sohoa_records SET record_sha256 = reverse(record_sha256) WHERE {_ROW}"
    yield Tampering("database row, record", "its hash changed", partial(_sql, wrong, wrong, None))
    letter = "UPDATE sohoa_fields SET printed = printed || 'x' WHERE dossier = :code"
    back = "UPDATE sohoa_fields SET printed = left(printed, -1) WHERE dossier = :code"
    yield Tampering(
        "database row, field", "a letter more in what was printed", partial(_sql, letter, back, None)
    )
    gone = f"DELETE FROM sohoa_findings WHERE {_ROW}"
    again = "INSERT INTO sohoa_findings SELECT * FROM kept"
    keep = f"SELECT * FROM sohoa_findings WHERE {_ROW}"
    yield Tampering("database row, finding", "removed", partial(_sql, gone, again, keep))


def _objects() -> Iterator[Tampering]:
    over, hidden = "one byte changed, put over it by S3", "one byte changed by S3, the true version erased"
    gone, disk = "erased by S3", "one bit changed on the store's disk"
    ways = {"over": over, "exchange": hidden, "remove": gone, "hide": "deleted by S3", "disk": disk}
    for what, which, acts in (
        ("original", original_of, ("over", "exchange", "remove", "hide", "disk")),
        ("sealed copy", sealed_of, ("over", "exchange", "remove", "disk")),
        ("record", record_of, ("over", "exchange", "remove", "hide", "disk")),
        ("evidence of a record", evidence_of, ("over", "exchange", "remove", "disk")),
        ("event in the outbox", event_of, ("over", "remove", "disk")),
        ("pointer", pointer_of, ("over", "remove", "disk")),
        ("audit entry", audit_of, ("over", "exchange", "remove", "hide", "disk")),
        ("feed link", feed_of, ("over", "exchange", "remove", "disk")),
        ("anchor", anchor_of, ("over", "exchange", "remove", "disk")),
    ):
        yield from (Tampering(what, ways[act], partial(_by, act, which)) for act in acts)


TAMPERINGS: Final = (
    *_objects(),
    Tampering("pointer", "exchanged for that of an older version", _older_pointer),
    Tampering("record", "exchanged for that of another dossier", _record_of_another),
    Tampering("audit entries", "two have changed places", _reordered),
    Tampering("audit entries", "the last two cut off", partial(_cut_off, AUDIT)),
    Tampering("audit entries", "one altered, all behind it written anew", _written_anew),
    Tampering("feed links", "the last two cut off", partial(_cut_off, FEED)),
    Tampering("anchor", "put over by one that names no chain", _anchor_over),
    *_rows(),
)


def prepared(scene: Scene) -> Scene:
    """With two anchors, as after two nights."""
    for _ in range(2):
        anchor(scene.admin.store)
    return scene
