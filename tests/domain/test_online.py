"""What is asked of public services, and what their answers are taken for."""

from __future__ import annotations

import json
from urllib.parse import parse_qs, urlsplit

from hypothesis import given
from hypothesis import strategies as st

from medtrack.domain import online

PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["results", "feed", "entry", "link", "href", "title", "idGroup", "rxnormId", "_value"]
            ),
            inner,
            max_size=3,
        )
    ),
    max_leaves=8,
)


def test_a_name_stays_one_parameter() -> None:
    for name in ('a"b', "a&b=c", "a b/c?d#e", "<x>", "é"):
        for address in (online.ask_number(name), online.ask_near_names(name)):
            assert name in [
                value for values in parse_qs(urlsplit(address).query).values() for value in values
            ]
        (search,) = parse_qs(urlsplit(online.ask_label(name)).query)["search"]
        assert search.count('"') == 2
    assert urlsplit(online.ask_name("1/../x")).path == "/REST/rxcui/1%2F..%2Fx/properties.json"


@given(PLAIN)
def test_whatever_is_answered_is_read_without_a_bug(document: object) -> None:
    body = json.dumps(document)
    online.read_number(body)
    online.read_near_numbers(body)
    online.read_name(body)
    online.read_label(body)
    online.read_page(body)


def test_only_its_own_pages_are_shown() -> None:
    def page(address: str) -> str:
        return json.dumps({"feed": {"entry": [{"title": {"_value": "X"}, "link": [{"href": address}]}]}})

    assert online.read_page(page("https://medlineplus.gov/druginfo/x.html")) is not None
    for address in (
        "https://medlineplus.gov.evil.org/",
        "http://medlineplus.gov/x",
        "https://evilmedlineplus.gov/",
    ):
        assert online.read_page(page(address)) is None


def test_a_sentence_is_found_by_whole_words() -> None:
    text = "Do not use X. Avoid ibuprofen with it. Ibuprofenol is another. IBUPROFEN again (see 5)."
    assert online.sentences_naming(text, ["ibuprofen"]) == [
        "Avoid ibuprofen with it.",
        "IBUPROFEN again (see 5).",
    ]
    assert online.sentences_naming(text, ["use"]) == [], "short names would be found everywhere"
    (cut,) = online.sentences_naming(f"{'a ' * 500}ibuprofen {'b ' * 500}", ["ibuprofen"])
    assert "ibuprofen" in cut
    assert len(cut) < 340
