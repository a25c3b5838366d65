"""Pages for administrators tell how a dossier stands and nothing of what stands on its papers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from dossier.drop import DOSSIER_CODE
from dossier.record import Component, DroppedFile, Field, Finding, Record, Refused, Source, Witness
from flows.artifacts import dossier_key, dossier_page
from validators.registry import rules

NOW = datetime(2026, 11, 24, tzinfo=UTC)
RULES = {rule.id: rule for rule in rules()}
SECRETS = (
    "Trần Thị Bưởi",
    "001190001234",
    "Giấy của Bưởi.pdf",
    "Hỏng của Bưởi.pdf",
    "2019-03-07",
    "Lê Thị Hoa",
)


def record() -> Record:
    file = SECRETS[2]
    field = {"file": file, "page": 1, "box": (0, 0, 1, 1), "dpi": 200.0, "confidence": 0.9}
    return Record(
        schema="sohoa/record/1",
        dossier="H13.96.31-261124-0001",
        version=2,
        procedure=None,
        office="H13.96.31",
        state="returned",
        components=(
            Component(
                id="c1",
                type="birth-certificate",
                type_confidence=0.9,
                sources=(Source(file=file, sha256="a" * 64, pages=(1, 2)),),
                fields=(
                    Field(
                        name="full_name",
                        value=SECRETS[0],
                        printed=SECRETS[0],
                        witnesses=(
                            Witness(by="qr", value=SECRETS[0]),
                            Witness(by="aster", value="khác"),
                            Witness(by=f"person:{SECRETS[5]}", value=SECRETS[0]),
                        ),
                        **field,
                    ),
                    Field(name="personal_id", value=SECRETS[1], printed=SECRETS[1], **field),
                    Field(name="date_of_birth", value=SECRETS[4], **field),
                    Field(name="sex", value=None, **field),
                ),
                text=" ".join(SECRETS),
            ),
        ),
        refused=(Refused(file=SECRETS[3], sha256="b" * 64, reason=f"{SECRETS[3]} hỏng", code="truncated"),),
        findings=tuple(
            Finding(
                rule=rule,
                word="correct",
                verdict="FAIL",
                severity="BLOCK",
                component="c1",
                file=file,
                page=page,
                reason=f"{SECRETS[0]} ({SECRETS[1]}) sai",
                source="NĐ 123/2015",
            )
            for rule in sorted(RULES)[:2]
            for page in (1, 2)
        ),
        verdicts={"correct": "FAIL", "sufficient": "PASS", "clean": "UNKNOWN", "live": "PASS"},
        scores={},
        made_by={},
        times={"received": NOW, "made": NOW},
        drop=(DroppedFile(name=file, sha256="a" * 64),),
    )


def test_a_dossiers_page_names_rules_fields_and_places_but_no_value() -> None:
    page = dossier_page(record(), RULES, "receipt.html")
    assert not [secret for secret in SECRETS if secret in page]
    assert "khác" not in page
    for told in (
        "version 2: returned",
        "full_name",
        "aster (differs), person",
        "not read",
        "c1 page 1, c1 page 2",
        "truncated",
    ):
        assert told in page


def test_times_are_told_in_utc_whatever_zone_they_came_in() -> None:
    morning = datetime(2026, 11, 24, 9, 0, tzinfo=timezone(timedelta(hours=7)))
    page = dossier_page(record().model_copy(update={"times": {"received": morning, "made": NOW}}), RULES, "-")
    assert "received 2026-11-24 02:00:00 UTC" in page


@given(st.from_regex(DOSSIER_CODE, fullmatch=True))
def test_an_artifact_key_is_one_that_prefect_takes(code: str) -> None:
    key = dossier_key(code)
    assert key.replace("-", "").isalnum()
    assert key == key.lower()


@given(st.lists(st.from_regex(DOSSIER_CODE, fullmatch=True), min_size=2, max_size=5, unique=True))
def test_two_codes_that_look_alike_keep_keys_of_their_own(codes: list[str]) -> None:
    odd = [code for code in codes if "_" in code or code != code.upper()]
    assert len({dossier_key(code) for code in odd}) == len(odd)
