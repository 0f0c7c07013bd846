"""The suite itself: reruns are named, no example has a deadline, children get the signals they are tested with."""

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import settings

ROOT = Path(__file__).parents[2]

FLAKY = """
from pathlib import Path

def test_sometimes():
    seen = Path(__file__).with_suffix(".seen")
    first = not seen.exists()
    seen.touch()
    assert not first

def test_always():
    pass
"""


def ended(folder: Path, *options: str) -> str:
    """Return the output of `make test` about a test that fails the first time."""
    file = folder / "test_flaky.py"
    file.write_text(FLAKY)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-c", ROOT / "pyproject.toml", "-p", "tests.conftest", file, *options],
        capture_output=True,
        text=True,
        cwd=ROOT,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


@pytest.mark.parametrize("workers", [(), ("--numprocesses", "2")])
def test_what_was_run_again_is_named_with_the_reason(tmp_path: Path, workers: tuple[str, ...]) -> None:
    first = ended(tmp_path, "--reruns", "1", *workers)
    assert "run again: 1" in first
    assert "::test_sometimes\n" in first.partition("run again: 1")[2]
    assert "assert not True" in first.partition("run again: 1")[0], "why it was run again is told"
    assert "test_always\n" not in first
    assert "run again: none" in ended(tmp_path, "--reruns", "1", "-n", "0")
    assert "run again" not in ended(tmp_path, "-n", "0")


def test_no_example_has_a_deadline() -> None:
    assert settings().deadline is None


def test_a_child_has_the_usual_signals_whatever_the_suite_ignores() -> None:
    tell = """if True:
        import signal
        ignored = [n.name for n in signal.valid_signals() if n < 16 and signal.getsignal(n) is signal.SIG_IGN]
        print(ignored, signal.pthread_sigmask(signal.SIG_BLOCK, ()))
    """
    parent = f"""if True:
        import signal, subprocess, sys
        from tests.children import default_signals
        for number in (signal.SIGINT, signal.SIGHUP, signal.SIGTERM):
            signal.signal(number, signal.SIG_IGN)
        signal.pthread_sigmask(signal.SIG_BLOCK, (signal.SIGINT, signal.SIGUSR1))
        subprocess.run([sys.executable, "-c", {tell!r}], preexec_fn=default_signals, check=True)
    """
    done = subprocess.run([sys.executable, "-c", parent], capture_output=True, text=True, cwd=ROOT)
    assert done.stdout == "['SIGPIPE'] set()\n", done.stderr
