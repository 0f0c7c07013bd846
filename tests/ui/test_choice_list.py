"""A list to choose from: headings over its columns, which stay visible."""

from textual.app import App, ComposeResult

from contacts_tui.themes import variables_without_theme
from contacts_tui.widgets.choice_list import Choice, ChoiceList


class _Listing(App[None]):
    CSS = "ChoiceList { height: 10; }"

    def __init__(self) -> None:
        super().__init__()
        self.chosen: list[int] = []

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return variables_without_theme()

    def compose(self) -> ComposeResult:
        yield ChoiceList()

    def on_choice_list_chosen(self, event: ChoiceList.Chosen) -> None:
        self.chosen.append(event.key)


def _shown(choices: ChoiceList) -> list[str]:
    return [choices.render_line(y).text.rstrip() for y in range(choices.size.height)]


async def test_headings_stay_over_their_columns_while_the_list_scrolls() -> None:
    app = _Listing()
    async with app.run_test(size=(40, 12)) as pilot:
        choices = app.query_one(ChoiceList)
        choices.set_choices([Choice(n, (f"name {n}", f"{n} m ago")) for n in range(30)], headings=("Name", "Received"))
        await pilot.pause()
        first = _shown(choices)
        assert first[0].split() == ["Name", "Received"] and first[1].startswith("▸ name 0")
        assert first[0].index("Received") == first[1].index("0 m ago")
        assert first[-1].strip().startswith("name 8")
        await pilot.press("end")
        await pilot.pause()
        last = _shown(choices)
        assert last[0] == first[0]
        assert last[-1].startswith("▸ name 29")
        await pilot.click(choices, offset=(5, 0))
        assert app.chosen == [], "a heading is no choice"
        await pilot.click(choices, offset=(5, 1))
        await pilot.pause()
        assert app.chosen == [21]
        await pilot.press("home")
        await pilot.pause()
        assert _shown(choices)[1].startswith("▸ name 0")
