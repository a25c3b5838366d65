"""Kinds that belong to a person: names and personal numbers."""

from __future__ import annotations

import re

from dossier.kinds.base import Kind, equal, register, same_words, trimmed

# Letters that recognisers put for digits (DOMAIN 6). In a number made of digits alone they can mean nothing else.
_DIGIT_LOOKALIKES = str.maketrans("OoQDIl|!SBZ", "00001111582")


def person_name(printed: str) -> str | None:
    """2 to 8 syllables of letters, apostrophe or hyphen (`K'SƠN` alone has two); case and tones stay as printed."""
    text = re.sub(r"\s*\([^)]*\)\s*$", "", trimmed(printed)).strip()
    syllables = text.split()
    if len(re.split(r"[\s'’]", text)) < 2 or len(syllables) > 8:
        return None
    if not all(re.fullmatch(r"[^\W\d_]+(?:['’-][^\W\d_]+)*", syllable) for syllable in syllables):
        return None
    # A name is written in one way throughout; where the way changes, something else was read along.
    alike = text == text.upper() or all(syllable[0] == syllable[0].upper() for syllable in syllables)
    shouted = [len(syllable) > 1 and syllable == syllable.upper() for syllable in syllables]
    if not alike or (any(shouted) and text != text.upper()):
        return None
    return text


def digits(printed: str) -> str:
    """The text as digits, look-alikes put right; spaces, dots and dashes left out. Other signs are kept."""
    return re.sub(r"[\s.\-–_,:;'·]", "", trimmed(printed)).translate(_DIGIT_LOOKALIKES)


def _number_of(printed: str, *lengths: int) -> str | None:
    raw = re.sub(r"\D", "", printed)
    whole = digits(printed)
    # At most two look-alikes: a word that happens to be made of such letters is not a number.
    if re.fullmatch(r"[0-9]+", whole) and len(whole) in lengths and len(raw) >= len(whole) - 2:
        return whole
    return None


def _personal_id(printed: str) -> str | None:
    """Twelve digits (Luật Căn cước 2023, art. 12), alone or as the only such run in the text."""
    if value := _number_of(printed, 12):
        return value
    runs = set(re.findall(r"(?<!\d)[0-9]{12}(?!\d)", printed)) or {
        run.replace(" ", "")
        for run in re.findall(r"(?<!\d)[0-9]{3} [0-9]{3} [0-9]{3} [0-9]{3}(?!\d)", printed)
    }
    return runs.pop() if len(runs) == 1 else None


def _identity_number(printed: str) -> str | None:
    """Twelve digits, or the nine of the former identity card, alone or as the only such run in the text."""
    if value := _personal_id(printed) or _number_of(printed, 9):
        return value
    runs = set(re.findall(r"(?<![\d/.-])[0-9]{9}(?![\d/.-])", printed))
    return runs.pop() if len(runs) == 1 else None


def _old_id(printed: str) -> str | None:
    """Nine digits of the former identity card, or twelve."""
    return _number_of(printed, 9, 12)


def _phone(printed: str) -> str | None:
    """Ten digits of a mobile, eleven of a fixed line (DOMAIN S10)."""
    value = digits(re.sub(r"^\s*\+?84", "0", printed))
    return value if re.fullmatch(r"0[35789]\d{8}|02\d{9}", value) else None


def _email(printed: str) -> str | None:
    """`ten@co-quan.gov.vn`; the domain in lower case, as it is the same in any."""
    found = re.fullmatch(
        r"([\w.+-]{1,64})@((?:[a-z0-9-]{1,63}\.)+[a-z]{2,24})", trimmed(printed), re.ASCII | re.I
    )
    return f"{found[1]}@{found[2].lower()}" if found else None


PERSONAL = frozenset({"personal-id", "identity-number"})
"""Kinds of number by which a person is known."""

register(Kind("person-name", "name", person_name, same_words, wraps=True))
register(Kind("personal-id", "id", _personal_id, equal, alphabet="0123456789", secure=True))
register(Kind("identity-number", "id", _identity_number, equal, alphabet="0123456789", secure=True))
register(Kind("old-id", "id", _old_id, equal, alphabet="0123456789", secure=True))
register(Kind("phone", "id", _phone, equal, alphabet="0123456789", secure=True))
register(Kind("email", "id", _email, equal))
