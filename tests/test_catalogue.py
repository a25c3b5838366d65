"""Every document type of the catalogue: its kinds and readers exist, its fields are those of the contract."""

from __future__ import annotations

import pytest

from dossier.catalogue.documents import DocumentType, document_types
from dossier.catalogue.procedures import procedure_versions
from dossier.catalogue.vocabulary import vocabulary
from dossier.kinds import kinds
from ocr.readers.base import field_readers

# The contract that records and downstream tables stand on: names and order. A change here breaks theirs.
_OFFICIAL = "number kind issuer place issue_date subject signer_authority signer_title signer_name recipients"
FIELDS = {
    "citizen-id-card": "personal_id full_name date_of_birth sex nationality place_of_origin place_of_residence "
    "place_of_birth issue_date expiry_date old_id_number",
    "birth-certificate": "number book_number full_name date_of_birth sex ethnicity nationality place_of_birth "
    "place_of_origin personal_id mother_name mother_birth_year mother_ethnicity mother_nationality "
    "mother_residence father_name father_birth_year father_ethnicity father_nationality father_residence "
    "registration_office registration_date signer_name",
    "birth-notice": "number mother_name mother_birth_year mother_personal_id date_of_birth time_of_birth "
    "place_of_birth sex weight_grams full_name issuer issue_date",
    "birth-registration-form": "addressed_to applicant_name applicant_personal_id applicant_residence "
    "relationship full_name date_of_birth sex ethnicity nationality place_of_birth place_of_origin mother_name "
    "father_name declaration_date",
    "marriage-certificate": "number book_number husband_name husband_date_of_birth husband_personal_id "
    "husband_residence wife_name wife_date_of_birth wife_personal_id wife_residence registration_office "
    "registration_date signer_name",
    "marital-status-confirmation": "number full_name date_of_birth sex personal_id residence marital_status purpose "
    "issuer issue_date signer_name",
    "death-extract": "number full_name date_of_birth sex personal_id last_residence death_date death_place "
    "registration_office registration_date",
    "residence-form": "addressed_to full_name date_of_birth sex personal_id phone head_of_household relationship "
    "head_personal_id request declaration_date",
    "residence-confirmation": "number full_name date_of_birth sex personal_id ethnicity nationality place_of_origin "
    "permanent_address temporary_address head_of_household relationship issuer issue_date",
    "business-household-certificate": "number business_name business_address business_line capital owner_name "
    "date_of_birth sex personal_id owner_residence issuer issue_date",
    "land-certificate": "serial register_number holder_name holder_personal_id parcel_number map_sheet area_m2 "
    "land_use land_address use_term issuer issue_date",
    "driving-licence": "number full_name date_of_birth nationality residence licence_class issue_date expiry_date "
    "issuer",
    "decision": _OFFICIAL,
    "official-document": _OFFICIAL,
}
TYPES = [pytest.param(one, id=one.id) for one in document_types().values()]


@pytest.mark.parametrize("name", FIELDS)
def test_the_fields_of_a_type_are_those_of_the_contract(name: str) -> None:
    assert list(document_types()[name].fields) == FIELDS[name].split()


@pytest.mark.parametrize("document", TYPES)
def test_kinds_and_readers_of_a_type_exist(document: DocumentType) -> None:
    assert {spec.kind for spec in document.fields.values()} <= kinds().keys()
    assert {spec.reader for spec in document.fields.values()} <= field_readers().keys()


@pytest.mark.parametrize("document", TYPES)
def test_numbers_that_name_a_person_or_a_paper_are_identifiers(document: DocumentType) -> None:
    naming = {
        name
        for name, spec in document.fields.items()
        if spec.kind == "personal-id" or name == "number" or name.endswith("personal_id")
    }
    assert naming <= {name for name, spec in document.fields.items() if spec.identifier}


def test_procedures_name_types_that_are_read_or_known_by_name() -> None:
    words = vocabulary()
    for versions in procedure_versions().values():
        for version in versions:
            asked = {type for requirement in version.requirements for type in requirement.types}
            assert all(words.knows(type) for type in {*version.results, *asked, *version.optional})
