"""`sohoa look` as its user meets it: one page that stands alone, tells what was read and why, and trusts no text."""

from __future__ import annotations

import json
import stat
import subprocess
import sys
import unicodedata
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageDraw, ImageFont

from samples.single import write_papers

FONT = "/usr/share/fonts/truetype/liberation2/LiberationSerif-Regular.ttf"
FORM = (
    "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
    "Độc lập - Tự do - Hạnh phúc",
    "GIẤY XÁC NHẬN THỬ NGHIỆM",
    "Họ và tên: Nguyễn Thị Minh Khai",
    "Ngày sinh: 12/03/1990",
    "Giới tính: Nữ",
    "Nơi thường trú: Ấp 7, xã Vĩnh Tường, thành phố Cần Thơ",
)
HOSTILE = "<img src=x onerror=alert(1)>\"'&{{7*7}}.png"
VOID = {"meta", "img", "input", "br", "link"}
Facts = dict[str, Any]


@dataclass
class Page(HTMLParser):
    """What a browser would make of the page, as far as the tests ask."""

    html: str
    tags: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    text: str = ""
    open_tags: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.feed(self.html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID and not self.get_starttag_text().endswith("/>"):  # type: ignore[union-attr]
            self.open_tags.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID and self.open_tags and self.open_tags[-1] == tag:
            self.open_tags.pop()

    def handle_data(self, data: str) -> None:
        if not self.open_tags or self.open_tags[-1] not in ("script", "style"):
            self.text += data

    def all(self, name: str) -> list[str]:
        return [attributes[name] for _, attributes in self.tags if name in attributes]


def sohoa(*arguments: str | Path, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own, as a person starts it."""
    here = Path(__file__).parents[2]
    return subprocess.run(
        [sys.executable, "-c", "from cli.main import main; main()", *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=240,
        cwd=cwd or here,
        env={"PYTHONPATH": str(here), "PATH": "/usr/bin:/bin", "OMP_THREAD_LIMIT": "1", "COLUMNS": "200"},
    )


def form(path: Path, lines: tuple[str, ...] = FORM) -> Path:
    """A typed page of no known type."""
    image = Image.new("RGB", (1654, 2339), "white")
    draw = ImageDraw.Draw(image)
    for number, line in enumerate(lines):
        draw.text((180, 220 + number * 80), line, fill="black", font=ImageFont.truetype(FONT, 38))
    image.save(path, dpi=(200, 200))
    return path


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Facts]:
    """A birth certificate and the truth of it."""
    folder = tmp_path_factory.mktemp("papers")
    write_papers(folder, "look", 1, "clean", types=("birth-certificate",))
    truth = json.loads((folder / "birth-certificate-000.json").read_text())
    return folder / truth["file"], truth


@pytest.fixture(scope="module")
def looked(
    certificate: tuple[Path, Facts], tmp_path_factory: pytest.TempPathFactory
) -> tuple[Page, Facts, Path]:
    """The certificate's page, and the same facts as JSON."""
    out = tmp_path_factory.mktemp("looked") / "page.html"
    done = sohoa("look", certificate[0], "--json", "--out", out)
    assert (done.returncode, done.stderr) == (0, "")
    return Page(out.read_text()), json.loads(done.stdout), out


@pytest.fixture(scope="module")
def unknown(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Facts]:
    """A form of a type that the catalogue does not have, and what is seen on it."""
    path = form(tmp_path_factory.mktemp("unknown") / "form.png")
    done = sohoa("look", path, "--json")
    assert done.returncode == 0
    return path, json.loads(done.stdout)["papers"][0]


def test_the_page_needs_nothing_from_outside(looked: tuple[Page, Facts, Path]) -> None:
    page, _, _ = looked
    assert page.open_tags == []
    assert {tag for tag, _ in page.tags} & {"link", "iframe", "object", "base", "form"} == set()
    assert all(source.startswith("data:image/jpeg;base64,") for source in page.all("src"))
    assert all(link.startswith("#") for link in page.all("href"))
    assert "url(" not in page.html
    assert "http" not in page.html.replace('http-equiv="Content', "")


def test_only_the_pages_own_script_may_run(looked: tuple[Page, Facts, Path]) -> None:
    page, _, _ = looked
    policy = next(
        a["content"] for tag, a in page.tags if tag == "meta" and "content" in a and "src" in a["content"]
    )
    assert "default-src 'none'" in policy
    assert "script-src 'sha256-" in policy
    assert [tag for tag, _ in page.tags].count("script") == 1
    assert [name for _, attributes in page.tags for name in attributes if name.startswith("on")] == []


def test_the_page_is_for_its_owner_alone(looked: tuple[Page, Facts, Path]) -> None:
    assert stat.S_IMODE(looked[2].stat().st_mode) == 0o600


def test_every_value_stands_on_the_page_with_its_witnesses(
    looked: tuple[Page, Facts, Path], certificate: tuple[Path, Facts]
) -> None:
    page, facts, _ = looked
    (paper,) = facts["papers"]
    assert paper["type"] == "birth-certificate"
    assert len(paper["fields"]) >= 0.8 * len(certificate[1]["fields"])
    for one in paper["fields"]:
        assert one["field"]["value"] in page.text
        assert one["evidence"] in page.text
        assert {seen["by"] for seen in one["seen"]} >= {
            witness["by"] for witness in one["field"]["witnesses"]
        }
    for one in paper["missing"]:
        assert one["name"] in page.text


def test_every_link_has_its_place(looked: tuple[Page, Facts, Path]) -> None:
    page, _, _ = looked
    ids = page.all("id")
    assert len(ids) == len(set(ids))
    assert {link.removeprefix("#") for link in page.all("href")} <= set(ids)


def test_words_are_shown_with_their_confidence_and_line(looked: tuple[Page, Facts, Path]) -> None:
    page, facts, _ = looked
    words = facts["papers"][0]["sheets"][0]["reading"]["words"]
    assert words
    for word in words[:20]:
        assert f"{word['text']} · độ tin cậy" in page.text


def test_look_reads_what_digitise_reads(
    looked: tuple[Page, Facts, Path], certificate: tuple[Path, Facts], tmp_path: Path
) -> None:
    (tmp_path / "scans").mkdir()
    scan = tmp_path / "scans" / certificate[0].name
    scan.write_bytes(certificate[0].read_bytes())
    sohoa("digitise", tmp_path / "scans", "--out", tmp_path / "out")
    record = json.loads((tmp_path / "out" / scan.stem / "record.json").read_text())
    (component,), (paper,) = record["components"], looked[1]["papers"]
    assert [one["field"] for one in paper["fields"]] == component["fields"]
    assert (paper["type"], paper["type_confidence"]) == (component["type"], component["type_confidence"])
    confirmed = {
        (finding["page"], tuple(finding["box"])): finding["verdict"] == "PASS"
        for finding in record["findings"]
        if finding["rule"] == "D24" and finding["box"]
    }
    for one in paper["fields"]:
        assert one["passes"] == confirmed[one["field"]["page"], tuple(one["field"]["box"])], one["name"]


def test_a_paper_of_unknown_type_shows_its_lines(unknown: tuple[Path, Facts]) -> None:
    _, paper = unknown
    assert (paper["type"], paper["fields"]) == ("unknown", [])
    assert [line["text"] for line in paper["rest"]][:2] == list(FORM[:2])


def test_a_type_of_the_catalogue_can_be_forced(unknown: tuple[Path, Facts]) -> None:
    done = sohoa("look", unknown[0], "--json", "--type", "birth-certificate")
    (paper,) = json.loads(done.stdout)["papers"]
    assert (paper["type"], paper["forced"]) == ("birth-certificate", True)
    assert {one["name"]: one["field"]["value"] for one in paper["fields"]}["sex"] == "Nữ"
    assert {one["name"]: one["labels"] for one in paper["missing"]}["registration_office"]


def test_a_new_type_is_made_from_what_is_seen(unknown: tuple[Path, Facts], tmp_path: Path) -> None:
    path, paper = unknown
    (tmp_path / "new-type.yaml").write_text(paper["skeleton"])
    done = sohoa("look", path, "--json", "--type", tmp_path / "new-type.yaml")
    (read,) = json.loads(done.stdout)["papers"]
    values = {one["title"]: one["field"]["value"] for one in read["fields"]}
    assert values == {
        "Họ và tên": "Nguyễn Thị Minh Khai",
        "Ngày sinh": "1990-03-12",
        "Giới tính": "Nữ",
        "Nơi thường trú": "Ấp 7, xã Vĩnh Tường, thành phố Cần Thơ",
    }
    assert read["missing"] == []


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("id: x\ntitle: X\nfields: {a: {title: A, kind: no-such-kind}}", "no-such-kind"),
        ("id: x\ntitle: X\nfields: {a: {title: A, kind: text, reader: no-such-reader}}", "no-such-reader"),
        ("id: x\ntitle: X\nsurprise: 1", "surprise"),
        ("id: x\ntitle: X\noptions: {sections: [a]}", "options"),
        ("id: [", "catalogue-invalid"),
        ("", "catalogue-invalid"),
    ],
)
def test_a_wrong_type_is_told_before_anything_is_read(
    unknown: tuple[Path, Facts], tmp_path: Path, said: str, told: str
) -> None:
    (tmp_path / "wrong.yaml").write_text(said)
    done = sohoa("look", unknown[0], "--type", tmp_path / "wrong.yaml", cwd=tmp_path)
    assert (done.returncode, told in done.stderr, "Traceback" in done.stderr) == (2, True, False)
    assert not list(tmp_path.glob("*.html"))


def test_a_type_that_does_not_exist_is_a_wrong_use(unknown: tuple[Path, Facts]) -> None:
    for name in ("no-such-type", "no-such-file.yaml"):
        done = sohoa("look", unknown[0], "--type", name)
        assert (done.returncode, "Traceback" in done.stderr) == (2, False)


def test_a_refused_file_is_told_in_vietnamese_and_leaves_no_page(tmp_path: Path) -> None:
    (tmp_path / "empty.pdf").touch()
    done = sohoa("look", "empty.pdf", cwd=tmp_path)
    assert done.returncode == 1
    assert "empty.pdf: Tệp rỗng. Hãy quét hoặc chép lại tệp. [empty-file]" in done.stderr
    assert "Traceback" not in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["empty.pdf"]


def test_names_and_texts_from_outside_stay_text(tmp_path: Path) -> None:
    scans = tmp_path / "scans"
    scans.mkdir()
    form(scans / HOSTILE.replace("/", ""), (*FORM[:2], "Ghi: <script>alert(1)</script>"))
    (scans / "<b>empty<script>.pdf").touch()
    (tmp_path / "evil.yaml").write_text(
        'id: "evil"\ntitle: "</h2><script>alert(2)</script>"\n'
        'fields: {"\\"><svg onload=alert(3)>": {title: "<img src=y>", kind: text, labels: ["Ghi"]}, '
        '"gone": {title: "</td><b>", kind: text, labels: ["<i>{{ 7*7 }}"]}}\n'
    )
    done = sohoa("look", "scans", "--type", "evil.yaml", cwd=tmp_path)
    assert (done.returncode, "Traceback" in done.stderr) == (1, False)
    page = Page((tmp_path / "scans.look.html").read_text())
    names = [tag for tag, _ in page.tags]
    assert names.count("script") == 1
    assert {"b", "i"} & {tag for tag, a in page.tags if not a.get("class", "").startswith("key")} == set()
    assert all(source.startswith("data:image/jpeg") for source in page.all("src"))
    assert [name for _, attributes in page.tags for name in attributes if name.startswith("on")] == []
    for said in (HOSTILE, "<b>empty<script>.pdf", "</h2><script>alert(2)</script>", "<i>{{ 7*7 }}"):
        assert unicodedata.normalize("NFC", said) in page.text


def test_the_page_never_takes_a_scans_place(unknown: tuple[Path, Facts]) -> None:
    before = unknown[0].read_bytes()
    done = sohoa("look", unknown[0], "--out", unknown[0])
    assert (done.returncode, "out-is-no-page" in done.stderr) == (2, True)
    assert unknown[0].read_bytes() == before
