"""Serves events on port 5178 until Ctrl-C, and writes websocket_server.log in this folder.

Further arguments are those of `hypertoken events serve`.
"""

import sys

from hypertoken.__main__ import main

if __name__ == "__main__":
    sys.exit(main(["events", "serve", "--log-folder", ".", *sys.argv[1:]]))
