"""The tables of RESULTS.md: drawn for people, and read again for the README."""

from __future__ import annotations

from collections.abc import Sequence

# A cell: the table's first heading, the row's first cell, the column's heading.
Cell = tuple[str, str, str]


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Draw a Markdown table that is readable as it stands; all columns but the first to the right.

    Args:
        header: the columns' names.
        rows: their cells, as many in each row.
    """
    lines = [list(header), *map(list, rows)]
    widths = [max(len(line[k]) for line in lines) for k in range(len(header))]

    def drawn(line: list[str]) -> str:
        cells = [
            cell.ljust(width) if k == 0 else cell.rjust(width)
            for k, (cell, width) in enumerate(zip(line, widths, strict=True))
        ]
        return f"| {' | '.join(cells)} |"

    rule = ["-" * width if k == 0 else f"{'-' * (width - 1)}:" for k, width in enumerate(widths)]
    return "\n".join([drawn(lines[0]), drawn(rule), *map(drawn, lines[1:])])


def verdicts(targets: Sequence[tuple[str, float, float]], digits: int = 1) -> str:
    """Say of each target whether it was met, in a paragraph of its own; nothing without targets.

    Args:
        targets: what, the value measured, and the target; a negative target is an upper bound.
        digits: after the decimal point.
    """
    if not targets:
        return ""
    rows = []
    for what, value, bound in targets:
        met = value >= bound if bound >= 0 else value <= -bound
        rows.append(
            (
                what,
                f"{value:,.{digits}f}",
                f"{'≥' if bound >= 0 else '≤'} {abs(bound):,.10g}",
                "met" if met else "missed",
            )
        )
    return "\n\n" + table(("target", "measured", "wanted", ""), rows)


def read(text: str, cell: Cell) -> str:
    """Read a cell of the tables in a text.

    Raises:
        KeyError: no table with that first heading has such a row and column.
    """
    first, name, column = cell
    header: list[str] | None = None
    for line in text.splitlines():
        cells = [each.strip() for each in line.split("|")[1:-1]]
        if not cells:
            header = None
        elif header is None:
            header = cells
        elif header[0] == first and cells[0] == name and column in header:
            return cells[header.index(column)]
    raise KeyError(
        f"no table that begins with {first!r} has a row {name!r} and a column {column!r}"
    )
