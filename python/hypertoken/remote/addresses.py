"""Addresses: what a server's URL says, how logs may show it, and by which proxy it is reached."""

from __future__ import annotations

from ipaddress import ip_address
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit, urlunsplit
from urllib.request import getproxies, proxy_bypass

from hypertoken.errors import BadFieldError


def check_address(url: Any, timeout: Any) -> None:
    """Refuse what no server can be reached by.

    Raises:
        BadFieldError: the URL is none of a WebSocket, or the timeout no time.
    """
    try:
        parts = urlsplit(url) if isinstance(url, str) else None
        fits = parts is not None and parts.scheme in ("ws", "wss") and bool(parts.hostname)
        fits = fits and (parts is None or parts.port is None or parts.port > 0)
    except ValueError:
        fits = False  # its port is no number
    if not fits:
        shown = without_token(url) if isinstance(url, str) else url
        raise BadFieldError(
            f"the server's address {shown!r} was refused; it is no WebSocket address; pass one "
            "such as ws://localhost:9999",
            "bad_field",
        )
    if isinstance(timeout, bool) or not isinstance(timeout, (int, float)) or not timeout > 0:
        raise BadFieldError(
            f"timeout={timeout!r} was refused; it must be a number of seconds above 0; pass one "
            "such as 30.0",
            "bad_field",
        )


def host_and_port(url: str) -> tuple[str, int]:
    """Where a URL's server listens; an IPv6 host is without its brackets."""
    parts = urlsplit(url)
    return parts.hostname or "localhost", parts.port or (443 if parts.scheme == "wss" else 80)


def url_of(host: str, port: int) -> str:
    """The URL by which this machine reaches a server that listens on `host`.

    Who listens on all addresses is reached by loopback; an IPv6 address stands in brackets.
    """
    host = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}.get(host, host)
    return f"ws://[{host}]:{port}" if ":" in host else f"ws://{host}:{port}"


def is_loopback(host: str) -> bool:
    """Whether a host is this machine and no other, by its name alone."""
    name = host.removesuffix(".").lower()
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return False


def proxy_for(url: str) -> str | None:
    """The proxy that leads to a server, as the environment (or the system) names it; None: direct.

    The order is RFC 6455's (4.1): a SOCKS proxy, then that for https, then that for http;
    `ws_proxy`, `wss_proxy` come first, `all_proxy` last; `no_proxy` holds. A proxy knows another
    loopback than ours, so browsers never ask one for it, and neither do we.
    """
    host, port = host_and_port(url)
    if is_loopback(host) or proxy_bypass(f"[{host}]:{port}" if ":" in host else f"{host}:{port}"):
        return None
    known = getproxies()
    secure = urlsplit(url).scheme == "wss"
    order = ["wss", "socks", "https", "all"] if secure else ["ws", "socks", "https", "http", "all"]
    scheme = next((scheme for scheme in order if known.get(scheme)), None)
    if scheme is None:
        return None
    proxy = known[scheme]
    if scheme == "socks" and proxy.startswith("http://"):  # so macOS and Windows tell of theirs
        return proxy.replace("http://", "socks5h://", 1)
    return proxy if "://" in proxy else f"http://{proxy}"


def session_in(url: str) -> str | None:
    """The session a URL asks to resume, or None."""
    return next(iter(parse_qs(urlsplit(url).query).get("session", [])), None)


def without_session(url: str) -> str:
    """The URL without its `session`: a reconnect resumes by command, so that it learns `at`."""
    return _without(url, "session")


def without_token(url: str) -> str:
    """The URL as logs and errors may show it."""
    return _without(url, "token")


def _without(url: str, name: str) -> str:
    parts = urlsplit(url)
    query = parse_qs(parts.query, keep_blank_values=True)
    query.pop(name, None)
    return urlunsplit(parts._replace(query=urlencode(query, doseq=True)))
