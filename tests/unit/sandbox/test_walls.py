"""Each wall with a program that runs into it: what is within its reach without the wall is out of reach behind it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from groundplan.sandbox import sandbox as sandbox_module
from groundplan.sandbox.processes import collect, running
from groundplan.sandbox.sandbox import NO_SANDBOX, SETTING, Needs, Sandbox, best_sandbox, sandbox_for
from groundplan.sandbox.walls import Limits, Walls

MIB = 1024**2
PYTHON = (sys.executable, "-I", "-S")

TOOLS = ("bubblewrap", "unshare", "unshare without private files", "unshare without processes")


def named(sandbox: Sandbox) -> str:
    walls = sandbox.walls
    missing = "" if walls.files else " without private files" if walls.processes else " without processes"
    return f"{walls.tool}{missing}"


@pytest.fixture(params=TOOLS)
def walls(request: pytest.FixtureRequest) -> Sandbox:
    """Every way there is, one after the other, and not only the best."""
    for candidate in sandbox_module._candidates([]):
        if named(candidate) == request.param:
            problem = sandbox_module._problem(candidate)
            if problem is not None:
                pytest.skip(f"the kernel refuses {request.param}: {problem}")
            return candidate
    pytest.skip(f"{request.param.partition(' ')[0]} is not installed")


@pytest.fixture(params=(*TOOLS, "none"))
def any_sandbox(request: pytest.FixtureRequest) -> Sandbox:
    """The same, and no walls."""
    if request.param == "none":
        return NO_SANDBOX
    found: Sandbox = walls.__wrapped__(request)  # type: ignore[attr-defined]
    return found


def run(sandbox: Sandbox, folder: Path, script: str, *arguments: object, limits: Limits | None = None) -> str:
    """What a Python script prints behind the walls, in a folder that it may write to."""
    file = folder / "script.py"
    file.write_text(script)
    needs = Needs(write=(folder,), limits=limits or Limits())
    words = sandbox.command((*PYTHON, str(file), *map(str, arguments)), needs)
    done = subprocess.run(words, cwd=folder, env={}, capture_output=True, text=True, timeout=60, check=False)
    return done.stdout + done.stderr


CONNECT = """
import socket, sys
try:
    socket.create_connection(("127.0.0.1", int(sys.argv[1])), 5)
    print("connected")
except OSError as error:
    print("refused")
"""


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server


def test_no_network_not_even_loopback(walls: Sandbox, tmp_path: Path, listener: socket.socket) -> None:
    port = listener.getsockname()[1]
    assert run(NO_SANDBOX, tmp_path, CONNECT, port) == "connected\n"
    assert run(walls, tmp_path, CONNECT, port) == "refused\n"


def test_no_socket_without_a_path(walls: Sandbox, tmp_path: Path) -> None:
    """An abstract socket belongs to the network: D-Bus and X listen on such."""
    script = """
import socket, sys
try:
    socket.socket(socket.AF_UNIX).connect("\\0" + sys.argv[1])
    print("connected")
except OSError:
    print("refused")
"""
    name = f"groundplan-test-{os.getpid()}"
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(f"\0{name}")
        server.listen()
        assert run(NO_SANDBOX, tmp_path, script, name) == "connected\n"
        assert run(walls, tmp_path, script, name) == "refused\n"


ENVIRONMENTS = """
import os
found = b""
for name in os.listdir("/proc") if os.path.isdir("/proc") else ():
    try:
        found += open(f"/proc/{name}/environ", "rb").read()
    except OSError:
        continue
print("seen" if b"GROUNDPLAN_TEST_SENTINEL" in found else "unseen")
"""


def test_no_environment_of_other_processes(walls: Sandbox, tmp_path: Path) -> None:
    sleeper = [sys.executable, "-c", "import time; print('started', flush=True); time.sleep(60)"]
    environment = {"GROUNDPLAN_TEST_SENTINEL": "x"}
    with subprocess.Popen(sleeper, env=environment, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        other.stdout.readline()
        try:
            assert run(NO_SANDBOX, tmp_path, ENVIRONMENTS) == "seen\n"
            assert run(walls, tmp_path, ENVIRONMENTS) == "unseen\n"
        finally:
            other.kill()


def test_no_file_outside_is_read_or_written(walls: Sandbox, tmp_path: Path) -> None:
    script = """
import os, sys
outside = sys.argv[1]
for name in ("secret", "new"):
    try:
        mode = "r" if name == "secret" else "w"
        open(os.path.join(outside, name), mode).close()
        print(name, "open")
    except OSError:
        print(name, "closed")
"""
    work, outside = tmp_path / "work", tmp_path / "outside"
    work.mkdir()
    outside.mkdir()
    (outside / "secret").write_text("x")
    assert run(NO_SANDBOX, work, script, outside) == "secret open\nnew open\n"
    (outside / "new").unlink()
    if walls.walls.files:
        assert run(walls, work, script, outside) == "secret closed\nnew closed\n"
        assert not (outside / "new").exists()


@pytest.mark.parametrize("folder", ["/usr", "/etc", "/dev/shm", "/tmp", "/", os.path.dirname(os.__file__)])  # noqa: PTH120
def test_only_the_folder_of_the_task_can_be_written(walls: Sandbox, tmp_path: Path, folder: str) -> None:
    if not walls.walls.files:
        pytest.skip("this way has no private files")
    script = """
import os, sys
name = os.path.join(sys.argv[1], "groundplan-test-sentinel")
try:
    open(name, "w").close()
    print("written")
except OSError:
    print("refused")
"""
    assert run(walls, tmp_path, script, tmp_path) == "written\n"
    assert run(walls, tmp_path, script, folder) == "refused\n"
    assert not Path(folder, "groundplan-test-sentinel").exists()


def test_what_may_be_read_cannot_be_written(walls: Sandbox, tmp_path: Path) -> None:
    if not walls.walls.files:
        pytest.skip("this way has no private files")
    work, given = tmp_path / "work", tmp_path / "given"
    work.mkdir()
    given.mkdir()
    (given / "file").write_text("as it was")
    script = "import sys\nprint(open(sys.argv[1]).read())\nopen(sys.argv[1], 'w').write('changed')\n"
    (work / "script.py").write_text(script)
    needs = Needs(read=(given,), write=(work,))
    words = walls.command((*PYTHON, str(work / "script.py"), str(given / "file")), needs)
    done = subprocess.run(words, cwd=work, env={}, capture_output=True, text=True, check=False)
    assert done.stdout == "as it was\n" and "Read-only file system" in done.stderr
    assert (given / "file").read_text() == "as it was"


def test_no_way_out_by_mounting_or_more_rights(walls: Sandbox, tmp_path: Path) -> None:
    """As root of a user namespace one could mount; nothing of that is left."""
    script = """
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
print(libc.mount(b"none", b"/", None, 32 | 4096, None), libc.unshare(0x00020000), libc.umount2(b"/usr", 2))
print(libc.prctl(39, 0, 0, 0, 0), libc.prctl(23, 21, 0, 0, 0))
"""
    assert run(walls, tmp_path, script) == "-1 -1 -1\n1 0\n"


GRANDCHILD = """
import os, sys, time
if os.fork() == 0:
    os.setsid()
    os.close(1); os.close(2)
    open(sys.argv[1], "w").write("started")
    while True:
        time.sleep(0.05)
        open(sys.argv[1], "a").write(".")
while not os.path.exists(sys.argv[1]):
    time.sleep(0.01)
print("over", flush=True)
if len(sys.argv) > 2:
    time.sleep(60)
"""


def grows(file: Path) -> bool:
    before = file.stat().st_size
    time.sleep(0.5)
    return file.stat().st_size > before


def test_nothing_that_it_started_outlives_it(walls: Sandbox, tmp_path: Path) -> None:
    if not walls.walls.processes:
        pytest.skip("this way has no process namespace")
    assert run(walls, tmp_path, GRANDCHILD, tmp_path / "beat") == "over\n"
    assert not grows(tmp_path / "beat")


def test_killing_it_kills_what_it_started(walls: Sandbox, tmp_path: Path) -> None:
    if not walls.walls.processes:
        pytest.skip("this way has no process namespace")
    file = tmp_path / "script.py"
    file.write_text(GRANDCHILD)
    needs = Needs(write=(tmp_path,))
    words = walls.command((*PYTHON, str(file), str(tmp_path / "beat"), "stay"), needs)
    process = subprocess.Popen(words, cwd=tmp_path, env={}, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    with running(process):
        output = collect(process, timeout_seconds=3.0)
    assert output.timed_out and output.stdout == b"over\n"
    assert not grows(tmp_path / "beat")


@pytest.mark.parametrize("how", ["the program", "groundplan", "groundplan and what sweeps after it"])
def test_nothing_outlives_a_groundplan_that_is_killed(any_sandbox: Sandbox, tmp_path: Path, how: str) -> None:
    """Without walls a descendant in a session of its own would; the program itself ends in every case."""
    beat = tmp_path / "beat"
    program = tmp_path / "program.py"
    program.write_text("import sys, time\nwhile True:\n    open(sys.argv[1], 'a').write('.')\n    time.sleep(0.05)\n")
    words = any_sandbox.command((*PYTHON, str(program), str(beat)), Needs(write=(tmp_path,)))
    parent = (
        "import subprocess, sys, time\n"
        "from groundplan.sandbox.processes import running\n"
        "from groundplan.sandbox.sweeper import _sweeper\n"
        f"with running(subprocess.Popen({words!r}, env={{}}, cwd={str(tmp_path)!r})) as _:\n"
        "    print(_sweeper._process.pid, flush=True)\n"
        "    time.sleep(60)\n"
    )
    with subprocess.Popen([sys.executable, "-c", parent], stdout=subprocess.PIPE, text=True) as groundplan:
        assert groundplan.stdout is not None
        sweeper = int(groundplan.stdout.readline())
        wait_for(beat)
        if "sweeps" in how:
            os.kill(sweeper, 9)
        if "groundplan" in how:
            groundplan.kill()
        else:
            groundplan.terminate()
    for _ in range(100):
        if not grows(beat):
            return
    pytest.fail("the program still runs")


def wait_for(file: Path) -> None:
    for _ in range(1200):
        if file.exists():
            return
        time.sleep(0.05)
    pytest.fail(f"{file.name} did not appear")


def test_memory_ends(any_sandbox: Sandbox, tmp_path: Path) -> None:
    script = "print(len(bytearray(20 * 1024 ** 3)))\n"
    assert "MemoryError" in run(any_sandbox, tmp_path, script)
    small = Limits(data_bytes=200 * MIB)
    assert "MemoryError" in run(any_sandbox, tmp_path, "print(len(bytearray(300 * 1024 ** 2)))\n", limits=small)


def test_a_file_ends(any_sandbox: Sandbox, tmp_path: Path) -> None:
    script = "file = open('endless', 'wb', buffering=0)\nwhile True:\n    file.write(bytes(1024 ** 2))\n"
    said = run(any_sandbox, tmp_path, script, limits=Limits(file_bytes=5 * MIB))
    assert "File too large" in said
    assert (tmp_path / "endless").stat().st_size == 5 * MIB


def test_time_ends(any_sandbox: Sandbox, tmp_path: Path) -> None:
    script = "print('started', flush=True)\nwhile True:\n    pass\n"
    assert run(any_sandbox, tmp_path, script, limits=Limits(cpu_seconds=1)).startswith("started\n")


def test_output_ends(any_sandbox: Sandbox, tmp_path: Path) -> None:
    (tmp_path / "script.py").write_text("import os\nwhile True:\n    os.write(1, bytes(65536))\n")
    words = any_sandbox.command((*PYTHON, str(tmp_path / "script.py")), Needs(write=(tmp_path,)))
    process = subprocess.Popen(words, cwd=tmp_path, env={}, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    with running(process):
        output = collect(process, timeout_seconds=60.0, limit_bytes=MIB)
    assert output.too_long and not output.timed_out
    assert len(output.stdout) < 2 * MIB


def test_no_core_file_no_input_and_no_terminal(any_sandbox: Sandbox, tmp_path: Path) -> None:
    script = """
import os, resource, sys
print(resource.getrlimit(resource.RLIMIT_CORE), repr(sys.stdin.read()), os.getsid(0) == os.getpid() or os.getsid(0))
try:
    os.open("/dev/tty", os.O_RDWR)
    print("terminal")
except OSError:
    print("none")
"""
    first, second = run(any_sandbox, tmp_path, script).splitlines()
    assert first.startswith("(0, 0) ''") and second == "none"


def test_a_relay_is_the_only_way_out(walls: Sandbox, tmp_path: Path, listener: socket.socket) -> None:
    script = """
import socket, sys
host, port = sys.argv[1].split(":")
connection = socket.create_connection((host, int(port)), 30)
connection.sendall(b"asked")
connection.shutdown(socket.SHUT_WR)
print(connection.makefile().read())
"""
    (tmp_path / "script.py").write_text(script)
    path = tmp_path / "relay.sock"
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(path))
        server.listen()
        words = walls.command(
            (*PYTHON, str(tmp_path / "script.py"), walls.relay_address), Needs(write=(tmp_path,), relay=path)
        )
        with subprocess.Popen(words, cwd=tmp_path, env={}, stdout=subprocess.PIPE, text=True) as process:
            connection, _ = server.accept()
            assert connection.makefile().read() == "asked"
            connection.sendall(b"answered")
            connection.close()
            assert process.communicate(timeout=60)[0] == "answered\n"


def test_walls_that_do_not_stand_are_not_claimed(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(candidate: Sandbox) -> str | None:
        return None if not candidate.walls.processes else "mount: Operation not permitted"

    sandbox_module.best_sandbox.cache_clear()
    monkeypatch.setattr(sandbox_module, "_problem", refused)
    try:
        found = best_sandbox().walls
    finally:
        sandbox_module.best_sandbox.cache_clear()
    if found.tool != "none":
        assert found == Walls("unshare", network=True, reason="mount: Operation not permitted")
    monkeypatch.setattr(sandbox_module, "_problem", lambda candidate: "no")
    try:
        assert best_sandbox().walls == replace(Walls("none"), reason=best_sandbox().walls.reason)
    finally:
        sandbox_module.best_sandbox.cache_clear()


def test_the_operator_switches_the_walls_off() -> None:
    assert sandbox_for({SETTING: "off"}) is NO_SANDBOX
    assert sandbox_for({}) is best_sandbox()
