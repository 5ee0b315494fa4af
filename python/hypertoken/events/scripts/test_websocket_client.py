"""Shows a hub's status, and its events as they happen, until Ctrl-C.

Usage: python test_websocket_client.py [ws://HOST:PORT]
"""

import contextlib
import sys

from hypertoken.events import EventClient


def main(url: str = "ws://localhost:5178") -> None:
    """Print what a hub tells."""
    with EventClient(url, client_id="test_client", client_type="test") as client:
        print("status:", client.command("get_status"), flush=True)
        for event in client:
            print(event.type, dict(event.data), flush=True)


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        main(*sys.argv[1:2])
