"""Channels as they are typed and shown: what may be a secret is never said."""

from __future__ import annotations

import shlex

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medtrack.domain.channels import Channel, read_channel_name, read_command, read_url, say_channel
from medtrack.errors import BadText, UsageRefused


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("mum", "mum"),
        (" my-phone_2 ", "my-phone_2"),
        ("Zoe\u0308", "Zo\u00eb"),
        ("राम", "राम"),
        ("x" * 30, "x" * 30),
    ],
)
def test_a_name(typed: str, name: str) -> None:
    assert read_channel_name(typed) == name


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "  ",
        "-x",
        "--url",
        "a b",
        "a/b",
        "a\nb",
        "a\x1b[2Jb",
        "$(touch x)",
        "a.b",
        "\u0301a",
        "\ud800",
        "x" * 31,
    ],
)
def test_a_name_that_cannot_be(typed: str) -> None:
    with pytest.raises(BadText) as refused:
        read_channel_name(typed)
    assert refused.value.exit_code == 2
    assert str(refused.value).isprintable()


@given(st.text())
def test_a_name_is_read_the_same_again(typed: str) -> None:
    try:
        name = read_channel_name(typed)
    except BadText:
        return
    assert read_channel_name(name) == name
    assert 1 <= len(name) <= 30


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("notify-me", ("notify-me",)),
        ("/opt/my\\ bin/tell 'mum and dad' --quiet", ("/opt/my bin/tell", "mum and dad", "--quiet")),
        (
            "tell $(touch x) `y` $HOME ; rm * # all",
            ("tell", "$(touch", "x)", "`y`", "$HOME", ";", "rm", "*", "#", "all"),
        ),
        ("tell ''", ("tell", "")),
    ],
)
def test_a_command(typed: str, words: tuple[str, ...]) -> None:
    assert read_command(typed) == words


@pytest.mark.parametrize(
    "typed",
    ["", "  ", "''", "' '", "tell 'hunter2", 'tell "hunter2', "tell hunter2\\", "tell hunter2\0", "x" * 4001],
)
def test_a_command_that_cannot_be_read(typed: str) -> None:
    with pytest.raises(UsageRefused) as refused:
        read_command(typed)
    assert refused.value.exit_code == 2
    assert "hunter2" not in str(refused.value)
    assert len(str(refused.value)) < 200


@given(
    st.lists(
        st.text(st.characters(exclude_characters="\0", exclude_categories=("Cs",)), max_size=10), max_size=5
    )
)
def test_a_command_comes_back_as_it_was(words: list[str]) -> None:
    command = ("tell", *words)
    assert read_command(shlex.join(command)) == command


@pytest.mark.parametrize(
    ("typed", "url", "said"),
    [
        (" ntfy://tk_hunter2@ntfy.sh/room \n", "ntfy://tk_hunter2@ntfy.sh/room", "url ntfy://…"),
        ("MAILTOS://ann:hunter2@mail.example", "MAILTOS://ann:hunter2@mail.example", "url mailtos://…"),
        ("https://hooks.example/hunter2", "https://hooks.example/hunter2", "url https://…"),
        ("json://caf\u00e9.example/a b?c=\u20ac", "json://caf\u00e9.example/a b?c=\u20ac", "url json://…"),
    ],
)
def test_an_address(typed: str, url: str, said: str) -> None:
    assert read_url(typed) == url
    assert say_channel(Channel("phone", "url", (url,))) == said


@pytest.mark.parametrize(
    "typed",
    [
        "",
        " \n",
        "hunter2",
        "://hunter2",
        "ntfy://",
        "hunter2.example/room",
        "1ntfy://hunter2",
        "hunter2 ntfy://x",
        "ntfy://hunter2\nntfy://hunter3",
        "ntfy://hunter2\u2028x",
        "ntfy://hunter2\x1b[2J",
        "ntfy://hunter2\0",
        "ntfy://hunter2\udcff",
        "ntfy://" + "hunter2" * 1000,
    ],
)
def test_an_address_that_cannot_be_read(typed: str) -> None:
    with pytest.raises(UsageRefused) as refused:
        read_url(typed)
    assert refused.value.exit_code == 2
    assert "hunter2" not in str(refused.value)


def test_what_is_shown() -> None:
    assert say_channel(Channel("mail", "stdout")) == "stdout"
    assert say_channel(Channel("screen", "desktop", names=True)) == "desktop"
    assert (
        say_channel(Channel("me", "command", ("/opt/notify-me", "--token", "hunter2")))
        == "command /opt/notify-me"
    )


@given(st.text())
def test_of_an_address_only_the_scheme_is_shown(typed: str) -> None:
    try:
        url = read_url(typed)
    except UsageRefused:
        return
    scheme = url.split("://")[0].lower()
    assert say_channel(Channel("x", "url", (url,))) == f"url {scheme}://…"
