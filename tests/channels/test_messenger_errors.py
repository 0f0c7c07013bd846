"""Messenger's codes in words, and which modules aren't imported for them."""

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contacts_tui.channels import local_errors
from contacts_tui.channels.base import CREDENTIALS
from contacts_tui.channels.meta import errors
from contacts_tui.channels.registry import explain
from contacts_tui.domain.channel import Provider
from contacts_tui.domain.failure import Blame


@pytest.mark.parametrize("code", sorted(errors.CODES))
def test_every_code_is_two_clauses(code: str) -> None:
    failure = explain(Provider.META, code)
    assert failure.code == code
    for clause in (failure.happened, failure.remedy):
        assert clause == clause.strip()
        assert not clause.endswith(".")
        assert len(clause) <= 72
        assert "Twilio" not in clause
        assert "template" not in clause


def test_what_the_services_act_upon() -> None:
    for code in ("10/2018278", "10/2018065", local_errors.WINDOW):
        assert explain(Provider.META, code).blame is Blame.WINDOW
    for code in ("190", "190/463", "200/2018028", CREDENTIALS):
        assert explain(Provider.META, code).blame is Blame.SENDER
    for code in ("551", "551/1545041", "10/2018108", "10/2018300", "200/1545041"):
        assert explain(Provider.META, code).blame is Blame.RECIPIENT
        assert not explain(Provider.META, code).permanent_for_address
    assert explain(Provider.META, "100/2018001").permanent_for_address


def test_a_subcode_that_is_not_known_is_explained_by_its_code() -> None:
    assert explain(Provider.META, "613/1996").happened == explain(Provider.META, "613").happened
    assert explain(Provider.META, "613/1996").code == "613/1996"


@given(st.text(max_size=20))
def test_an_unknown_code_is_named(code: str) -> None:
    if not errors.is_known(code):
        assert code in explain(Provider.META, code).happened


def test_reading_codes_and_loading_the_adapter_import_no_http_client() -> None:
    program = """
import sys
from contacts_tui.channels import registry
from contacts_tui.channels.meta import adapter, webhook
from contacts_tui.domain.channel import Provider
registry.explain(Provider.META, "190")
registry.Adapters().get(Provider.META)
heavy = {"twilio", "telegram", "httpx", "requests", "keyring", "textual"} & set(sys.modules)
sys.exit(f"imported: {heavy}" if heavy else 0)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
