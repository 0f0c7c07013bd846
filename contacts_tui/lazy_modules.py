"""Modules of libraries that are loaded at their first use: others import them, and mostly don't use them.

asyncio imports what TLS needs, urllib what an address of IPv6 needs, shutil what archives need, and Textual's command
palette six kinds of widgets for the name of one type. `importlib.util` has such a loader, but until 3.11.9 and 3.12.3 a
thread may there see a module that another thread is still loading.
"""

import sys
import threading
from collections.abc import Sequence
from importlib import import_module
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:  # It imports half of what shall not be imported yet.
    from importlib.abc import Loader

LAZY = frozenset({"asyncio.sslproto", "bz2", "ipaddress", "lzma", "mimetypes", "ssl", "textual.types", "tokenize"})
"""None of them changes anything outside itself when it is loaded."""
_AT_ONCE = {"textual.types": ("textual._types", "IgnoreReturnCallbackType")}
"""The name that somebody imports from a module without using anything else of it, and where it comes from."""

_guard = threading.RLock()


class _Finder:
    """Finds the modules of `LAZY`, and no other (asked by the import system)."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname not in LAZY:
            return None
        spec = PathFinder.find_spec(fullname, path, target)
        if spec is not None and spec.loader is not None:
            spec.loader = cast(Any, _Loader(spec.loader))
        return spec


class _Loader:
    """Makes a module that is loaded by `loader` at its first use."""

    def __init__(self, loader: "Loader") -> None:
        self.loader = loader
        self.is_loading = False

    def create_module(self, spec: ModuleSpec) -> None:
        """An ordinary module, for now."""

    def exec_module(self, module: ModuleType) -> None:
        """Leave it for the first use."""
        if module.__name__ in _AT_ONCE:
            source, name = _AT_ONCE[module.__name__]
            setattr(module, name, getattr(import_module(source), name))
        module.__class__ = _LazyModule


class _LazyModule(ModuleType):
    """A module of which only the name, the file and the like are there yet."""

    def __getattr__(self, name: str) -> object:
        """Load the module, or wait for the thread that does."""
        if name == "__path__":  # The import system asks every module whether it is a package.
            raise AttributeError(name)
        with _guard:
            spec = cast(ModuleSpec, self.__spec__)
            if isinstance(lazy := cast(object, spec.loader), _Loader):
                if lazy.is_loading:
                    raise AttributeError(f"module {self.__name__!r} is being loaded and has no {name!r} yet")
                lazy.is_loading = True
                try:
                    lazy.loader.exec_module(self)
                finally:
                    lazy.is_loading = False
                spec.loader = self.__loader__ = lazy.loader
                self.__class__ = cast(Any, ModuleType)
        return getattr(self, name)


def install() -> None:
    """Have them loaded at their first use in this process, those apart that are loaded already."""
    if not any(isinstance(finder, _Finder) for finder in sys.meta_path):
        sys.meta_path.insert(0, _Finder())
