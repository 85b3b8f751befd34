"""Small files in the formats that others publish, written here from their documentation; no row is theirs."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Sequence
from pathlib import Path

THESAURUS = [
    {
        "main_drug": "ANTIVITAMINES K",
        "between_main_and_plus_drug": "",
        "plus_drug": "AMIODARONE",
        "severity_levels": [{"level": "Précaution d'emploi", "info": ""}],
        "interaction_mechanism": "Augmentation de l'effet.",
        "description": "",
    },
    {
        "main_drug": "ANTIVITAMINES K",
        "between_main_and_plus_drug": "",
        "plus_drug": "AUTRES ANTALGIQUES",
        "severity_levels": [
            {"level": "CONTRE-INDICATION", "info": "avec :\n- de fortes doses"},
            {"level": "A prendre en compte", "info": "avec :\n- de faibles doses"},
        ],
        "interaction_mechanism": "",
        "description": "",
    },
    {
        "main_drug": "MILLEPERTUIS",
        "between_main_and_plus_drug": "",
        "plus_drug": "ZORBAMINE",
        "severity_levels": [{"level": "CONTRE-INDICATION", "info": ""}],
        "interaction_mechanism": "Baisse de l'effet.",
        "description": "",
    },
]
INDEX = [
    {"substance": "warfarine", "drug_classes": ["antivitamines K"]},
    {"substance": "amiodarone", "drug_classes": []},
    {"substance": "zolmitriptan", "drug_classes": ["antalgiques"]},
    {"substance": "millepertuis", "drug_classes": []},
    {"substance": "zorbamine", "drug_classes": []},
]
DDINTER = """DDInterID_A,Drug_A,DDInterID_B,Drug_B,Level
DDInter1,Zolmitriptan,DDInter2,Folic acid,Major
DDInter2,Folic acid,DDInter3,"Insulin, zorbic",Moderate
DDInter1,Zolmitriptan,DDInter4,Zorbamine,Minor
DDInter4,Zorbamine,DDInter2,Folic acid,Unknown
"""
NDC_COLUMNS = (
    "PRODUCTID", "PRODUCTNDC", "PRODUCTTYPENAME", "PROPRIETARYNAME", "PROPRIETARYNAMESUFFIX",
    "NONPROPRIETARYNAME", "MARKETINGCATEGORYNAME", "SUBSTANCENAME", "ACTIVE_NUMERATOR_STRENGTH",
    "ACTIVE_INGRED_UNIT", "PHARM_CLASSES",
)  # fmt: skip
NDC = (
    ("Zorbix", "", "warfarin sodium", "NDA", "WARFARIN SODIUM"),
    ("Zorbix", "Duo", "warfarin, folic acid", "NDA", "FOLIC ACID; WARFARIN SODIUM"),
    ("Twozo", "", "ibuprofen", "OTC MONOGRAPH", "IBUPROFEN"),
    ("Twozo", "", "naproxen", "OTC MONOGRAPH", "NAPROXEN SODIUM"),
    ("Zorbolin", "", "zorbamine", "NDA", "ZORBAMINE HYDROCHLORIDE"),
    ("Zorbohome", "", "aconite", "UNAPPROVED HOMEOPATHIC", "ACONITUM NAPELLUS"),
    ("Caf\xe9zol", "", "caffeine", "OTC MONOGRAPH", "CAFFEINE"),
)


def ansm(folder: Path) -> list[str]:
    """The two JSON files of an edition."""
    files = [folder / "thesaurus-01092026.json", folder / "index-substances-01092026.json"]
    for file, document in zip(files, (THESAURUS, INDEX), strict=True):
        file.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
    return [str(file) for file in files]


def ansm_archive(folder: Path) -> list[str]:
    """Two editions in one archive, as the package that publishes them is."""
    archive = folder / "editions-py3-none-any.whl"
    with zipfile.ZipFile(archive, "w") as file:
        for edition in ("2019_09", "01092026"):
            file.writestr(f"data/{edition}/thesaurus-{edition}.json", json.dumps(THESAURUS))
            file.writestr(f"data/{edition}/index-{edition}.json", json.dumps(INDEX))
        file.writestr("README.txt", "no data")
    return [str(archive)]


def ddinter(folder: Path, letters: str = "ABDHLPRV") -> list[str]:
    """The files of some letters, each with the same pairs."""
    files = [folder / f"ddinter_downloads_code_{letter}.csv" for letter in letters]
    for file in files:
        file.write_text(DDINTER, encoding="utf-8")
    return [str(file) for file in files]


def _concept(number: int, kind: str, name: str, source: str = "RXNORM", suppressed: str = "N") -> str:
    return f"{number}|ENG||||||{number}0|{number}0|{number}||{source}|{kind}|{number}|{name}||{suppressed}|4096|\n"


def _relation(one: int, other: int, name: str) -> str:
    return f"{one}||CUI|RO|{other}||CUI|{name}|||RXNORM||||||\n"


CONCEPTS = (
    _concept(1, "IN", "warfarin"),
    _concept(2, "IN", "folic acid"),
    _concept(3, "IN", "zorbamine"),
    _concept(10, "BN", "Zorbix"),
    _concept(11, "BN", "Zorbix Duo"),
    _concept(12, "BN", "Zorbolin"),
    _concept(13, "PIN", "warfarin sodium"),
    _concept(14, "MIN", "folic acid / warfarin"),
    _concept(15, "SCDC", "warfarin 5 MG"),
    _concept(16, "SCD", "warfarin 5 MG Oral Pill of Zorb"),
    _concept(17, "SBD", "warfarin 5 MG Oral Pill [Zorbix]"),
    _concept(10, "SY", "Zorbix brand"),
    _concept(18, "BN", "Oldzorb", suppressed="O"),
    _concept(19, "BN", "Otherzorb", source="MTHSPL"),
)
RELATIONS = (
    _relation(1, 10, "tradename_of"),
    _relation(11, 1, "has_tradename"),
    _relation(2, 11, "tradename_of"),
    _relation(3, 12, "tradename_of"),
    _relation(1, 13, "form_of"),
    _relation(14, 1, "part_of"),
    _relation(14, 2, "part_of"),
    _relation(1, 15, "has_ingredient"),
    _relation(15, 16, "consists_of"),
    _relation(10, 17, "has_ingredient"),
    _relation(1, 2, "isa"),
)


def rxnorm(folder: Path) -> list[str]:
    """A release as a zip archive."""
    archive = folder / "RxNorm_full_prescribe_10052026.zip"
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("rrf/RXNCONSO.RRF", "".join(CONCEPTS))
        file.writestr("rrf/RXNREL.RRF", "".join(RELATIONS))
        file.writestr("Readme.txt", "no data")
    return [str(archive)]


def ndc(folder: Path, rows: Sequence[tuple[str, str, str, str, str]] = NDC) -> list[str]:
    """`product.txt`, in the code that the FDA writes it in."""
    lines = ["\t".join(NDC_COLUMNS)]
    for number, (brand, suffix, generic, category, held) in enumerate(rows):
        cells = (str(number), "0", "HUMAN", brand, suffix, generic, category, held, "1", "mg/1", "")
        lines.append("\t".join(cells))
    file = folder / "product.txt"
    file.write_bytes(("\r\n".join(lines) + "\r\n").encode("cp1252"))
    return [str(file)]
