"""What the invented people, cards and stories must agree on."""

from __future__ import annotations

from datetime import date
from random import Random

from hypothesis import example, given
from hypothesis import strategies as st

from dossier.codes import PROVINCES
from samples.card import check_digit, expiry, mrz, qr_payload
from samples.story import Birth, invent_birth
from samples.wording import date_words, number_words

seeds = st.integers(0, 10**6)
receptions = st.dates(date(2026, 9, 1), date(2026, 10, 28))


def story(seed: int, received: date) -> Birth:
    return invent_birth(Random(seed), received)


@given(seeds, receptions)
def test_a_personal_id_tells_province_century_sex_and_year(seed: int, received: date) -> None:
    birth = story(seed, received)
    for number, sex, born in (
        (birth.mother.personal_id, "Nữ", birth.mother.born),
        (birth.father.personal_id, "Nam", birth.father.born),
        (birth.child.personal_id, birth.child.sex, birth.child.born),
    ):
        assert len(number) == 12
        assert number[:3] in PROVINCES
        assert int(number[3]) == (born.year // 100 - 19) * 2 + (sex == "Nữ")
        assert number[4:6] == f"{born.year % 100:02d}"


@example(121666, date(2026, 9, 1))  # a child once had its father's name
@given(seeds, receptions)
def test_the_days_of_a_birth_follow_one_another(seed: int, received: date) -> None:
    birth = story(seed, received)
    assert birth.child.born < birth.notice_date < birth.declared <= birth.received <= birth.registered
    assert birth.certificate_number.endswith(f"/{birth.registered.year}")
    assert birth.card.holder == birth.applicant
    assert birth.card.expires is None or birth.card.expires >= received
    assert len({birth.child.name, birth.mother.name, birth.father.name}) == 3


@given(seeds, receptions)
def test_an_expired_card_ran_out_before_the_reception(seed: int, received: date) -> None:
    card = invent_birth(Random(seed), received, expired_card=True).card
    assert card.expires is not None
    assert card.issued < card.expires < received


def test_expiry_follows_the_ages_of_the_law_on_identity() -> None:
    assert expiry(date(2003, 4, 26), date(2021, 7, 2)) == date(2028, 4, 26)
    assert expiry(date(2003, 4, 26), date(2026, 4, 26)) == date(2043, 4, 26)
    assert expiry(date(1966, 1, 1), date(2024, 7, 1)) is None


@given(seeds, receptions)
def test_the_machine_readable_zone_checks(seed: int, received: date) -> None:
    card = story(seed, received).card
    first, second, third = mrz(card)
    assert [len(line) for line in (first, second, third)] == [30, 30, 30]
    assert first[5:14] == card.personal_id[-9:]
    assert first[15:27] == card.personal_id
    assert first[14] == check_digit(first[5:14])
    assert second[29] == check_digit(first[5:30] + second[0:7] + second[8:15] + second[18:29])
    assert qr_payload(card).split("|")[0] == card.personal_id
    assert len(qr_payload(card).split("|")) == 7


def test_check_digit_of_the_standard() -> None:
    assert check_digit("D23145890734") == "9"  # ICAO 9303-3, appendix A


def test_numbers_in_words() -> None:
    assert [number_words(n) for n in (4, 10, 15, 21, 24, 25, 105, 2026)] == [
        "bốn",
        "mười",
        "mười lăm",
        "hai mươi mốt",
        "hai mươi tư",
        "hai mươi lăm",
        "một trăm linh năm",
        "hai nghìn không trăm hai mươi sáu",
    ]
    assert date_words(date(2026, 4, 1)) == "Ngày một tháng tư năm hai nghìn không trăm hai mươi sáu"
