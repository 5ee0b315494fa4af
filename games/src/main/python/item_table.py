"""Derive the Grand Exchange's item table from the npm package oldschooljs (MIT licence).

Usage: python item_table.py [OUTPUT]     (needs npm, which fetches the package from its registry)

Kept are items that can be traded there: id, name, members, buy limit, value, low and high alchemy. No texts, no icons.
The bond is left out: once bought it can no longer be traded.
"""

import json
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

PACKAGE = "oldschooljs@2.6.1"
DATA = "package/dist/data/items/item_data.json"
OUTPUT = Path(__file__).parents[1] / "resources/io/hypertoken/games/exchange/items.tsv"
BOND = 13190

HEAD = f"""\
# The items of the Grand Exchange, derived by games/src/main/python/item_table.py from npm {PACKAGE}.
# oldschooljs is Copyright (c) 2019 https://github.com/gc/ and MIT-licensed. A limit of 0: none is known.
# id\tname\tmembers\tlimit\tvalue\tlowalch\thighalch
"""


def fetch() -> dict[str, dict[str, object]]:
    """The package's own table, by id."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["npm", "pack", PACKAGE, "--silent"], cwd=folder, check=True, stdout=subprocess.DEVNULL)
        with tarfile.open(next(Path(folder).glob("*.tgz"))) as archive:
            data = archive.extractfile(DATA)
            assert data is not None, f"{PACKAGE} has no {DATA}"
            table: dict[str, dict[str, object]] = json.load(data)
            return table


def row(item: dict[str, object]) -> str:
    """One line of the table."""
    cells = [item["id"], item["name"], int(bool(item.get("members")))]
    cells += [item.get(field) or 0 for field in ("buy_limit", "cost", "lowalch", "highalch")]
    return "\t".join(map(str, cells))


def main() -> None:
    """Write the table."""
    items = [item for item in fetch().values() if item.get("tradeable_on_ge") and item["id"] != BOND]
    items.sort(key=lambda item: int(str(item["id"])))
    output = Path(sys.argv[1]) if len(sys.argv) > 1 else OUTPUT
    output.write_text(HEAD + "\n".join(map(row, items)) + "\n", encoding="utf-8")
    print(f"{output}: {len(items)} items")


if __name__ == "__main__":
    main()
