"""Data sets that a person downloads and brings along: imported whole or not at all, listed, removed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import NamedTuple

from medtrack.domain.foreign import ansm, ddinter, ndc, rxnorm
from medtrack.domain.report import Cells, Column, Report
from medtrack.domain.safety.datasets import About
from medtrack.domain.safety.pack import Pack
from medtrack.domain.wording import say_list, say_number_of
from medtrack.errors import ImportRefused, NotSettled
from medtrack.store import datasets as store
from medtrack.store.downloads import Piece, Progress, are_files, content, lines, pieces
from medtrack.store.lookups import Lookups

ATTRIBUTION = (
    "This product uses publicly available data from the U.S. National Library of Medicine (NLM), National"
    " Institutes of Health, Department of Health and Human Services; NLM is not responsible for the product"
    " and does not endorse or recommend this or any other product."
)
"""What the NLM asks of whoever shows its data."""
_COLUMNS = (
    Column("name", "Name"),
    Column("title", "What"),
    Column("version", "Version"),
    Column("licence", "Licence"),
    Column("imported_on", "Imported"),
    Column("rows", "Rows", right=True),
    Column("holes"),
    Column("problem"),
)


class _Kind(NamedTuple):
    title: str
    licence: str
    fill: Callable[[store.Draft, Sequence[Piece], Pack, Progress | None], tuple[str, list[str]]]
    """Fills a draft; gives the version and the holes."""


def import_words(names: Sequence[str]) -> list[str]:
    """The format and the files of `check import FORMAT FILE...`; nothing for names of medicines.

    Only 'import' followed by a format is that, so that a medicine called 'import' can be asked about.
    Raises ImportRefused for a format that is none, where files that are there follow it.
    """
    if len(names) < 2 or names[0] != "import":
        return []
    if names[1] in store.NAMES:
        return list(names[1:])
    if len(names) > 2 and all(are_files(names[2:])):
        raise ImportRefused(what=f"{names[1]!r} is no format of data; there are {say_list(store.NAMES)}.")
    return []


def import_set(
    folder: str, name: str, paths: Sequence[str], pack: Pack, today: date, progress: Progress | None = None
) -> Report:
    """Read the files of a data set and keep what is of use, in place of what was imported before.

    Nothing is changed unless all of it could be read. Raises ImportRefused, InputUnreadable.
    """
    if not paths:
        raise ImportRefused(what=f"name the file: medtrack check import {name} FILE.")
    kind = _KINDS[name]
    before = next((each.about for each in store.installed(folder) if each.name == name), None)
    found = pieces(paths)
    with store.writing(folder, name) as draft:
        version, holes = kind.fill(draft, found, pack, progress)
        rows = draft.count("called" if name in store.OF_NAMES else "rule")
        if not rows:
            raise ImportRefused(what=f"there is nothing of use in {say_list(paths)}.")
        about = About(name, kind.title, version, kind.licence, today, rows, tuple(holes))
        draft.say(about)
    what = "name" if name in store.OF_NAMES else "row"
    said = " ".join(part for part in (kind.title, version) if part)
    said_lines = [f"Imported: {said}, {say_number_of(rows, what)}. Licence: {kind.licence}."]
    if before is not None:
        said_lines.append(f"It takes the place of the one imported {before.imported_on}.")
    said_lines += [f"Mind: {hole}" for hole in holes]
    said_lines.append("Every check here uses it from now on. To remove it: medtrack check --forget " + name)
    if name == "rxnorm":
        said_lines.append(ATTRIBUTION)
    return Report("imports", _plain_columns(), [_cells(about, "")], lines=said_lines)


def imports(folder: str) -> Report:
    """The data sets that are there."""
    rows = [_cells(each.about, each.problem) for each in store.installed(folder)]
    footer = [f"{row['title']}: {hole}" for row in rows for hole in row["holes"]]
    footer += [f"{row['name']} is not used: {row['problem']}." for row in rows if row["problem"]]
    empty = f"Nothing was imported. Formats: {say_list(store.NAMES)}. See: medtrack check import FORMAT FILE"
    return Report("imports", _COLUMNS, rows, footer=footer, empty=empty)


def forget(folder: str, name: str, lookups: Lookups) -> Report:
    """Remove a data set, or with 'lookups' what public services answered.

    Raises NotSettled where it is not there, InputUnreadable.
    """
    if name == "lookups" and lookups.forget():
        return Report("imports", lines=["Removed: what was looked up online."])
    if name not in store.NAMES or not store.remove(folder, name):
        there = say_list(each.name for each in store.installed(folder)) or "none"
        raise NotSettled(what=f"No data set {name!r} was imported (there: {there}).")
    return Report("imports", lines=[f"Removed: {name}. To have it again, import its file again."])


def _cells(about: About, problem: str) -> Cells:
    return {
        "name": about.name,
        "title": about.title,
        "version": about.version,
        "licence": about.licence,
        "imported_on": about.imported_on,
        "rows": about.rows,
        "holes": list(about.holes),
        "problem": problem or None,
    }


def _plain_columns() -> tuple[Column, ...]:
    return tuple(Column(column.key) for column in _COLUMNS)


# --- the formats -------------------------------------------------------------------------------------


def _fill_ansm(
    draft: store.Draft, found: Sequence[Piece], pack: Pack, _progress: Progress | None
) -> tuple[str, list[str]]:
    thesaurus, index, version = _ansm_documents(found)
    file, document = thesaurus
    kept = list(ansm.entries(document, file))
    known = list(ansm.substances(index[1], index[0]))
    classes = {one for each in known for one in each.classes}
    keys = {each.key for each in known}
    draft.add_members((each.key, part) for each in known for part in (each.key, *each.classes))
    named = {side for each in kept for side in (each.a, each.b)}
    # What only an entry names is a substance of that name.
    draft.add_members((name, name) for name in named - keys - classes)
    draft.add_rules((each.a, each.b, each.severity, each.level, each.words, each.is_sure) for each in kept)
    names = {key for ingredient in pack.ingredients for key in pack.all_names(ingredient)}
    foreign = sum(each.key not in names for each in known)
    several = sum(not each.is_sure for each in kept)
    return version, [
        f"It is in French, and {foreign:,} of its {len(known):,} substances have names that medtrack does not"
        " know: those are found by their French names alone.",
        f"{say_number_of(several, 'entry') if several == 1 else f'{several:,} entries'} of {len(kept):,} hold"
        " for some doses or uses only: read their words.",
    ]


def _ansm_documents(
    found: Sequence[Piece],
) -> tuple[tuple[str, list[Cells]], tuple[str, list[Cells]], str]:
    """The thesaurus and the index of the newest edition among the files."""
    by_edition: dict[str, dict[str, tuple[str, list[Cells]]]] = {}
    jsons = [piece for piece in found if piece.name.lower().endswith(".json")]
    if not jsons:
        raise ImportRefused(what="there is no .json file of the ANSM among them.")
    for piece in jsons:
        document = ansm.read_document(content(piece), piece.name)
        sort = "thesaurus" if ansm.is_thesaurus(document) else "index" if ansm.is_index(document) else None
        if sort is None:
            raise ImportRefused(what=f"{piece.name} is neither the thesaurus of the ANSM nor its index.")
        by_edition.setdefault(ansm.edition(piece.name), {})[sort] = (piece.name, document)
    if len(jsons) == 2:
        # Two files belong together, whatever their names say.
        together = {sort: each for edition in by_edition.values() for sort, each in edition.items()}
        by_edition = {max(by_edition): together}
    whole = [edition for edition, each in by_edition.items() if len(each) == 2]
    if not whole:
        raise ImportRefused(
            what="the thesaurus and the index of substances are both needed: medtrack check import ansm"
            " THESAURUS.json INDEX.json."
        )
    newest = max(whole)
    return by_edition[newest]["thesaurus"], by_edition[newest]["index"], newest


def _fill_ddinter(
    draft: store.Draft, found: Sequence[Piece], _pack: Pack, progress: Progress | None
) -> tuple[str, list[str]]:
    files = [piece for piece in found if piece.name.lower().endswith(".csv")] or list(found)
    for piece in files:
        pairs = ddinter.pairs(lines(piece, progress), piece.name)
        # A pair stands in the file of either medicine: in one order it is kept once.
        draft.add_rules(
            (min(pair.a, pair.b), max(pair.a, pair.b), pair.severity, pair.severity.capitalize(), "", True)
            for pair in pairs
        )
    draft.add_members_of_rules()
    return "", ddinter.holes(piece.name for piece in files)


def _fill_rxnorm(
    draft: store.Draft, found: Sequence[Piece], _pack: Pack, progress: Progress | None
) -> tuple[str, list[str]]:
    parts = {}
    for name in ("RXNCONSO.RRF", "RXNREL.RRF"):
        # A full release holds the prescribable names once more, in a folder of their own.
        named = [piece for piece in found if piece.name.upper() == name]
        parts[name] = max(named, key=lambda piece: piece.size, default=None)
    concepts, relations = parts["RXNCONSO.RRF"], parts["RXNREL.RRF"]
    if concepts is None or relations is None:
        missing = say_list(name for name, piece in parts.items() if piece is None)
        raise ImportRefused(
            what=f"there is no {missing} among them: name the zip file of the release, or both files."
        )
    draft.add_names(
        rxnorm.names(
            rxnorm.concepts(lines(concepts, progress), concepts.name),
            rxnorm.relations(lines(relations, progress), relations.name),
        )
    )
    version = max(rxnorm.edition(piece.path) for piece in (concepts, relations))
    return version, ["It has the names of medicines in the US alone, and no interactions."]


def _fill_ndc(
    draft: store.Draft, found: Sequence[Piece], _pack: Pack, progress: Progress | None
) -> tuple[str, list[str]]:
    files = [piece for piece in found if piece.name.lower() == "product.txt"] or [
        piece for piece in found if piece.name.lower().endswith(".txt")
    ]
    if not files:
        raise ImportRefused(what="there is no product.txt among them.")
    for piece in files[:1]:
        # The FDA writes the odd accent in Windows' own code.
        text = lines(piece, progress, fallback="cp1252")
        draft.add_names((each.name, each.substances) for each in ndc.products(text, piece.name))
    return "", ["It has the names of products in the US alone, no homeopathic ones, and no interactions."]


_KINDS = {
    "ansm": _Kind(
        "ANSM thesaurus", "a public document of the French agency ANSM; its terms were not found", _fill_ansm
    ),
    "ddinter": _Kind("DDInter", "CC BY-NC-SA 4.0, not for commercial use", _fill_ddinter),
    "rxnorm": _Kind("RxNorm", "public domain where it is the prescribable content; else UMLS", _fill_rxnorm),
    "ndc": _Kind("FDA National Drug Code Directory", "public domain", _fill_ndc),
}
