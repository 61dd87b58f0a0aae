"""Where a `next` may lead."""

import pytest

from campaign.accounts.redirects import local_path, path_of


@pytest.mark.parametrize("asked", ["/", "/my/events/7?tab=log", "/en/khojaly/e/7-a%20b", "/az/x?q=a://b"])
def test_paths_of_this_site_are_followed(asked):
    assert local_path(asked, "/home") == asked


@pytest.mark.parametrize(
    "asked",
    [
        *(None, "", "my", "//evil.example", "/\\evil.example", "\\\\evil.example", "https://evil.example/"),
        *("javascript:alert(1)", "/\t/evil.example", "/a\nSet-Cookie: x", " //evil.example", "/" + "a" * 3000),
        "///evil.example",
    ],
)
def test_everything_else_leads_home(asked):
    assert local_path(asked, "/home") == "/home"


def test_a_referer_counts_only_from_this_host():
    assert path_of("http://localhost/en/?q=1", "localhost", "/") == "/en/?q=1"
    assert path_of("http://evil.example/en/", "localhost", "/") == "/"
    assert path_of("http://[broken", "localhost", "/") == "/"
    assert path_of(None, "localhost", "/") == "/"
