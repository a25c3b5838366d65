"""What the metadata of a sealed copy say, held against ISO 19005-2, 6.6, and against the document information."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from xml.etree.ElementTree import Element, ParseError

import pikepdf
from defusedxml.ElementTree import fromstring

_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
_ID = "{http://www.aiim.org/pdfa/ns/id/}"
_SCHEMA, _PROPERTY = "{http://www.aiim.org/pdfa/ns/schema#}", "{http://www.aiim.org/pdfa/ns/property#}"
_DC, _XMP, _PDF = (
    "{http://purl.org/dc/elements/1.1/}",
    "{http://ns.adobe.com/xap/1.0/}",
    "{http://ns.adobe.com/pdf/1.3/}",
)
_KNOWN = (_ID, _DC, _XMP, _PDF, "{http://www.aiim.org/pdfa/ns/extension/}")
"""Namespaces that need no description."""
_SAME = (
    ("/Title", f"{_DC}title"),
    ("/Subject", f"{_DC}description"),
    ("/Producer", f"{_PDF}Producer"),
    ("/Creator", f"{_XMP}CreatorTool"),
)
_TIMES = (("/CreationDate", f"{_XMP}CreateDate"), ("/ModDate", f"{_XMP}ModifyDate"))


def xmp_problems(pdf: pikepdf.Pdf) -> Iterator[str]:
    """What is wrong with the metadata, with the clause."""
    stream = pdf.Root.get("/Metadata")
    if stream is None or stream.get("/Type") != "/Metadata" or stream.get("/Subtype") != "/XML":
        yield "6.6.2.1: no metadata"
        return
    try:
        said = xmp_of(stream.read_bytes())
    except ParseError:
        yield "6.6.2.1: the metadata are no XML"
        return
    if (said.get(f"{_ID}part"), said.get(f"{_ID}conformance")) != ("2", "B"):
        yield "6.6.4: the metadata do not say PDF/A-2b"
    described = {name for names in _described(stream.read_bytes()) for name in names}
    for name in said:
        if not name.startswith(_KNOWN) and name not in described:
            yield f"6.6.2.3: the property {name} is not described"
    for key, name in _SAME:
        if str(pdf.docinfo.get(key, "")) != said.get(name, ""):
            yield f"6.6.3: {key} is not what the metadata say"
    for key, name in _TIMES:
        if _moment(str(pdf.docinfo.get(key, ""))) != datetime.fromisoformat(said.get(name, "0001-01-01")):
            yield f"6.6.3: {key} is not what the metadata say"


def xmp_of(packet: bytes) -> dict[str, str]:
    """Each property, as `{namespace}name`, with its text; of a list, its items on lines of their own."""
    found = {}
    for description in fromstring(packet).iter(f"{_RDF}Description"):
        for one in description:
            items = [item.text or "" for item in one.iter(f"{_RDF}li")]
            found[one.tag] = "\n".join(items) if items else one.text or ""
    return found


def _described(packet: bytes) -> Iterator[list[str]]:
    for schema in fromstring(packet).iter():
        space = schema.find(f"{_SCHEMA}namespaceURI")
        if space is not None:
            yield [f"{{{space.text}}}{name.text}" for name in _names(schema)]


def _names(schema: Element) -> Iterator[Element]:
    for item in schema.iter(f"{_RDF}li"):
        name = item.find(f"{_PROPERTY}name")
        if name is not None and item.find(f"{_PROPERTY}valueType") is not None:
            yield name


def _moment(text: str) -> datetime | None:
    """A time as PDF writes it: `D:20261017090000+07'00'`."""
    try:
        return datetime.strptime(text.removeprefix("D:").replace("'", ""), "%Y%m%d%H%M%S%z")
    except ValueError:
        return None
