"""Tests, and the code under them, never leave this machine."""

import socket
import threading

import pytest


@pytest.mark.parametrize("address", [("192.0.2.1", 80), ("2001:db8::1", 80)])
def test_another_machine_cannot_be_reached(address: tuple[str, int]) -> None:
    family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
    with socket.socket(family) as client, pytest.raises(AssertionError, match="no network"):
        client.connect(address)


def test_nor_without_an_exception() -> None:
    with socket.socket() as client, pytest.raises(AssertionError, match="no network"):
        client.connect_ex(("192.0.2.1", 80))


def test_nor_by_name() -> None:
    with pytest.raises(AssertionError, match="no network"):
        socket.create_connection(("example.org", 80))


def test_this_machine_can_be_reached() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        greeter = threading.Thread(target=lambda: server.accept()[0].close())
        greeter.start()
        with socket.create_connection(server.getsockname()) as client:
            assert client.recv(1) == b""
        greeter.join()
