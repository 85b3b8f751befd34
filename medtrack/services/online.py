"""Looking medicines up at public services, where the person asks for it: what leaves, what came back.

Answers are kept for a month, and an older one is used where a service cannot be reached; its age is always
said. Nothing of the person leaves the machine but the names that are told beforehand, one at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple
from urllib.parse import urlsplit

from medtrack.domain import online as asked
from medtrack.domain.online import MEDLINEPLUS, OPENFDA, RXNAV, Answer
from medtrack.domain.report import Cells
from medtrack.domain.safety.checking import Checked
from medtrack.domain.safety.findings import Medicine
from medtrack.domain.safety.pack import Pack
from medtrack.domain.wording import say_list, say_number_of
from medtrack.store.lookups import Kept, Lookups

from .datasets import ATTRIBUTION

FRESH = timedelta(days=30)
"""How long an answer is used without asking again."""
_TITLES = {RXNAV: "RxNav", OPENFDA: "openFDA", MEDLINEPLUS: "MedlinePlus"}
_NOT_ADVICE = (
    "What a label does not name may still matter: it often names a whole class. Texts of openFDA are for"
    " research and no basis for medical decisions."
)


class Told(NamedTuple):
    """What came of it, for people and for scripts."""

    lines: list[str]
    cells: Cells


class Online:
    """One look-up: the services, what is kept of them, and whoever agrees to what leaves the machine."""

    def __init__(
        self,
        fetch: Callable[[str], Answer],
        bases: Mapping[str, str],
        kept: Lookups,
        now: datetime,
        agree: Callable[[str], None],
    ) -> None:
        self._fetch = fetch
        self._bases = bases
        self._kept = kept
        self._now = now
        self._agree = agree
        """Is told what would leave the machine; raises where that is not to be."""
        self._is_agreed = False
        self._failed: dict[str, str] = {}
        """The services that could not be asked, and why: they are not asked again."""
        self._oldest: datetime | None = None

    def look_up(self, pack: Pack, checked: Checked) -> Told:
        """Look every medicine up. Raises what `agree` does, before anything leaves the machine."""
        ingredients = dict.fromkeys(name for each in checked.known for name in each.ingredients)
        unknown = [each.label for each in checked.unknown]
        leaving = [name for name in ingredients if not self._is_kept(name)]
        leaving += [name for name in unknown if not self._are_near_names_kept(name)]
        if leaving:
            hosts = say_list(dict.fromkeys(urlsplit(base).netloc for base in self._bases.values()))
            self._agree(
                f"These names, and their RxNorm numbers, leave this machine one at a time, from its own"
                f" address, to {hosts}: {say_list(leaving)}. Nothing else of the record does."
            )
            self._is_agreed = True
        lines, found = [], []
        for name in ingredients:
            others = [each for each in checked.known if name not in each.ingredients]
            more, cells = self._of_ingredient(pack, name, others)
            lines += more
            found.append(cells)
        for name in unknown:
            more, cells = self._of_unknown(name)
            lines += more
            found.append(cells)
        lines += [
            f"NOT everything was looked up: {_TITLES[each]}, {why}." for each, why in self._failed.items()
        ]
        cells = {
            "fetched_at": self._oldest,
            "answers": found,
            "failed": [{"service": each, "why": why} for each, why in self._failed.items()],
        }
        return Told(["Looked up online:", *lines, _NOT_ADVICE, ATTRIBUTION, ""], cells)

    # --- one medicine ------------------------------------------------------------------------------------

    def _of_ingredient(self, pack: Pack, name: str, others: Sequence[Medicine]) -> tuple[list[str], Cells]:
        label_kept = self._ask(OPENFDA, asked.ask_label(name))
        label = None if label_kept is None else asked.read_label(label_kept.body)
        number_kept = self._ask(RXNAV, asked.ask_number(name))
        number = None if number_kept is None else asked.read_number(number_kept.body)
        page_kept = None if number is None else self._ask(MEDLINEPLUS, asked.ask_page(number))
        page = None if page_kept is None else asked.read_page(page_kept.body)
        lines, named = [], []
        if label is not None and label_kept is not None:
            lines.append(f"{name}: its label at openFDA, {self._age(label_kept)}.")
            if label.boxed:
                lines.append(f"  Boxed warning: {asked.first_words(label.boxed)}")
            for other in others:
                keys = [key for each in other.ingredients for key in pack.all_names(each)]
                quotes = asked.sentences_naming(label.interactions, [*keys, other.label])
                lines += [f'  It names {other.label}: "{each}"' for each in quotes]
                named += [{"medicine": other.label, "words": each} for each in quotes]
            if not named and others:
                lines.append("  It names none of the others by name.")
            if label.address:
                lines.append(f"  The whole label: {label.address}")
        elif label_kept is not None:
            lines.append(f"{name}: openFDA has no label with a section on interactions.")
        if page is not None and page_kept is not None:
            lines.append(
                f"  For patients, MedlinePlus.gov, {self._age(page_kept)}: {page.title}, {page.address}"
            )
        return lines, {
            "typed": name,
            "rxcui": number,
            "boxed_warning": label.boxed if label else None,
            "names": named,
            "label": label.address if label else None,
            "page": page.address if page else None,
            "suggestions": [],
        }

    def _of_unknown(self, name: str) -> tuple[list[str], Cells]:
        kept = self._ask(RXNAV, asked.ask_near_names(name))
        offered = []
        for number in [] if kept is None else asked.read_near_numbers(kept.body):
            properties = self._ask(RXNAV, asked.ask_name(number))
            found = None if properties is None else asked.read_name(properties.body)
            offered += [found] if found else []
        lines = []
        if kept is not None:
            near = f"offers {say_list(dict.fromkeys(offered))}" if offered else "knows nothing like it"
            mind = " None of them was taken: compare with the packet." if offered else ""
            lines.append(f"{name}: RxNav {near}, {self._age(kept)}.{mind}")
        cells: Cells = {
            "typed": name,
            "rxcui": None,
            "boxed_warning": None,
            "names": [],
            "label": None,
            "page": None,
            "suggestions": list(dict.fromkeys(offered)),
        }
        return lines, cells

    # --- asking and keeping ------------------------------------------------------------------------------

    def _is_kept(self, name: str) -> bool:
        """Whether everything about an ingredient is kept and fresh, so that nothing has to leave."""
        number = self._fresh(RXNAV, asked.ask_number(name))
        if number is None or self._fresh(OPENFDA, asked.ask_label(name)) is None:
            return False
        found = asked.read_number(number.body)
        return found is None or self._fresh(MEDLINEPLUS, asked.ask_page(found)) is not None

    def _are_near_names_kept(self, name: str) -> bool:
        near = self._fresh(RXNAV, asked.ask_near_names(name))
        return near is not None and all(
            self._fresh(RXNAV, asked.ask_name(number)) is not None
            for number in asked.read_near_numbers(near.body)
        )

    def _fresh(self, service: str, path: str) -> Kept | None:
        kept = self._kept.answer(self._bases[service] + path)
        return kept if kept is not None and kept.fetched_at > self._now - FRESH else None

    def _ask(self, service: str, path: str) -> Kept | None:
        """What an address says: as it is kept, or asked, or as it was kept long ago; None for neither."""
        address = self._bases[service] + path
        kept = self._fresh(service, path) or self._asked(service, address)
        kept = kept or self._kept.answer(address)
        if kept is not None:
            self._oldest = min(self._oldest or kept.fetched_at, kept.fetched_at)
        return kept

    def _asked(self, service: str, address: str) -> Kept | None:
        if service in self._failed or not self._is_agreed:
            return None
        answer = self._fetch(address)
        why = answer.why
        if not why and answer.status == 200 and not asked.is_readable(answer.body):
            why = "its answer cannot be read"
        if why:
            self._failed[service] = why
            return None
        kept = Kept(answer.status, answer.body, self._now)
        self._kept.keep(address, kept)
        return kept

    def _age(self, kept: Kept) -> str:
        days = (self._now - kept.fetched_at).days
        when = "today" if days < 1 else f"{say_number_of(days, 'day')} ago"
        return f"fetched {kept.fetched_at:%Y-%m-%d}, {when}"
