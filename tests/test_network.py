"""The suite itself: this machine may be reached by its loopback address, nothing else."""

from __future__ import annotations

import socket

import pytest


def test_loopback_may_be_reached() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as listener,
        socket.create_connection(listener.getsockname()[:2]),
    ):
        assert socket.getaddrinfo("127.0.0.1", 80)


@pytest.mark.parametrize(
    "host", ["localhost", "example.org", "192.0.2.1", "127.0.0.1.example.org", "2001:db8::1", "", None]
)
def test_nothing_else_may_be(host: str | None) -> None:
    with pytest.raises(AssertionError, match="uses the network"):
        socket.getaddrinfo(host, 80)
    with pytest.raises(AssertionError, match="uses the network"):
        socket.create_connection((host, 80))


@pytest.mark.parametrize("address", ["192.0.2.1", "127.0.0.2"])
def test_nor_an_address(address: str) -> None:
    with socket.socket() as plain, pytest.raises(AssertionError, match="uses the network"):
        plain.connect((address, 80))


def test_nor_a_socket_of_another_kind() -> None:
    with socket.socket(socket.AF_UNIX) as plain, pytest.raises(AssertionError, match="uses the network"):
        plain.connect("/run/dbus/system_bus_socket")
