"""The commands; thin: parse, call a service, print. Some modules of the library are loaded at their first use."""

from contacts_tui import lazy_modules

lazy_modules.install()
