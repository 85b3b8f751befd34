"""Messages to real programs and real listeners: all at once, each for a bounded time, no secret said."""

from __future__ import annotations

import html
import json
import os
import signal
import socket
import socketserver
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from medtrack.domain.channels import Channel
from medtrack.outside import sending, session
from medtrack.outside.sending import send_all
from medtrack.packages import added

TEXT = "1 dose is due <b>$(touch x)</b> & `y` \\n :pill: {x} %s 💊"


class Posts(socketserver.ThreadingTCPServer):
    """A service on the loopback interface that keeps what is posted to it and answers with one code."""

    daemon_threads = True
    code = 200

    def __init__(self) -> None:
        self.got: list[tuple[str, dict[str, str], bytes]] = []
        super().__init__(("127.0.0.1", 0), Post)

    @property
    def at(self) -> str:
        return f"127.0.0.1:{self.server_address[1]}"


class Post(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.got.append((self.path, dict(self.headers), body))  # type: ignore[attr-defined]
        self.send_response(self.server.code)  # type: ignore[attr-defined]
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *arguments: object) -> None:
        pass


@pytest.fixture
def service() -> Iterator[Posts]:
    with Posts() as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def silent() -> Iterator[str]:
    """Where connections are taken and never answered."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield f"127.0.0.1:{listener.getsockname()[1]}"


@pytest.fixture
def refused() -> str:
    """Where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return f"127.0.0.1:{listener.getsockname()[1]}"


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str], Path]:
    """Makes a program of this name, the only ones on PATH beside the system's."""
    folder = tmp_path / "programs"
    folder.mkdir()
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")

    def make(name: str, script: str) -> Path:
        program = folder / name
        program.write_text(f"#!/bin/sh\n{script}\n")
        program.chmod(0o755)
        return program

    return make


def command(*words: object, name: str = "me") -> Channel:
    return Channel(name, "command", tuple(str(word) for word in words))


def url(text: str) -> Channel:
    return Channel("phone", "url", (text,))


def send(channel: Channel, text: str = TEXT, title: str = "medtrack") -> str | None:
    [outcome] = send_all([(channel, text)], title)
    return outcome


# --- a program of the person's -----------------------------------------------------------------


def test_nothing_to_send() -> None:
    assert send_all([], "medtrack") == []


def test_a_program_gets_the_text_and_nothing_is_interpreted(programs, tmp_path: Path, capfd) -> None:
    program = programs(
        "tell me",
        f'cat > {tmp_path}/text\nprintf "%s\\n" "$@" > {tmp_path}/words\necho out; echo err >&2\n'
        f"ps -o pid=,pgid= $$ > {tmp_path}/group",
    )
    assert send(command(program, "$(touch x)", "; touch x", "", "*")) is None
    assert (tmp_path / "text").read_text() == TEXT
    assert (tmp_path / "words").read_text() == "$(touch x)\n; touch x\n\n*\n"
    pid, group = (tmp_path / "group").read_text().split()
    assert pid == group != str(os.getpgid(0))
    assert not Path("x").exists()
    printed = capfd.readouterr()
    assert (printed.out, printed.err) == ("", "")


def test_a_text_that_is_hard_to_write(programs, tmp_path: Path) -> None:
    program = programs("tell", f"cat > {tmp_path}/text")
    for text in ("", "x" * 1_000_000, "a\0b\n", "\ud800"):
        assert send(command(program), text) is None
        assert (tmp_path / "text").read_bytes() == text.encode(errors="replace")


def test_a_program_need_not_read(programs) -> None:
    assert send(command(programs("deaf", "exit 0")), "x" * 1_000_000) is None


@pytest.mark.parametrize(
    ("script", "why"),
    [("exit 3", "exit code 3"), ("kill -9 $$", "it was ended by signal 9"), ("nonsense-x", "exit code 127")],
)
def test_a_program_that_fails(programs, script: str, why: str) -> None:
    assert send(command(programs("tell", script), "hunter2")) == why


def test_a_program_that_cannot_be_run(programs, tmp_path: Path) -> None:
    assert send(command("notify-me", "hunter2")) == "there is no notify-me on this machine"
    assert send(command("/nowhere/notify-me")) == "there is no /nowhere/notify-me on this machine"
    plain = programs("plain", "")
    plain.chmod(0o644)
    assert send(command(plain)) == f"{plain} cannot be run: Permission denied"
    assert send(command(tmp_path)) == f"{tmp_path} cannot be run: Permission denied"
    lost = programs("lost", "")
    lost.write_text("#!/nowhere/sh\n")
    assert send(command(lost)) == f"{lost} cannot be run: the program that its first line names is missing"
    lost.write_text("no program")
    assert send(command(lost)) == f"{lost} cannot be run: Exec format error"
    assert send(command("a\0hunter2")) == "it failed (ValueError)"


def test_a_hanging_program_is_ended_with_what_it_started(programs, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(sending, "LIMIT", 1.0)
    program = programs("hang", f"sleep 300 &\necho $! > {tmp_path}/child\nsleep 300")
    assert send(command(program), "x" * 1_000_000) == "it was not done within 1 seconds"
    child = (tmp_path / "child").read_text().strip()
    for _ in range(100):
        if not alive(child):
            break
        time.sleep(0.05)
    assert not alive(child)


def test_one_that_ignores_being_asked_to_end(programs, monkeypatch) -> None:
    monkeypatch.setattr(sending, "LIMIT", 1.0)
    assert send(command(programs("stay", "trap '' TERM INT HUP\nwhile :; do sleep 1; done"))) is not None


def test_what_a_program_leaves_running_is_left(programs, tmp_path: Path) -> None:
    program = programs("tell", f"sleep 300 &\necho $! > {tmp_path}/child")
    assert send(command(program)) is None
    child = (tmp_path / "child").read_text().strip()
    assert alive(child)
    os.kill(int(child), signal.SIGKILL)


def alive(pid: str) -> bool:
    """Whether a process runs; one that nobody has taken note of the end of does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_all_are_sent_at_once(programs, tmp_path: Path) -> None:
    """Each of three waits for the two others to have begun: one after the other none would come to its end."""
    script = (
        f"touch {tmp_path}/$1\nwhile [ ! -e {tmp_path}/$2 ] || [ ! -e {tmp_path}/$3 ]; do sleep 0.05; done"
    )
    program = programs("meet", script)
    orders = [("a", "b", "c"), ("b", "c", "a"), ("c", "a", "b")]
    assert send_all([(command(program, *names), "") for names in orders], "medtrack") == [None, None, None]


def test_one_that_hangs_or_fails_takes_nothing_from_the_others(
    programs, tmp_path: Path, service: Posts, silent: str, refused: str, monkeypatch
) -> None:
    monkeypatch.setattr(sending, "LIMIT", 6.0)
    program = programs("tell", f"cat > {tmp_path}/text")
    messages = [
        (command(programs("hang", "sleep 300")), "1"),
        (url(f"json://{silent}/"), "2"),
        (command("nowhere"), "3"),
        (url(f"json://{refused}/"), "4"),
        (command(program), "5"),
        (url(f"json://{service.at}/"), "6"),
    ]
    outcomes = send_all(messages, "medtrack")
    # apprise itself may have given up on the second one before.
    assert outcomes.pop(1) in ("it was not done within 6 seconds", "the service cannot be reached")
    assert outcomes == [
        "it was not done within 6 seconds",
        "there is no nowhere on this machine",
        "the service cannot be reached",
        None,
        None,
    ]
    assert (tmp_path / "text").read_text() == "5"
    assert [json.loads(body)["message"] for _, _, body in service.got] == ["6"]


def test_an_interrupt_leaves_nothing_running(programs, tmp_path: Path) -> None:
    program = programs("hang", f"echo $$ > {tmp_path}/draft; mv {tmp_path}/draft {tmp_path}/pid; sleep 300")
    code = (
        "import sys\nfrom medtrack.domain.channels import Channel\nfrom medtrack.outside.sending import send_all\n"
        "send_all([(Channel('a', 'command', (sys.argv[1],)), 'x')], 'medtrack')"
    )
    running = subprocess.Popen([sys.executable, "-c", code, str(program)], stderr=subprocess.PIPE)
    while not (tmp_path / "pid").exists():
        time.sleep(0.05)
    # It runs before whoever started it has come back from that, on a machine that is busy.
    time.sleep(0.5)
    running.send_signal(signal.SIGINT)
    running.communicate()
    assert running.returncode != 0
    assert not alive((tmp_path / "pid").read_text().strip())


# --- the desktop ---------------------------------------------------------------------------------


@pytest.fixture
def desktop(programs, tmp_path: Path) -> Path:
    """A `notify-send` that writes down its arguments and the message bus it was given."""
    programs(
        "notify-send",
        f'printf "%s\\0" "$@" > {tmp_path}/words\nprintf "%s" "$DBUS_SESSION_BUS_ADDRESS" > {tmp_path}/bus',
    )
    return tmp_path


def test_the_desktop_gets_title_and_text_as_they_are(desktop: Path) -> None:
    assert send(Channel("screen", "desktop"), TEXT, "--help") is None
    assert (desktop / "words").read_text().split("\0")[:-1] == [
        "--",
        "--help",
        "1 dose is due &lt;b&gt;$(touch x)&lt;/b&gt; &amp; `y` \\\\n :pill: {x} %s 💊",
    ]
    for text in ("--version", "-u critical", "", "a\0b"):
        assert send(Channel("screen", "desktop"), text) is None
        assert (desktop / "words").read_text().split("\0")[:-1] == ["--", "medtrack", text.replace("\0", "")]


def test_the_desktop_is_found_from_cron(desktop: Path, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)
    monkeypatch.setattr(session, "RUN", str(tmp_path / "run"))
    assert send(Channel("screen", "desktop")) is None
    assert (desktop / "bus").read_text() == ""
    bus = tmp_path / "run" / str(os.getuid()) / "bus"
    bus.parent.mkdir(parents=True)
    bus.touch()
    assert send(Channel("screen", "desktop")) is None
    assert (desktop / "bus").read_text() == ""
    bus.unlink()
    monkeypatch.chdir(bus.parent)  # a socket's path must be short
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("bus")
        assert send(Channel("screen", "desktop")) is None
        assert (desktop / "bus").read_text() == f"unix:path={bus}"
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/mine")
        assert send(Channel("screen", "desktop")) is None
        assert (desktop / "bus").read_text() == "unix:path=/mine"


def test_without_a_desktop(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert send(Channel("screen", "desktop")) == "there is no notify-send on this machine"


# --- services ------------------------------------------------------------------------------------


def test_json_arrives(service: Posts) -> None:
    assert send(url(f"json://ann:hunter2@{service.at}/room?-x=y")) is None
    [(path, headers, body)] = service.got
    assert path.startswith("/room")
    assert headers["Authorization"] == "Basic YW5uOmh1bnRlcjI="
    sent = json.loads(body)
    assert (sent["title"], sent["message"], sent["type"]) == ("medtrack", TEXT, "info")


def test_ntfy_arrives(service: Posts) -> None:
    assert send(url(f"ntfy://tk_hunter2@{service.at}/room")) is None
    [(_, headers, body)] = service.got
    assert headers["Authorization"] == "Bearer tk_hunter2"
    sent = json.loads(body)
    assert (sent["topic"], sent["title"], sent["message"]) == ("room", "medtrack", TEXT)


def test_a_service_that_wants_html_gets_the_text_as_text(service: Posts) -> None:
    assert send(url(f"json://{service.at}/?format=html"), "a < b & <b>c</b>") is None
    message = json.loads(service.got[0][2])["message"]
    assert "<" not in message
    assert html.unescape(message).replace("\xa0", " ") == "a < b & <b>c</b>"


@pytest.mark.parametrize("code", [400, 401, 403, 404, 429, 500, 503])
def test_a_service_that_refuses(service: Posts, code: int) -> None:
    service.code = code
    for address in (f"json://ann:hunter2@{service.at}/", f"ntfy://tk_hunter2@{service.at}/room"):
        assert send(url(address)) == f"the service answered with error {code}"


def test_a_service_that_is_not_there(refused: str) -> None:
    for address in (f"json://ann:hunter2@{refused}/", f"ntfy://tk_hunter2@{refused}/room"):
        assert send(url(address)) == "the service cannot be reached"


def test_a_service_that_never_answers(silent: str, monkeypatch) -> None:
    monkeypatch.setattr(sending, "LIMIT", 1.0)
    assert send(url(f"ntfy://tk_hunter2@{silent}/room")) == "it was not done within 1 seconds"


@pytest.mark.parametrize(
    "address",
    [
        "nonsense://hunter2",
        "json://",
        "hunter2",
        "",
        "telegram://hunter2",
        "https://hunter2.example/x y",
    ],
)
def test_an_address_apprise_cannot_read(address: str) -> None:
    assert send(url(address)) == "the address is not one apprise can read"


def test_one_address_is_one_address(service: Posts) -> None:
    """apprise takes a list apart at blanks and commas; a channel is one address."""
    send(url(f"json://{service.at}/a, json://{service.at}/b"))
    assert len(service.got) <= 1


def test_without_apprise(monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, "apprise", None)
    assert send(url("json://127.0.0.1/")) == f"apprise is not installed: {added('apprise')}"


def test_nothing_secret_is_ever_printed(service: Posts, refused: str, silent: str, tmp_path: Path) -> None:
    """In a process of its own, as the program runs: no handler of a test runner swallows a line."""
    code = (
        "import json, sys\nfrom medtrack.domain.channels import Channel\n"
        "import medtrack.outside.sending as s\ns.LIMIT = 6.0\n"
        "messages = [(Channel('a', *row), 'SERTRALINE') for row in json.load(sys.stdin)]\n"
        "print(s.send_all(messages, 'TITLE'))"
    )
    service.code = 403
    rows: list[tuple[str, list[str]]] = [
        ("url", [address])
        for at in (service.at, refused, silent)
        for address in (
            f"json://ann:hunter2@{at}/hunter2?-k=hunter2",
            f"ntfy://tk_hunter2@{at}/hunter2",
            f"jsons://hunter2@{at}/?verify=no",
        )
    ]
    rows += [
        ("url", ["nonsense://hunter2"]),
        ("url", ["mailto://hunter2"]),
        ("command", ["false", "hunter2"]),
    ]
    rows += [("command", ["echo", "hunter2"]), ("command", ["sleep", "60"]), ("url", [])]
    done = subprocess.run(
        [sys.executable, "-c", code], input=json.dumps(rows), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0
    assert done.stderr == ""
    assert done.stdout.startswith("['the service answered with error 403'")
    for secret in ("hunter2", "SERTRALINE", "TITLE", "127.0.0.1"):
        assert secret not in done.stdout
    left = [path for path in Path(os.environ["HOME"]).rglob("*") if path.is_file()]
    assert left == []
