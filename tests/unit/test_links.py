"""Links in a text from outside: which there are, where they lead, and whether their text says so."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contacts_tui.domain.links import links
from contacts_tui.domain.text import clean


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("see https://shop.example/a?b=1&c=%20x, please", {"https://shop.example/a?b=1&c=%20x": None}),
        ("(http://shop.example/x_(y)).", {"http://shop.example/x_(y)": None}),
        ("www.shop.example", {"www.shop.example": "https://www.shop.example"}),
        ("Here you are: shop.example/prices. Shall we", {"shop.example/prices": "https://shop.example/prices"}),
        ("HTTP://SHOP.example/Path!", {"HTTP://SHOP.example/Path": "http://shop.example/Path"}),
        ("a.b+c@shop.example.", {"a.b+c@shop.example": "mailto:a.b+c@shop.example"}),
        ("mailto:a@shop.example", {"mailto:a@shop.example": None}),
        (
            "価格はhttps://例え.jp/パス。次",
            {"https://例え.jp/パス": "https://xn--r8jz45g.jp/%E3%83%91%E3%82%B9"},
        ),
        ("http://[::1]:8080/x", {"http://[::1]:8080/x": None}),
        ("one https://a.example two https://b.example", {"https://a.example": None, "https://b.example": None}),
        ("tab\thttps://a.example\nnext", {"https://a.example": None}),
    ],
)
def test_a_link_leads_where_its_reader_expects(text: str, found: dict[str, str | None]) -> None:
    assert {link.text: link.target for link in links(text)} == {
        shown: target or shown for shown, target in found.items()
    }
    assert all(text[link.start : link.end] == link.text for link in links(text))


@pytest.mark.parametrize(
    "text",
    [
        *(
            "file:///etc/passwd",
            "javascript:alert(1)",
            "ftp://shop.example/x",
            "ssh://shop.example",
            "data:text/html,x",
        ),
        *(
            "and/or 1.5/2",
            "a.m./p.m.",
            "http://",
            "www.",
            "https://shop.example:99999/",
            "x@y",
            "tel:+1202",
            "://a.b/c",
        ),
    ],
)
def test_nothing_else_is_a_link(text: str) -> None:
    assert links(text) == ()


@pytest.mark.parametrize(
    ("text", "host"),
    [
        ("https://bank.example@evil.example/login", "evil.example"),
        ("https://bank.example%2f@evil.example/", "evil.example"),
        ("https://b\u0430nk.example/", "xn--bnk-6cd.example"),
        ("mailto:a@shop.example?bcc=spy@evil.example", "a@shop.example"),
    ],
)
def test_a_text_that_says_something_else_is_known(text: str, host: str) -> None:
    (link,) = links(text)
    assert link.host == host
    assert not link.says_where


@pytest.mark.parametrize(
    "text",
    ["https://shop.example/x?y=z#w", "www.shop.example", "HTTPS://Shop.example", "a@shop.example", "a.example/b"],
)
def test_a_text_that_says_where_it_leads_needs_no_question(text: str) -> None:
    (link,) = links(text)
    assert link.says_where


@given(st.text(st.sampled_from("https://w.@:?#[]%()aé日\u0430 \n<>\"'-_~\ufffd"), max_size=60))
def test_whatever_is_written_a_target_is_plain_ascii_of_an_allowed_scheme(text: str) -> None:
    for link in links(clean(text)):
        assert link.target.isascii() and link.target.isprintable() and " " not in link.target
        assert link.target.startswith(("http://", "https://", "mailto:"))
