"""Widgets. Whatever draws one measures text by `domain.cells`."""

from contacts_tui.terminal import cell_widths

cell_widths.install()
