"""A record of invented people, as every test of this room may want it."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from bench.databases import Server, mariadb, postgresql
from dossier.record import (
    Component,
    DroppedFile,
    Field,
    Finding,
    ProcedureRef,
    Record,
    Refused,
    Source,
    Witness,
)

MADE = datetime(2026, 11, 20, 3, 4, 5, tzinfo=UTC)


def sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def sample_record(code: str, **changes: Any) -> Record:
    """Version 1 of a returned dossier with two papers, a refused file and findings of all kinds."""

    def field(name: str, value: str | None, confidence: float, file: str) -> Field:
        return Field(
            name=name,
            value=value,
            printed=value or "",
            confidence=confidence,
            file=file,
            page=1,
            box=(300, 410, 900, 450),
            dpi=200,
            witnesses=(Witness(by="tesseract", value=value),) if value else (),
        )

    def finding(rule: str, verdict: str, severity: str, reason: str, **place: Any) -> Finding:
        return Finding.model_validate(
            {"rule": rule, "word": "correct", "verdict": verdict, "severity": severity, "reason": reason}
            | {"source": "Nghị định 123/2015/NĐ-CP, Điều 16"}
            | place
        )

    form, notice = "Tờ khai.pdf", "Giấy chứng sinh.jpg"
    record = Record(
        schema="sohoa/record/1",
        dossier=code,
        version=1,
        procedure=ProcedureRef(id="1.001193", version="2025-07"),
        office="H13.96.31",
        state="returned",
        components=(
            Component(
                id="c1",
                type="birth-registration-form",
                type_confidence=0.98,
                role="form",
                sources=(Source(file=form, sha256=sha(code + form), pages=(1, 2)),),
                fields=(
                    field("full_name", "Trần Thị Bưởi", 0.993, form),
                    field("applicant_personal_id", "001190001234", 0.61, form),
                ),
                text="Tờ khai đăng ký khai sinh",
            ),
            Component(
                id="c2",
                type="birth-notice",
                type_confidence=0.95,
                role="notice",
                sources=(Source(file=notice, sha256=sha(code + notice), pages=(1,)),),
                fields=(
                    field("full_name", "Trần Thị Bười", 0.97, notice),
                    field("issue_date", "2026-10-02", 0.99, notice),
                    field("number", None, 0.0, notice),
                ),
            ),
        ),
        refused=(
            Refused(
                file="hỏng.pdf",
                sha256=sha(code + "broken"),
                reason="Tệp PDF bị cắt cụt, không mở được. Quét lại rồi nộp lại.",
                code="file-truncated",
            ),
        ),
        findings=(
            finding("U01", "PASS", "BLOCK", "Đủ thành phần"),
            finding(
                "D23",
                "FAIL",
                "WARN",
                "Tên con trên tờ khai (Bưởi) khác giấy chứng sinh (Bười), số 001190001234.",
                component="c2",
                file=notice,
                page=1,
                box=(300, 410, 900, 450),
            ),
            finding(
                "S12",
                "UNKNOWN",
                "BLOCK",
                "Không rõ độ nghiêng của trang 2",
                component="c1",
                file=form,
                page=2,
            ),
            finding("U09", "FAIL", "BLOCK", "Không thấy chữ ký ở trang 1", component="c1", file=form, page=1),
            finding("L17", "UNKNOWN", "INFO", "chưa kết nối"),
        ),
        verdicts={"correct": "FAIL", "sufficient": "PASS", "clean": "UNKNOWN", "live": "PASS"},
        scores={"correct": 0.5, "sufficient": 1.0, "clean": None, "live": 1.0, "total": 0.8},
        made_by={"program": "sohoa 0.1.0", "engines": {"tesseract": "5.5.4"}, "catalogue": "c", "rules": "r"},
        times={"received": MADE, "started": MADE, "made": MADE},
        drop=(
            DroppedFile(name=form, sha256=sha(code + form)),
            DroppedFile(name=notice, sha256=sha(code + notice)),
            DroppedFile(name="hỏng.pdf", sha256=sha(code + "broken")),
        ),
        manifest={"dossier": code, "procedure": "1.001193", "facts": {"delegated": False}},
    )
    return record.model_copy(update=changes)


@pytest.fixture
def code() -> str:
    """A dossier code that no other test uses."""
    return f"H13.96.31-261120-{uuid.uuid4().hex[:8]}"


@pytest.fixture
def record(code: str) -> Record:
    return sample_record(code)


@pytest.fixture
def make_record() -> Callable[..., Record]:
    return sample_record


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """A PostgreSQL of its own. It is shared: let each test use a prefix of its own."""
    server = postgresql()
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def maria() -> Iterator[Server]:
    """A MariaDB of its own, shared as the PostgreSQL is."""
    server = mariadb()
    server.start()
    yield server
    server.stop()
