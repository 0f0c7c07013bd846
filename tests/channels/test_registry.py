"""Adapters by provider, codes in words, and which modules aren't imported for either."""

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contacts_tui.channels.registry import Adapters, explain
from contacts_tui.channels.telegram import errors as telegram_errors
from contacts_tui.channels.twilio import errors as twilio_errors
from contacts_tui.channels.twilio.adapter import TwilioAdapter
from contacts_tui.domain.channel import Provider
from contacts_tui.domain.failure import Blame
from tests.channels.wire import resolve


async def test_an_adapter_is_made_once() -> None:
    adapters = Adapters(resolve)
    assert isinstance(adapters.get(Provider.TWILIO), TwilioAdapter)
    assert adapters.get(Provider.TWILIO) is adapters.get(Provider.TWILIO)
    await adapters.aclose()


@pytest.mark.parametrize("provider", list(Provider))
async def test_every_provider_has_an_adapter_and_words(provider: Provider) -> None:
    adapters = Adapters(resolve)
    assert adapters.get(provider).provider is provider
    assert "5" in explain(provider, "5").happened
    assert explain(provider, "").remedy
    await adapters.aclose()


def test_reading_codes_and_loading_the_adapter_import_neither_sdk_nor_http_client() -> None:
    program = """
import sys
from contacts_tui.channels import registry, secrets
from contacts_tui.channels.twilio import adapter, content, webhook
from contacts_tui.domain.channel import Provider
for provider in Provider:
    registry.explain(provider, "63016")
    registry.Adapters().get(provider)
heavy = {"twilio", "telegram", "httpx", "requests", "aiohttp", "keyring", "textual"} & set(sys.modules)
sys.exit(f"imported: {heavy}" if heavy else 0)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("provider", "code"),
    [
        (provider, code)
        for provider, codes in ((Provider.TWILIO, twilio_errors.CODES), (Provider.TELEGRAM, telegram_errors.CODES))
        for code in sorted(codes)
    ],
)
def test_every_code_is_two_clauses(provider: Provider, code: str) -> None:
    failure = explain(provider, code)
    assert failure.code == code
    for clause in (failure.happened, failure.remedy):
        assert clause == clause.strip()
        assert not clause.endswith(".")
        assert len(clause) <= 72


def test_what_the_services_act_upon() -> None:
    assert explain(Provider.TWILIO, "63016").blame is Blame.WINDOW
    assert explain(Provider.TWILIO, "21610").blame is Blame.RECIPIENT
    assert explain(Provider.TWILIO, "20003").blame is Blame.SENDER
    for code in ("21211", "21614", "30005", "30006", "63003", "63024"):
        assert explain(Provider.TWILIO, code).permanent_for_address
    for code in ("21610", "30003", "63016", "20429", "credentials", "99999"):
        assert not explain(Provider.TWILIO, code).permanent_for_address


@given(st.text(max_size=20))
def test_an_unknown_code_is_named(code: str) -> None:
    if code not in twilio_errors.CODES:
        assert code in explain(Provider.TWILIO, code).happened
