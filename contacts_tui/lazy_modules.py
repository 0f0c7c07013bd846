"""Library modules that are loaded at their first use: other modules import them, and mostly don't use them.

asyncio imports what TLS needs, urllib what IPv6 addresses need, shutil what archives need, and Textual's command
palette six kinds of widgets for the name of one type. `importlib.util` has such a loader, but until 3.11.9 and 3.12.3
it may show a thread a module that another thread is still loading.
"""

import sys
import threading
from collections.abc import Sequence
from importlib import import_module
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:  # It imports half of what isn't to be imported yet.
    from importlib.abc import Loader

LAZY = frozenset({"asyncio.sslproto", "bz2", "ipaddress", "lzma", "mimetypes", "ssl", "textual.types", "tokenize"})
"""The modules; none changes anything outside itself when it is loaded."""
_AT_ONCE = {"textual.types": ("textual._types", "IgnoreReturnCallbackType")}
"""By module, the only name that others import from it, and the module that defines that name."""

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
    """Makes modules that the inner `loader` loads at their first use."""

    def __init__(self, loader: "Loader") -> None:
        self.loader = loader
        self.is_loading = False

    def create_module(self, spec: ModuleSpec) -> None:
        """Return None, so that an ordinary module is made (asked by the import system)."""

    def exec_module(self, module: ModuleType) -> None:
        """Leave the loading for the first use; set only a name that is imported at once."""
        if module.__name__ in _AT_ONCE:
            source, name = _AT_ONCE[module.__name__]
            setattr(module, name, getattr(import_module(source), name))
        module.__class__ = _LazyModule


class _LazyModule(ModuleType):
    """A module that has only its name, its file and the like until its first use."""

    def __getattr__(self, name: str) -> object:
        """Load the module, or wait for the thread that loads it; return the attribute."""
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
    """Have the modules of LAZY loaded at their first use in this process, except those that are loaded already."""
    if not any(isinstance(finder, _Finder) for finder in sys.meta_path):
        sys.meta_path.insert(0, _Finder())
