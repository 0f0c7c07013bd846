"""A report as small plots: load by hour, a line a day; answer times by channel and by agent."""

from collections.abc import Iterator, Sequence
from datetime import date
from zoneinfo import ZoneInfo

from contacts_tui.domain.bars import LEVELS, bars
from contacts_tui.domain.cells import fit, text_width, wrap
from contacts_tui.domain.durations import remaining_short
from contacts_tui.domain.report import AnswerTimes, HourLoad, Report
from contacts_tui.domain.text import counted, one_line
from contacts_tui.widgets.line_view import Shade, Span, WrappedLines

_HOURS = 24
_DAY, _GAP = 8, 2
"""Cells of a day's name, and between two plots."""
_WIDE = _DAY + 2 * (2 * _HOURS + _GAP)
"""Cells from which an hour takes two."""
_NAME, _COUNT, _SPAN = 16, 9, 11
"""Cells of the columns of answer times."""
_FULL = _NAME + _COUNT + 4 * _SPAN + 8
"""Cells from which there is room for what was closed and snoozed, too."""
_NO_DEEDS = " " * (2 * _SPAN)
"""Stands for a channel where agents have what they closed and snoozed, so that the plots are in one column."""
_NOTHING = "·"

_SPREAD = "The bars are answers within 5 m, 15 m, 1 h, 4 h, 1 d, and later."


class ReportSheet(WrappedLines):
    """The report, scrolled by its screen when there is more than fits."""

    def __init__(self) -> None:
        super().__init__()
        self._shown: tuple[Report, ZoneInfo] | None = None

    def show(self, report: Report, zone: ZoneInfo) -> None:
        """Show a report, with the hours of a time zone."""
        self._shown = (report, zone)
        self.rewrap()

    def wrapped(self) -> Iterator[list[Span]]:
        """Yield the report for the present width; nothing until there is one."""
        return self._drawn_lines(*self._shown) if self._shown is not None else iter(())

    def _drawn_lines(self, report: Report, zone: ZoneInfo) -> Iterator[list[Span]]:
        yield []
        yield from self._words(report.words, Shade.STRONG)
        yield from self._words(*_waiting(report))
        yield []
        yield from self._load(report.hours, zone)
        yield []
        yield from self._times("By channel", [(one.channel.label, one.answers, _NO_DEEDS) for one in report.channels])
        if report.agents:
            yield []
            yield from self._times(
                "By agent",
                [
                    (one.agent or "nobody", one.answers, f"{one.closed:>{_SPAN},}{one.snoozed:>{_SPAN},}")
                    for one in report.agents
                ],
                f"{'closed':>{_SPAN}}{'snoozed':>{_SPAN}}",
            )

    def _words(self, words: str, shade: Shade) -> Iterator[list[Span]]:
        for line in wrap(words, max(1, self.line_width - 2)):
            yield [(f" {line}", shade)]

    def _load(self, hours: Sequence[HourLoad], zone: ZoneInfo) -> Iterator[list[Span]]:
        """Yield a line a day, each hour in the column that clocks show; one that comes twice shows both together."""
        days: dict[date, dict[int, tuple[int, int]]] = {}
        for hour in hours:
            local = hour.begins.astimezone(zone)
            day = days.setdefault(local.date(), {})
            before = day.get(local.hour, (0, 0))
            day[local.hour] = (before[0] + hour.received, before[1] + hour.answered)
        most = [max((day[hour][which] for day in days.values() for hour in day), default=0) for which in (0, 1)]
        if not any(most):
            yield [(" Nothing came in and nobody was answered.", Shade.SOFT)]
            return
        cells = 2 if self.line_width > _WIDE else 1
        width, gap = _HOURS * cells, " " * _GAP
        heads = (f"came in, {LEVELS[-1]} {most[0]:,} an hour", f"answered, {LEVELS[-1]} {most[1]:,} an hour")
        yield [(" " + fit("", _DAY), Shade.SOFT), (gap.join(fit(head, width) for head in heads), Shade.SOFT)]
        ticks = "".join(fit(str(hour), 6 * cells) for hour in range(0, _HOURS, 6))
        yield [(" " + fit("hour", _DAY) + ticks + gap + ticks, Shade.SOFT)]
        for at, loads in days.items():
            yield [
                (f" {fit(f'{at:%a} {at.day}', _DAY)}", Shade.PLAIN),
                (_row(loads, 0, most[0], cells) + gap, Shade.ACCENT),
                (_row(loads, 1, most[1], cells), Shade.PLAIN),
            ]

    def _times(self, title: str, rows: Sequence[tuple[str, AnswerTimes, str]], more: str = "") -> Iterator[list[Span]]:
        if not rows:
            yield [(" Nobody who waited was answered.", Shade.SOFT)]
            return
        has_room = self.line_width > _FULL
        spans = "".join(_right(word, _SPAN) for word in ("median", "longest"))
        yield [(f" {fit(title, _NAME)}{_right('answered', _COUNT)}{spans}{more if has_room else ''}", Shade.SOFT)]
        for name, times, others in rows:
            median, longest = ("" if one is None else remaining_short(one) for one in (times.median, times.longest))
            yield [
                (f" {fit(one_line(name), _NAME)}", Shade.PLAIN),
                (_right(f"{times.count:,}", _COUNT), Shade.STRONG),
                (_right(median, _SPAN) + _right(longest, _SPAN), Shade.PLAIN),
                (others if has_room else "", Shade.PLAIN),
                (f"  {bars(times.spread, nothing=_NOTHING)}", Shade.ACCENT),
            ]
        if not more:
            yield from self._words(_SPREAD, Shade.SOFT)


def _right(text: str, cells: int) -> str:
    return " " * max(0, cells - text_width(text)) + text


def _row(loads: dict[int, tuple[int, int]], which: int, most: int, cells: int) -> str:
    drawn = (bars([loads[hour][which]], most, _NOTHING) if hour in loads else " " for hour in range(_HOURS))
    return "".join(bar * cells if bar != _NOTHING else fit(bar, cells) for bar in drawn)


def _waiting(report: Report) -> tuple[str, Shade]:
    waiting = report.waiting
    if waiting.longest is None:
        return "Nobody waits now.", Shade.SOFT
    who = counted(waiting.people, "person waits", "people wait")
    words = f"{who} now, {waiting.late:,} late, the longest for {remaining_short(waiting.longest)}."
    return words, Shade.WARNING if waiting.late else Shade.PLAIN
