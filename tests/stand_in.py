"""A stand-in for the public services on this machine: it gives the answers that they document."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

NUMBERS = {"warfarin": "11289", "ibuprofen": "5640", "acetaminophen": "161"}
NAMES = {"6809": "metformin", "6922": "metronidazole"}
LABEL = {
    "meta": {"results": {"skip": 0, "limit": 1, "total": 9}},
    "results": [
        {
            "set_id": "558b7a0d-5490-4c1b-802e-3ab3f1efe760",
            "drug_interactions": [
                "7 DRUG INTERACTIONS Drugs may interact with warfarin sodium. 7.3 Drugs that Increase Bleeding"
                " Risk: Nonsteroidal anti-inflammatory agents such as celecoxib, ibuprofen and naproxen increase"
                " the risk of bleeding. [red]Closely monitor[/] patients.\x1b[31m"
            ],
            "boxed_warning": ["WARNING: BLEEDING RISK Warfarin sodium can cause major or fatal bleeding."],
            "openfda": {"generic_name": ["WARFARIN SODIUM"], "rxcui": ["855288"]},
        }
    ],
}


def rxnav(path: str, query: dict[str, list[str]]) -> Any:
    if path == "/REST/rxcui.json":
        number = NUMBERS.get(query["name"][0])
        return {"idGroup": {"name": None, **({"rxnormId": [number]} if number else {})}}
    if path == "/REST/approximateTerm.json":
        found = [{"rxcui": each, "rxaui": "1", "score": "9", "rank": "1"} for each in NAMES] * 2
        return {
            "approximateGroup": {"inputTerm": None, "candidate": found if "met" in query["term"][0] else []}
        }
    number = path.removeprefix("/REST/rxcui/").removesuffix("/properties.json")
    return {"properties": {"rxcui": number, "name": NAMES[number], "tty": "IN"}} if number in NAMES else {}


def openfda(query: dict[str, list[str]]) -> Any:
    return LABEL if '"warfarin"' in query["search"][0] else None


def medlineplus(query: dict[str, list[str]]) -> Any:
    number = query["mainSearchCriteria.v.c"][0]
    link = "https://medlineplus.gov/druginfo/meds/a682277.html"
    entry = {"title": {"_value": "Warfarin", "type": "html"}, "link": [{"title": "Warfarin", "href": link}]}
    return {
        "feed": {"title": {"_value": "MedlinePlus Connect"}, "entry": [entry] if number == "11289" else []}
    }


class StandIn(ThreadingHTTPServer):
    """The three services under one address; `mode` says how they behave."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.asked: list[str] = []
        self.headers: list[dict[str, str]] = []
        self.mode = "well"

    def server_bind(self) -> None:
        """Without the look-up of its own name that the library makes."""
        self.socket.bind(self.server_address)
        self.server_address = self.socket.getsockname()
        self.server_name, self.server_port = "127.0.0.1", self.server_address[1]

    @property
    def environ(self) -> dict[str, str]:
        base = f"http://127.0.0.1:{self.server_port}"
        return {
            f"MEDTRACK_{each}_URL": f"{base}/{each.lower()}" for each in ("RXNAV", "OPENFDA", "MEDLINEPLUS")
        }


class _Handler(BaseHTTPRequestHandler):
    server: StandIn

    def do_GET(self) -> None:
        self.server.asked.append(unquote(self.path))
        self.server.headers.append(dict(self.headers))
        parts = urlsplit(self.path)
        _, service, rest = parts.path.split("/", 2)
        query = parse_qs(parts.query)
        mode = self.server.mode
        if mode == "slow":
            time.sleep(30)
        if mode in ("403", "500"):
            return self._send(int(mode), b"no")
        if mode == "elsewhere":
            self.send_response(302)
            self.send_header("Location", f"http://127.0.0.1:{self.server.server_port}/rxnav/stolen")
            self.end_headers()
            return None
        if mode == "page":
            return self._send(200, b"<html>sign in</html>")
        if mode == "strange":
            return self._send(
                200, b'{"idGroup": [1], "results": {"0": 1}, "feed": {"entry": "x"}, "approximateGroup": 5}'
            )
        if mode == "huge":
            return self._send(200, b'{"a": "' + b"x" * (5 << 20) + b'"}')
        if mode == "cut":
            self.send_response(200)
            self.send_header("Content-Length", "1000")
            self.end_headers()
            self.wfile.write(b'{"a"')
            return None
        answer = {"rxnav": lambda: rxnav(f"/{rest}", query), "openfda": lambda: openfda(query),
                  "medlineplus": lambda: medlineplus(query)}[service]()  # fmt: skip
        if answer is None:
            return self._send(404, b'{"error": {"code": "NOT_FOUND", "message": "No matches found!"}}')
        return self._send(200, json.dumps(answer).encode())

    def _send(self, code: int, body: bytes) -> None:
        self.send_response(code)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Say nothing."""


@contextmanager
def stand_in() -> Iterator[StandIn]:
    """The services, for as long as a test runs."""
    server = StandIn()
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
