"""Signatures of incoming papers: whom they lead to, when they were made, what was added after. A real authority."""

from __future__ import annotations

import io
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pikepdf
import pytest
from asn1crypto import crl as asn1_crl
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers
from pyhanko.sign.fields import MDPPerm
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko_certvalidator.registry import SimpleCertificateStore
from signing_authority import ORGANISATION, Authority, Holder, issue

from dossier.errors import ConfigurationError
from dossier.reading import Signature
from dossier.settings import ReadingSettings
from dossier.trust import TrustStore, load_trust
from ocr.inspection import inspect_file
from ocr.signatures import signatures

FUZZING_SECONDS, FUZZING_ROUNDS = 45.0, 250


@pytest.fixture(scope="module")
def authority() -> Authority:
    return Authority()


@pytest.fixture
def trust(tmp_path: Path, authority: Authority) -> TrustStore:
    return trusting(tmp_path, authority.root)


def trusting(folder: Path, *holders: Holder) -> TrustStore:
    """Of certificates in a folder, a file each."""
    place = folder / "-".join(str(holder.certificate.serial_number)[:8] for holder in holders)
    place.mkdir()
    for number, holder in enumerate(holders):
        (place / f"{number}.pem").write_bytes(holder.pem)
    return load_trust(place)


def plain() -> bytes:
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        out = io.BytesIO()
        pdf.save(out)
    return out.getvalue()


def sign(
    holder: Holder,
    pdf: bytes | None = None,
    *,
    chain: tuple[Holder, ...] = (),
    field: str = "Signature1",
    stamps: Any = None,
    **metadata: Any,
) -> bytes:
    store = SimpleCertificateStore()
    store.register_multiple([one.asn1 for one in chain])
    signer = signers.SimpleSigner(signing_cert=holder.asn1, signing_key=holder.asn1_key, cert_registry=store)
    made = signers.PdfSignatureMetadata(field_name=field, **{"md_algorithm": "sha256", **metadata})
    out = io.BytesIO()
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf or plain()))
    signers.PdfSigner(made, signer, timestamper=stamps).sign_pdf(writer, output=out)
    return out.getvalue()


def read(folder: Path, pdf: bytes, trust: TrustStore | None = None) -> tuple[Signature, ...]:
    path = folder / "paper.pdf"
    path.write_bytes(pdf)
    found = signatures(path, trust)
    assert path.read_bytes() == pdf  # incoming papers are never altered
    return found


def revised(pdf: bytes, change: Any) -> bytes:
    """The file with an incremental update behind it."""
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    change(writer)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def test_without_roots_nobody_knows_whom_to_trust(tmp_path, authority) -> None:
    (found,) = read(tmp_path, sign(authority.signer, chain=(authority.intermediate,)))
    assert (found.intact, found.trusted, found.trust_reason) == (True, None, "no-roots")
    assert (found.revocation, found.timestamped_at, found.added) == ("unknown", None, "nothing")
    assert found.vouches


def test_a_chain_that_the_signature_brings_leads_to_the_root(tmp_path, authority, trust) -> None:
    (found,) = read(tmp_path, sign(authority.signer, chain=(authority.intermediate,)), trust)
    assert (found.trusted, found.trust_reason, found.revocation) == (True, "trusted", "unknown")


def test_an_intermediate_may_come_from_the_settings(tmp_path, authority, trust) -> None:
    pdf = sign(authority.signer)
    (found,) = read(tmp_path, pdf, trust)
    assert (found.trusted, found.trust_reason, found.vouches) == (False, "no-chain", False)
    (found,) = read(tmp_path, pdf, trusting(tmp_path, authority.root, authority.intermediate))
    assert found.trusted


def test_who_signed_himself_is_not_trusted(tmp_path, trust) -> None:
    (found,) = read(tmp_path, sign(issue(ORGANISATION)), trust)
    assert (found.intact, found.trusted, found.trust_reason) == (True, False, "no-chain")


def test_a_forged_issuer_of_the_same_name_is_found(tmp_path, trust) -> None:
    forged = issue("Sohoa test intermediate", issue("Sohoa test root", authority=True), authority=True)
    (found,) = read(tmp_path, sign(issue(ORGANISATION, forged), chain=(forged,)), trust)
    assert (found.intact, found.trusted) == (True, False)
    assert found.trust_reason in ("no-chain", "chain-broken")


def test_who_is_no_authority_issues_nothing(tmp_path, authority, trust) -> None:
    pdf = sign(issue("Một người khác", authority.signer), chain=(authority.signer, authority.intermediate))
    (found,) = read(tmp_path, pdf, trust)
    assert (found.trusted, found.trust_reason) == (False, "chain-broken")


def test_a_certificate_that_had_ended_when_it_signed(tmp_path, authority, trust) -> None:
    ended = issue(ORGANISATION, authority.intermediate, until=datetime.now(UTC) - timedelta(days=3))
    (found,) = read(tmp_path, sign(ended, chain=(authority.intermediate,)), trust)
    assert (found.intact, found.trusted, found.trust_reason) == (True, False, "not-valid-then")


def test_a_trusted_time_stamp_says_when_and_outlives_the_certificate(tmp_path, authority, trust) -> None:
    at = datetime.now(UTC) - timedelta(days=300)
    ended = issue(ORGANISATION, authority.intermediate, until=at + timedelta(days=30))
    pdf = sign(ended, chain=(authority.intermediate,), stamps=authority.stamps(at))
    (found,) = read(tmp_path, pdf, trust)
    assert found.timestamped_at == at.replace(microsecond=found.timestamped_at.microsecond)
    assert (found.timestamp_trusted, found.trusted) == (True, True)
    assert found.at == found.timestamped_at


def test_a_time_stamp_of_a_stranger_proves_no_time(tmp_path, authority, trust) -> None:
    at = datetime.now(UTC) - timedelta(days=300)
    stranger = Authority()
    ended = issue(ORGANISATION, authority.intermediate, until=at + timedelta(days=30))
    (found,) = read(tmp_path, sign(ended, chain=(authority.intermediate,), stamps=stranger.stamps(at)), trust)
    assert (found.timestamp_trusted, found.trusted, found.trust_reason) == (False, False, "not-valid-then")


def test_sha1_is_trusted_and_outdated(tmp_path, authority, trust) -> None:
    pdf = sign(authority.signer, chain=(authority.intermediate,), md_algorithm="sha1")
    (found,) = read(tmp_path, pdf, trust)
    assert (found.intact, found.outdated, found.trusted) == (True, True, True)


def with_lists(pdf: bytes, *lists: Any) -> bytes:
    """With revocation lists in the file's document security store."""
    made = [asn1_crl.CertificateList.load(one.public_bytes(Encoding.DER)) for one in lists]
    out = io.BytesIO(pdf)
    DocumentSecurityStore.add_dss(out, None, crls=made)
    return out.getvalue()


@pytest.mark.parametrize(("days_before", "trusted", "told"), [(2, False, "revoked"), (None, True, "good")])
def test_revocation_is_told_by_what_the_file_brings(
    tmp_path, authority, trust, days_before, trusted, told
) -> None:
    signed = sign(authority.signer, chain=(authority.intermediate,))
    now = datetime.now(UTC).replace(microsecond=0)
    revoked = () if days_before is None else (authority.signer,)
    own = authority.revocation_list(*revoked, on=now - timedelta(days=days_before or 1))
    above = authority.revocation_list(on=now - timedelta(days=1), by=authority.root)
    (found,) = read(tmp_path, with_lists(signed, own, above), trust)
    assert (found.intact, found.trusted, found.revocation) == (True, trusted, told)
    assert (found.covers_whole_file, found.added) == (False, "validation-data")


def test_a_second_signature_is_an_allowed_addition(tmp_path, authority) -> None:
    pdf = sign(issue("Người thứ hai", authority.intermediate), sign(authority.signer), field="Signature2")
    first, second = read(tmp_path, pdf)
    assert (first.covers_whole_file, first.added, first.vouches) == (False, "fields", True)
    assert (second.covers_whole_file, second.added) == (True, "nothing")


def test_a_page_drawn_over_after_signing_is_no_longer_the_signed_one(tmp_path, authority) -> None:
    def draw(writer: Any) -> None:
        page = writer.find_page_for_modification(0)[0].get_object()
        page["/Contents"] = writer.add_object(generic.StreamObject(stream_data=b"0 0 300 300 re f"))
        writer.update_container(page)

    (found,) = read(tmp_path, revised(sign(authority.signer), draw))
    assert (found.intact, found.added, found.vouches) == (True, "other", False)


def form() -> bytes:
    """A page with a text field that says `old`."""
    with pikepdf.open(io.BytesIO(plain())) as pdf:
        field = pikepdf.Dictionary(
            Type=pikepdf.Name.Annot,
            Subtype=pikepdf.Name.Widget,
            FT=pikepdf.Name.Tx,
            T="note",
            V="old",
            Rect=[0, 0, 9, 9],
            F=4,
        )
        made = pdf.make_indirect(field)
        pdf.pages[0].Annots = pikepdf.Array([made])
        pdf.Root.AcroForm = pikepdf.Dictionary(Fields=pikepdf.Array([made]))
        out = io.BytesIO()
        pdf.save(out)
    return out.getvalue()


@pytest.mark.parametrize(("allowed", "told"), [(MDPPerm.FILL_FORMS, "fields"), (MDPPerm.NO_CHANGES, "other")])
def test_a_field_may_be_filled_in_where_the_signer_allows_it(tmp_path, authority, allowed, told) -> None:
    def fill(writer: Any) -> None:
        field = writer.root["/AcroForm"]["/Fields"][0]
        field["/V"] = generic.pdf_string("new")
        writer.update_container(field)

    signed = sign(authority.signer, form(), certify=True, docmdp_permissions=allowed)
    (found,) = read(tmp_path, revised(signed, fill))
    assert (found.intact, found.added) == (True, told)


def test_inspection_trusts_by_the_settings(tmp_path, authority) -> None:
    (tmp_path / "roots.pem").write_bytes(authority.root.pem + authority.intermediate.pem)
    paper = tmp_path / "paper.pdf"
    paper.write_bytes(sign(authority.signer))
    settings = ReadingSettings(signature_roots=tmp_path / "roots.pem")
    assert inspect_file(paper, paper.name, settings).signatures[0].trusted
    (tmp_path / "roots.pem").write_bytes(b"no certificate")
    with pytest.raises(ConfigurationError, match="trust-unreadable"):
        inspect_file(paper, paper.name, settings)


def crooked(writer: Any, depth: int, leaf: Any) -> Any:
    """A field above `leaf` with two to the power of `depth` ways down."""
    for _ in range(depth):
        kids = generic.ArrayObject([leaf, leaf])
        names = {"/T": generic.pdf_string("x"), "/Kids": kids}
        leaf = writer.add_object(
            generic.DictionaryObject({generic.pdf_name(key): value for key, value in names.items()})
        )
    return leaf


def test_a_form_with_more_ways_than_can_be_walked_ends_soon(tmp_path, authority) -> None:
    def grow(writer: Any) -> None:
        leaf = writer.add_object(generic.DictionaryObject({generic.pdf_name("/T"): generic.pdf_string("x")}))
        writer.root["/AcroForm"]["/Fields"].append(crooked(writer, 40, leaf))
        writer.update_container(writer.root["/AcroForm"])

    began = time.monotonic()
    assert read(tmp_path, revised(sign(authority.signer), grow)) == ()
    assert time.monotonic() - began < 10


def test_a_form_that_leads_in_circles_ends_soon(tmp_path, authority) -> None:
    def turn(writer: Any) -> None:
        ring = generic.DictionaryObject()
        reference = writer.add_object(ring)
        ring[generic.pdf_name("/Kids")] = generic.ArrayObject([reference, reference])
        writer.root["/AcroForm"]["/Fields"].append(reference)
        writer.update_container(writer.root["/AcroForm"])

    began = time.monotonic()
    assert not any(one.vouches for one in read(tmp_path, revised(sign(authority.signer), turn)))
    assert time.monotonic() - began < 10


def test_flipped_bits_neither_stop_nor_fool(tmp_path, authority, trust) -> None:
    """Whatever is flipped, reading goes on, soon ends, and no changed page passes for the signed one."""
    page = plain()
    pdf = sign(authority.signer, page, chain=(authority.intermediate,), stamps=authority.stamps())
    pdf = sign(issue("Người thứ hai", authority.intermediate), pdf, field="Signature2")
    random, began = np.random.default_rng(11), time.monotonic()
    for _ in range(FUZZING_ROUNDS):
        changed = bytearray(pdf)
        for place in random.integers(0, len(pdf), int(random.integers(1, 5))):
            place = place if random.random() < 0.7 else place % len(page)
            changed[place] ^= 1 << int(random.integers(0, 8))
        started = time.monotonic()
        found = read(tmp_path, bytes(changed), trust)
        assert time.monotonic() - started < 10
        if changed[: len(page)] != page:
            assert not any(one.intact for one in found)
        if time.monotonic() - began > FUZZING_SECONDS:
            break
