"""A webhook against a real receiver that checks every signature and fails on purpose."""

from __future__ import annotations

import base64
import itertools
import json
import random
import ssl
import uuid
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from downstream import put
from webhook_receiver import Receiver, running

from dossier.errors import ConfigurationError, Conflict, TerminalError, TransientError
from dossier.record import Record
from dossier.targets import WebhookTarget
from storage.buckets import HANDOVERS
from storage.feed import Feed
from storage.publication.publishing import Publisher
from storage.publication.targets import Delivery, Handed, HandedOver
from storage.publication.webhook import Webhook
from storage.publication.webhook_store import Letter, WebhookStore
from storage.records import Records
from storage.s3 import Store

SECRET = "whsec_" + base64.b64encode(bytes(range(32))).decode()


@dataclass
class Clock:
    """Time as far as pauses are concerned."""

    at: datetime = field(default_factory=lambda: datetime.now(UTC))

    def __call__(self) -> datetime:
        return self.at

    def pass_(self, **span: float) -> None:
        self.at += timedelta(**span)


@dataclass
class Office:
    """An office of its own whose records are announced, and its webhook."""

    store: Store
    receiver: Receiver
    make: Callable[..., Record]
    name: str = field(default_factory=lambda: f"H{uuid.uuid4().int % 10**9}")
    options: dict[str, Any] = field(default_factory=dict)
    clock: Clock = field(default_factory=Clock)
    codes: dict[str, str] = field(default_factory=dict)

    def publish(self, dossier: str, version: int = 1, state: str = "checked") -> str:
        code = self.codes.setdefault(dossier, f"{self.name}-261120-{len(self.codes):04d}")
        record = self.make(code, office=self.name, version=version, state=state)
        Records(self.store).publish(record)
        return code

    def webhook(self, **options: Any) -> Webhook:
        """As another process would open it."""
        settings = WebhookTarget.model_validate(
            {
                "kind": "webhook",
                "offices": (self.name,),
                "url": self.receiver.url,
                "secret": SECRET,
                "timeout_s": 1,
            }
            | self.options
            | options
        )
        hook = Webhook(f"hook-{self.name.lower()}", settings, self.store, self.clock)
        hook.prepare()
        return hook

    def run(self) -> Handed:
        hook = self.webhook()
        return Publisher(self.store, Feed(self.store), hook).publish()

    def deliveries(self, after: int = 0) -> list[Delivery]:
        records = Records(self.store)
        return [
            Delivery(each, records.version(self.name, each.event["subject"], each.event["data"]["version"]))
            for each in Feed(self.store).after(self.name, after, 100)
        ]

    def taken(self) -> list[tuple[str, int]]:
        """(dossier, version) as the receiver kept them, in its order."""
        names = {code: dossier for dossier, code in self.codes.items()}
        return [(names[code], version) for code, version in self.receiver.order]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with running(Receiver(SECRET)) as receiver:
        yield receiver


@pytest.fixture
def office(store: Store, receiver: Receiver, make_record: Callable[..., Record]) -> Office:
    return Office(store, receiver, make_record)


def test_each_event_comes_once_signed_and_in_order(office: Office) -> None:
    office.publish("a")
    office.publish("b")
    office.publish("a", 2)
    assert office.run() == Handed(events=3, records=3)
    assert office.taken() == [("a", 1), ("b", 1), ("a", 2)]
    assert office.receiver.forged == 0
    assert office.run() == Handed()
    assert len(office.receiver.seen) == 3


def test_the_message_is_a_cloudevent_in_structured_mode(office: Office) -> None:
    code = office.publish("a")
    office.run()
    (event,) = office.receiver.events.values()
    assert office.receiver.headers[0]["content-type"].startswith("application/cloudevents+json")
    assert event["specversion"] == "1.0"
    assert event["type"] == "vn.sohoa.record.checked.v1"
    assert event["subject"] == event["data"]["dossier"] == code


def test_the_message_holds_nothing_of_the_persons_in_the_record(office: Office) -> None:
    office.publish("a")
    office.run()
    said = json.dumps(list(office.receiver.events.values()), ensure_ascii=False)
    for secret in ("Bưởi", "001190001234", "Tờ khai"):
        assert secret not in said


def test_only_states_that_are_asked_for_and_what_takes_their_place(office: Office) -> None:
    office.publish("a", 1, "returned")
    office.publish("a", 2, "checked")
    office.publish("a", 3, "returned")
    office.publish("a", 4, "returned")
    assert office.run() == Handed(events=4, records=2)
    assert office.taken() == [("a", 2), ("a", 3)]


@pytest.mark.parametrize("failure", [500, 503, 408, 409, 425, 429, "reset", "slow", "silent"])
def test_what_failed_is_sent_again_by_another_process_and_kept_once(office: Office, failure: Any) -> None:
    office.publish("a")
    office.receiver.plan["*"] = [failure]
    assert office.run() == Handed(events=1)
    assert office.run() == Handed()  # its pause is not over
    office.clock.pass_(seconds=5)
    assert office.run() == Handed(events=1, records=1)
    assert office.taken() == [("a", 1)]
    assert len(set(office.receiver.seen)) == 1
    assert len(office.receiver.seen) == 2


def test_later_versions_wait_behind_the_one_that_failed_and_other_dossiers_go_on(office: Office) -> None:
    failing = office.publish("a")
    office.publish("b")
    office.publish("a", 2)
    office.publish("b", 2)
    office.receiver.plan[failing] = [500]
    office.run()
    assert office.taken() == [("b", 1), ("b", 2)]
    office.clock.pass_(seconds=5)
    office.run()
    assert office.taken() == [("b", 1), ("b", 2), ("a", 1), ("a", 2)]


def test_pauses_grow_until_the_event_goes_aside_with_its_reason(office: Office) -> None:
    code = office.publish("a")
    office.publish("b")
    office.options["tries"] = 4
    office.receiver.always[code] = 500
    tries = []
    for _ in range(200):
        before = len(office.receiver.seen)
        office.run()
        tries += [office.clock.at] * (office.receiver.seen[before:].count(office.receiver.seen[0]))
        office.clock.pass_(seconds=5)
    pauses = [(later - earlier).total_seconds() for earlier, later in itertools.pairwise(tries)]
    assert pauses == [5, 20, 80]
    (aside,) = office.webhook().asides()
    assert (aside.dossier, aside.version, aside.code) == (code, 1, "http-500")
    assert office.taken() == [("b", 1)]


@pytest.mark.parametrize("status", [400, 401, 404, 413, 422, 301, 307])
def test_a_refusal_is_not_repeated_and_the_rest_goes_on(office: Office, status: int) -> None:
    code = office.publish("a")
    office.publish("b")
    office.receiver.plan[code] = [(status, {"Location": office.receiver.url + "/elsewhere"})]
    assert office.run() == Handed(events=2, records=1, aside=1)
    office.clock.pass_(days=1)
    assert office.run() == Handed()
    assert [aside.code for aside in office.webhook().asides()] == [f"http-{status}"]
    assert len(office.receiver.seen) == 2


def test_what_was_given_up_is_sent_when_a_person_says_so(office: Office) -> None:
    office.publish("a")
    office.receiver.plan["*"] = [422]
    office.run()
    assert Publisher(office.store, Feed(office.store), office.webhook()).retry_aside() == Handed(1, 1)
    assert office.taken() == [("a", 1)]
    assert office.webhook().asides() == []


def test_what_waits_is_told_and_sent_at_once_when_a_person_says_so(office: Office) -> None:
    office.publish("a")
    office.publish("a", 2)
    office.receiver.plan["*"] = [500]
    office.run()
    told = [(aside.version, aside.code) for aside in office.webhook().asides()]
    assert told == [(1, "http-500"), (2, "behind-another")]
    assert office.webhook().stands()[office.name].aside == 2
    Publisher(office.store, Feed(office.store), office.webhook()).retry_aside()
    assert office.taken() == [("a", 1), ("a", 2)]
    assert office.webhook().asides() == []


def test_the_audit_hears_of_what_the_receiver_has_and_of_what_waits_when_it_takes_it(office: Office) -> None:
    office.publish("a")
    failing = office.publish("b")
    office.publish("c", 1, "returned")  # not asked for
    office.receiver.plan[failing] = [500]
    heard: list[HandedOver] = []
    for _ in range(2):
        Publisher(office.store, Feed(office.store), office.webhook(), heard.append).publish()
        office.clock.pass_(seconds=5)
    told = [
        (over.first, over.last, [one.seq for one in over.taken], len(over.left), over.later) for over in heard
    ]
    assert told == [(1, 3, [1], 0, False), (2, 2, [2], 0, True)]


def test_of_a_batch_that_the_receiver_broke_off_the_audit_hears_what_became_of_each(office: Office) -> None:
    codes = [office.publish(name) for name in "abcdefg"]
    office.receiver.always |= dict.fromkeys(codes[2:], 500)
    office.receiver.plan[codes[1]] = [422]
    with pytest.raises(TransientError, match="webhook-away"):
        office.run()
    heard: list[HandedOver] = []
    with suppress(TransientError):
        Publisher(office.store, Feed(office.store), office.webhook(), heard.append).publish()
    [over] = heard
    assert (over.first, [one.seq for one in over.taken], [one.seq for one in over.left]) == (1, [1], [2])


def test_another_office_with_the_same_code_does_not_keep_a_person_s_word_from_being_done(
    office: Office, store: Store, make_record: Callable[..., Record]
) -> None:
    other = Office(store, office.receiver, make_record)
    office.options["offices"] = (office.name, other.name)
    first, second = sorted((office, other), key=lambda each: each.name)
    for each in (first, second):
        Records(store).publish(make_record("SAME-1", office=each.name, version=1, state="checked"))
        if each is first:
            Feed(store).announce(second.name, {"data": {}})  # so that the number of the second is higher
    office.receiver.always["*"] = 500
    office.run()
    assert [aside.code for aside in office.webhook().asides()].count("http-500") == 2
    office.receiver.always.clear()
    hook = office.webhook()
    late = max(hook.asides(), key=lambda aside: aside.seq)
    announced = Feed(store).at(late.office, late.seq)
    assert announced is not None
    record = Records(store).version(late.office, "SAME-1", 1)
    assert hook.again(late.office, [Delivery(announced, record)]) == Handed(events=1, records=1)


def test_what_a_newer_version_has_overtaken_is_not_sent_again(office: Office) -> None:
    office.publish("a")
    office.publish("a", 2)
    office.receiver.plan["*"] = [422]
    office.run()
    assert office.taken() == [("a", 2)]
    hook = office.webhook()
    hook.again(office.name, office.deliveries())
    assert office.taken() == [("a", 2)]
    assert hook.asides() == []


def announced_late(office: Office) -> str:
    """Version 2 of a dossier stands in the feed before version 1: who wrote 1 had paused."""
    code = office.codes.setdefault("a", f"{office.name}-261120-0000")
    both = [office.make(code, office=office.name, version=version, state="checked") for version in (2, 1)]
    put(office.store, both)
    return code


def test_an_older_version_that_is_announced_after_a_newer_one_is_told_as_overtaken_and_not_sent(
    office: Office,
) -> None:
    code = announced_late(office)
    assert office.run() == Handed(events=2, records=1)
    assert office.taken() == [("a", 2)]
    assert office.webhook().asides() == []
    assert [(letter.dossier, letter.version, letter.state) for letter in letters(office)] == [
        (code, 1, "overtaken")
    ]


def test_an_older_version_that_waited_behind_a_newer_one_is_not_sent_after_it(office: Office) -> None:
    announced_late(office)
    office.receiver.plan["*"] = [500]
    office.run()
    office.clock.pass_(seconds=5)
    office.run()
    assert office.taken() == [("a", 2)]
    assert [(letter.version, letter.state) for letter in letters(office)] == [(1, "overtaken")]


def test_a_damaged_letter_is_named_and_keeps_nothing_else_from_being_done(office: Office) -> None:
    broken, well = office.publish("a"), office.publish("b")
    office.receiver.plan["*"] = [422, 422]
    office.run()
    place = f"hook-{office.name.lower()}/aside/{office.name}/{broken}/v000001.json"
    office.store.put(HANDOVERS, place, b'{"office": ')
    hook = office.webhook()
    assert {(aside.dossier, aside.version, aside.code) for aside in hook.asides()} == {
        (broken, 1, "letter-damaged"),
        (well, 1, "http-422"),
    }
    assert hook.stands()[office.name].aside == 2
    Publisher(office.store, Feed(office.store), hook).retry_aside()
    assert office.taken() == [("b", 1)]
    assert [aside.code for aside in office.webhook().asides()] == ["letter-damaged"]


def test_gone_closes_the_target_until_a_person_opens_it(office: Office) -> None:
    office.publish("a")
    office.publish("b")
    office.receiver.plan["*"] = [410]
    with pytest.raises(TerminalError, match="webhook-closed"):
        office.run()
    with pytest.raises(TerminalError, match="webhook-closed"):
        office.run()
    assert len(office.receiver.seen) == 1
    hook = office.webhook()
    hook.again(office.name, office.deliveries()[:1])
    office.run()
    assert office.taken() == [("a", 1), ("b", 1)]


def test_a_receiver_away_for_a_day_is_caught_up_without_anything_given_up(office: Office) -> None:
    for number in range(8):
        office.publish(f"d{number}")
    office.receiver.always["*"] = 503
    for _ in range(24 * 6):
        with suppress(TransientError):
            office.run()
        office.clock.pass_(minutes=10)
    assert len(set(office.receiver.seen)) == 3  # the others never left the feed
    del office.receiver.always["*"]
    office.clock.pass_(hours=1)
    office.run()
    assert sorted(office.taken()) == [(f"d{number}", 1) for number in range(8)]
    assert office.webhook().asides() == []


def test_a_receiver_that_refuses_everything_does_not_get_the_whole_feed(office: Office) -> None:
    for number in range(8):
        office.publish(f"d{number}")
    office.receiver.always["*"] = 401
    for _ in range(3):
        with pytest.raises(TransientError, match="webhook-away"):
            office.run()
    assert len(office.receiver.seen) == 3
    assert len(office.webhook().asides()) == 3


def test_nobody_at_the_address_is_trouble_of_the_receiver(
    store: Store, receiver: Receiver, make_record: Callable[..., Record]
) -> None:
    office = Office(store, Receiver(SECRET, url="http://127.0.0.1:9/"), make_record)
    office.publish("a")
    assert office.run() == Handed(events=1)
    office.receiver.url = receiver.url
    office.clock.pass_(seconds=5)
    assert office.run() == Handed(events=1, records=1)


def test_the_receiver_names_the_pause(office: Office) -> None:
    office.publish("a")
    office.receiver.plan["*"] = [(429, {"Retry-After": "120"})]
    office.run()
    office.clock.pass_(seconds=119)
    assert office.run() == Handed()
    office.clock.pass_(seconds=1)
    assert office.run() == Handed(events=1, records=1)


def test_a_clock_that_was_wrong_for_a_while_keeps_nothing_waiting(office: Office) -> None:
    office.publish("a")
    office.receiver.plan["*"] = [500]
    right = office.clock.at
    office.clock.at = right + timedelta(days=365)
    office.run()
    office.clock.at = right
    assert office.run() == Handed(events=1, records=1)


class Died(BaseException):
    """The end of a process."""


def test_a_publisher_that_died_after_sending_sends_the_same_id_again(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.publish("a")
    with monkeypatch.context() as patch:
        patch.setattr(WebhookStore, "save", lambda *_: (_ for _ in ()).throw(Died))
        with pytest.raises(Died):
            office.run()
    assert office.run() == Handed(events=1, records=1)
    assert len(office.receiver.seen) == 2
    assert office.taken() == [("a", 1)]


def test_of_two_publishers_one_is_told(office: Office) -> None:
    office.publish("a")
    first, second = office.webhook(), office.webhook()
    cursor = first.cursor(office.name)
    second.cursor(office.name)
    first.hand(office.name, cursor, office.deliveries())
    with pytest.raises(Conflict):
        second.hand(office.name, cursor, office.deliveries())


def test_while_a_secret_is_renewed_both_sign(office: Office) -> None:
    new = "whsec_" + base64.b64encode(bytes(range(50, 82))).decode()
    office.options |= {"secret": new, "old_secret": SECRET}
    office.publish("a")
    assert office.run() == Handed(events=1, records=1)
    office.receiver.secret = new
    office.publish("b")
    assert office.run() == Handed(events=1, records=1)


def test_a_wrong_secret_is_refused_by_the_receiver(office: Office) -> None:
    office.options["secret"] = "whsec_" + base64.b64encode(bytes(32)).decode()
    office.publish("a")
    assert office.run() == Handed(events=1, aside=1)
    assert office.receiver.forged == 1


@pytest.mark.parametrize(
    "url", ["ftp://host/x", "file:///etc/passwd", "https://", "https://user:pw@host/", "http://host:port/"]
)
def test_an_address_that_is_no_host_over_http_is_refused(office: Office, url: str) -> None:
    with pytest.raises(ConfigurationError, match="webhook-url") as error:
        office.webhook(url=url)
    assert "pw" not in str(error.value)


@pytest.mark.parametrize("secret", ["whsec_", "whsec_c2hvcnQ=", "not base64!"])
def test_a_weak_secret_is_refused(office: Office, secret: str) -> None:
    with pytest.raises(ConfigurationError, match="webhook-secret"):
        office.webhook(secret=secret)


@pytest.mark.parametrize("seed", range(3))
def test_whatever_the_receiver_does_versions_never_go_back_and_none_is_lost(
    office: Office, seed: int
) -> None:
    chance = random.Random(seed)
    versions = {dossier: chance.randint(1, 4) for dossier in "abcde"}
    for version in range(1, 5):
        for dossier in versions:
            if version <= versions[dossier]:
                office.publish(dossier, version)
    weights = {204: 5, 500: 4, 422: 2, 429: 1, "reset": 2, 410: 1}
    office.receiver.plan["*"] = chance.choices(list(weights), list(weights.values()), k=40)  # type: ignore[arg-type]
    for _ in range(60):
        with suppress(TransientError):
            try:
                office.run()
            except TerminalError:  # it said 410: a person opens it again
                Publisher(office.store, Feed(office.store), office.webhook()).retry_aside()
        office.clock.pass_(hours=1)
    office.receiver.plan.clear()
    for _ in range(3):
        Publisher(office.store, Feed(office.store), office.webhook()).retry_aside()
        office.run()
        office.clock.pass_(hours=1)
    hook = office.webhook()
    assert hook.asides() == []
    taken = office.taken()
    for dossier in versions:
        mine = [version for name, version in taken if name == dossier]
        assert mine == sorted(set(mine))
        assert mine[-1] == versions[dossier]
        left_out = set(range(1, versions[dossier] + 1)) - set(mine)
        kept = {letter.version for letter in letters(office) if letter.dossier == office.codes[dossier]}
        assert left_out <= kept  # refused, then overtaken: told in its letter


def letters(office: Office) -> list[Letter]:
    return list(WebhookStore(office.store, f"hook-{office.name.lower()}").letters())


@pytest.fixture
def own_authority(tmp_path: Path) -> tuple[Path, ssl.SSLContext]:
    """A certificate for 127.0.0.1 that no public authority knows, and the server's side of it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "receiver of the tests")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    place, both = tmp_path / "ca.pem", tmp_path / "server.pem"
    place.write_bytes(certificate.public_bytes(Encoding.PEM))
    both.write_bytes(
        place.read_bytes() + key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(both)
    return place, context


def test_a_certificate_is_checked_and_an_own_authority_can_be_named(
    store: Store, make_record: Callable[..., Record], own_authority: tuple[Path, ssl.SSLContext]
) -> None:
    place, context = own_authority
    with running(Receiver(SECRET), tls=context) as receiver:
        office = Office(store, receiver, make_record)
        office.publish("a")
        office.run()
        assert [aside.code for aside in office.webhook().asides()] == ["tls"]
        assert receiver.seen == []
        office.options["ca_file"] = place
        office.clock.pass_(seconds=5)
        assert office.run() == Handed(events=1, records=1)
        assert office.taken() == [("a", 1)]
