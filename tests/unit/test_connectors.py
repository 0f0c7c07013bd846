"""Facts of a provider stay in its connector: nothing outside of `channels` asks which provider it is."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from contacts_tui.channels import connectors
from contacts_tui.channels.connector import Ability
from contacts_tui.domain.channel import Channel, Provider
from contacts_tui.domain.inbox import Inbox, InboxForm, unstored

PACKAGE = Path(connectors.__file__).parents[1]
PLAYS_THE_PROVIDERS = {"demo/seed.py"}
"""Modules that write what providers would have sent, in their form."""
MEMBERS = set(Provider.__members__)
WORDS = {member.value for member in Provider} - {channel.value for channel in Channel}
"""Values of providers that aren't names of channels, too."""


def asked_about(source: str) -> Iterator[str]:
    """Yield the places where a module asks which provider it is: by a member, a word, or an import."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Attribute) and node.attr in MEMBERS:
            if isinstance(node.value, ast.Name) and node.value.id == "Provider":
                yield f"{node.lineno}: {ast.unparse(node)}"
        elif isinstance(node, ast.Compare):
            sides = [node.left, *node.comparators]
            words = [side for each in sides for side in ast.walk(each) if isinstance(side, ast.Constant)]
            about = any("provider" in ast.unparse(side).lower() for side in sides)
            if about and any(word.value in WORDS | {Provider.TELEGRAM.value} for word in words):
                yield f"{node.lineno}: {ast.unparse(node)}"
        elif isinstance(node, ast.Call) and ast.unparse(node.func) == "Provider" and node.args:
            if isinstance(node.args[0], ast.Constant):
                yield f"{node.lineno}: {ast.unparse(node)}"
        elif isinstance(node, ast.ImportFrom) and node.module and ".channels." in f"{node.module}.":
            folder = node.module.split(".")[2:3]
            if folder and folder[0] in {"twilio", "telegram", "meta"}:
                yield f"{node.lineno}: from {node.module}"


def test_nothing_outside_of_channels_asks_which_provider_it_is() -> None:
    found = [
        f"{path.relative_to(PACKAGE)}:{place}"
        for path in sorted(PACKAGE.rglob("*.py"))
        if path.relative_to(PACKAGE).parts[0] != "channels"
        and path.relative_to(PACKAGE).as_posix() not in PLAYS_THE_PROVIDERS
        for place in asked_about(path.read_text(encoding="utf-8"))
    ]
    assert found == []


@pytest.mark.parametrize(
    "source",
    [
        "if inbox.provider is Provider.META: pass",
        "if inbox.provider == 'twilio': pass",
        "WORDS = {Provider.TWILIO: 'Twilio'}",
        "match provider:\n    case Provider.TELEGRAM: pass",
        "if inbox.provider in (Provider.META, other): pass",
        "provider = Provider('meta')",
        "from contacts_tui.channels.meta import webhook",
    ],
)
def test_each_way_of_asking_is_found(source: str) -> None:
    assert len(list(asked_about(source))) == 1


def test_every_channel_has_a_connector_with_what_an_inbox_needs() -> None:
    for channel in Channel:
        first = connectors.of_channel(channel)[0]
        asked = {setting.field.id for setting in first.settings}
        assert {"address", "secret"} <= asked
        assert first.limits.text > 0
        assert connectors.find(first.provider.value, channel.value) is first
        assert connectors.understands(inbox(channel, first.provider))


def test_what_the_providers_can_do() -> None:
    able = {
        ability: {each.channel for each in connectors.every() if each.can(ability)}
        for ability in (Ability.TEMPLATES, Ability.TAGS, Ability.FETCHES_FILES, Ability.NAMES_APART)
    }
    assert able == {
        Ability.TEMPLATES: {Channel.WHATSAPP},
        Ability.TAGS: {Channel.MESSENGER},
        Ability.FETCHES_FILES: {Channel.SMS, Channel.WHATSAPP},
        Ability.NAMES_APART: {Channel.MESSENGER},
    }


@pytest.mark.parametrize(
    ("channel", "address", "link"),
    [
        (Channel.TELEGRAM, "@shop_bot", "https://t.me/shop_bot"),
        (Channel.TELEGRAM, "shop bot/../evil", ""),
        (Channel.TELEGRAM, "evil.example/x?", ""),
        (Channel.TELEGRAM, "5550142 ", ""),
        (Channel.TELEGRAM, "", ""),
        (Channel.TELEGRAM, "@a", ""),
        (Channel.MESSENGER, "1029384756", "https://m.me/1029384756"),
        (Channel.MESSENGER, "10/evil", ""),
        (Channel.SMS, "+12025550101", ""),
    ],
)
def test_a_link_is_made_of_an_address_that_can_be_one(channel: Channel, address: str, link: str) -> None:
    assert connectors.of_channel(channel)[0].link(address) == link


def test_another_connector_is_there_for_a_while_and_what_was_there_before_comes_back() -> None:
    first = connectors.of_channel(Channel.SMS)[0]
    before = connectors.every()
    with connectors.added(first):
        pass
    assert connectors.every() == before


def inbox(channel: Channel, provider: Provider) -> Inbox:
    return unstored(InboxForm(channel, "Shop"), provider)
