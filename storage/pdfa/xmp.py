"""XMP of a sealed copy, with the description of our own properties that PDF/A asks for (ISO 19005-2, 6.6.2.3)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from xml.sax.saxutils import escape

from storage.pdfa.model import Facts

NAMESPACE = "urn:sohoa:sealed:1#"
PREFIX = "sohoa"
DATE = "%Y-%m-%dT%H:%M:%S%z"
LANGUAGE = "vi"


@dataclass(frozen=True)
class Property:
    """kind: an XMP value type. internal: whether it says something of the file and not of the paper."""

    name: str
    kind: str
    said: str
    internal: bool = False


PROPERTIES = (
    Property("DocCode", "Text", "Document code (CV 7197/BKHCN-CDSQG)"),
    Property("TypeName", "Text", "Name of the document type (CV 7197; Decree 30/2020/ND-CP, Annex VI)"),
    Property("CodeNumber", "Text", "Number of the document (CV 7197; Decree 30/2020)"),
    Property("CodeNotation", "Text", "Notation of the document (CV 7197; Decree 30/2020)"),
    Property("IssuedDate", "Text", "Date of issue, ISO 8601 (CV 7197; Decree 30/2020)"),
    Property("OrganName", "Text", "Issuing agency (CV 7197; Decree 30/2020)"),
    Property("Subject", "Text", "Subject of the document (CV 7197; Decree 30/2020)"),
    Property("Language", "Text", "Language of the document (CV 7197; Decree 30/2020)"),
    Property("PageAmount", "Integer", "Number of pages (CV 7197; Decree 30/2020)"),
    Property("Mode", "Text", "Conditions of use (CV 7197)"),
    Property("DossierCode", "Text", "Code of the dossier"),
    Property("Component", "Text", "The paper's name within the dossier's record"),
    Property("OriginalSha256", "bag Text", "SHA-256 of the scans as received", internal=True),
    Property("Dpi", "Integer", "Lowest resolution of the scanned pages, in dots per inch", internal=True),
)


def values_of(facts: Facts) -> dict[str, str | tuple[str, ...]]:
    """The properties that have a value, in the order in which they are written."""
    known: dict[str, str | tuple[str, ...]] = {
        **facts.elements,
        "PageAmount": str(facts.pages),
        "DossierCode": facts.dossier,
        "Component": facts.component,
        "OriginalSha256": facts.originals,
        "Dpi": str(facts.dpi),
    }
    return {one.name: known[one.name] for one in PROPERTIES if known.get(one.name)}


def xmp_packet(facts: Facts) -> bytes:
    """The packet, the same bytes for the same facts."""
    own = "\n".join(_element(f"{PREFIX}:{name}", value) for name, value in values_of(facts).items())
    moment = stamp(facts)
    subject = held(facts.elements.get("Subject", ""))
    body = f"""<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/">
<pdfaid:part>2</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance></rdf:Description>
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:format>application/pdf</dc:format>
{_alternative("dc:title", facts.title)}{_alternative("dc:description", subject) if subject else ""}
<dc:language><rdf:Bag><rdf:li>{LANGUAGE}</rdf:li></rdf:Bag></dc:language></rdf:Description>
<rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/">
<xmp:CreateDate>{moment}</xmp:CreateDate><xmp:ModifyDate>{moment}</xmp:ModifyDate>
<xmp:CreatorTool>{_text(facts.program)}</xmp:CreatorTool></rdf:Description>
<rdf:Description rdf:about="" xmlns:pdf="http://ns.adobe.com/pdf/1.3/">
<pdf:Producer>{_text(facts.program)}</pdf:Producer></rdf:Description>
<rdf:Description rdf:about="" xmlns:{PREFIX}="{NAMESPACE}">
{own}</rdf:Description>
{_SCHEMA}
</rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>"""
    return body.encode("utf-8")


def stamp(facts: Facts) -> str:
    """The file's one time, as XMP writes it."""
    text = facts.made.replace(microsecond=0).strftime(DATE)
    return f"{text[:-2]}:{text[-2:]}"


def _element(name: str, value: str | tuple[str, ...]) -> str:
    if isinstance(value, str):
        return f"<{name}>{_text(value)}</{name}>"
    items = "".join(f"<rdf:li>{_text(one)}</rdf:li>" for one in value)
    return f"<{name}><rdf:Bag>{items}</rdf:Bag></{name}>"


def _alternative(name: str, text: str) -> str:
    return f'<{name}><rdf:Alt><rdf:li xml:lang="x-default">{_text(text)}</rdf:li></rdf:Alt></{name}>'


def held(text: str) -> str:
    """The text without what XML 1.0 cannot hold, and without line ends, which it changes."""
    return _UNHELD.sub("", text)


def _text(text: str) -> str:
    return escape(held(text))


_UNHELD = re.compile("[^\t\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def _described(one: Property) -> str:
    category = "internal" if one.internal else "external"
    return (
        '<rdf:li rdf:parseType="Resource">'
        f"<pdfaProperty:name>{one.name}</pdfaProperty:name><pdfaProperty:valueType>{one.kind}</pdfaProperty:valueType>"
        f"<pdfaProperty:category>{category}</pdfaProperty:category>"
        f"<pdfaProperty:description>{one.said}</pdfaProperty:description></rdf:li>"
    )


_SCHEMA = f"""<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>Sohoa: metadata of a sealed copy</pdfaSchema:schema>
<pdfaSchema:namespaceURI>{NAMESPACE}</pdfaSchema:namespaceURI><pdfaSchema:prefix>{PREFIX}</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq>
{chr(10).join(_described(one) for one in PROPERTIES)}
</rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>"""
