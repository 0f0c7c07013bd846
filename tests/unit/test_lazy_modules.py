"""Modules that are loaded at their first use: no code sees one that is half loaded, and all of it is there."""

import subprocess
import sys

_BEFORE = "import sys\nfrom contacts_tui import lazy_modules\nlazy_modules.install()\n"


def test_what_only_others_import_is_not_loaded() -> None:
    code = "import asyncio, inspect, shutil, urllib.parse\nprint({'_ssl', '_bz2', '_lzma'} & set(sys.modules))"
    assert _told(code) == "set()"


def test_a_module_is_whole_at_its_first_use_and_an_ordinary_one_then() -> None:
    code = """
import asyncio, importlib, ssl, types
from tokenize import TokenInfo
assert not hasattr(ssl, "no_such_name")
print(type(ssl) is types.ModuleType, ssl.create_default_context().verify_mode.name)
print(asyncio.sslproto.SSLProtocol.__name__, importlib.reload(ssl) is ssl, TokenInfo.__name__)
"""
    assert _told(code).splitlines() == ["True CERT_REQUIRED", "SSLProtocol True TokenInfo"]


def test_threads_wait_for_the_one_that_loads_it() -> None:
    # The first name of `ssl` is there long before the last one.
    code = """
import ssl, threading
from concurrent.futures import ThreadPoolExecutor
sys.setswitchinterval(1e-5)
begin = threading.Barrier(8)
def look(number):
    begin.wait()
    return [getattr(ssl, name) is not None for name in ("namedtuple", "get_server_certificate")[:: 1 - number % 2 * 2]]
with ThreadPoolExecutor(8) as threads:
    print(all(map(all, threads.map(look, range(8)))))
"""
    assert _told(code) == "True"


def test_what_somebody_imports_from_it_by_name_comes_from_where_it_is_made() -> None:
    code = """
from textual.types import IgnoreReturnCallbackType
print("textual.widgets._tree" in sys.modules)
from textual import _types
from textual.types import DirEntry
print(IgnoreReturnCallbackType is _types.IgnoreReturnCallbackType, DirEntry.__name__)
"""
    assert _told(code).splitlines() == ["False", "True DirEntry"]


def _told(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", _BEFORE + code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()
