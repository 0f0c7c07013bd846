"""The program, and the program with a sandbox and people."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.cli.program import PEOPLE, SHOP, Program, Server, seed


@pytest.fixture
def program(tmp_path: Path) -> Program:
    """Return the command line on an empty store."""
    return Program(tmp_path)


@pytest.fixture(scope="session")
def one_sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Yield the sandbox that the tests share, one after the other."""
    with Program(tmp_path_factory.mktemp("sandbox")).serving("sandbox") as server:
        yield server


@pytest.fixture
def sandbox(one_sandbox: Server) -> Server:
    """Return the sandbox, reset to an account, senders and a template."""
    one_sandbox.control("reset", {})
    one_sandbox.control("seed", seed())
    return one_sandbox


@pytest.fixture(scope="session")
def shop_store(one_sandbox: Server, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a store with two people, and with an SMS and a WhatsApp inbox at the sandbox, made once."""
    maker = Program(tmp_path_factory.mktemp("shop"))
    maker.ok("people", "import", "-", stdin=PEOPLE)
    maker.add_inbox("Shop", "sms", SHOP, one_sandbox.url)
    maker.add_inbox("Shop WhatsApp", "whatsapp", SHOP, one_sandbox.url)
    return maker.database


@pytest.fixture
def shop(program: Program, sandbox: Server, shop_store: Path) -> Program:
    """Return the command line on a copy of `shop_store`, with the sandbox reset."""
    for file in shop_store.parent.glob(f"{shop_store.name}*"):
        shutil.copy(file, program.folder / file.name)
    return program
