"""The commands, which parse, call a service and print. Some modules of libraries are loaded at their first use."""

from contacts_tui import lazy_modules

lazy_modules.install()
