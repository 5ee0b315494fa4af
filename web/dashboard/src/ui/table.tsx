/**
 * Tables of anything: sorted by any column, as a file, and never more rows on the page than it can bear.
 *
 * @module
 */
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { type Cell, csv, download } from "./csv.ts";
import { count } from "./format.ts";

const ROWS = 100;

export interface Column<T> {
    readonly id: string;
    readonly title: string;
    /** What the column means, where its title does not say. */
    readonly about?: string;
    /** What it is sorted by, and what a file holds. */
    readonly value: (row: T) => Cell;
    /** How it is shown; as the value, if nothing is said. */
    readonly show?: (row: T) => ComponentChildren;
    readonly numeric?: boolean;
    /** Left out where there is little room. */
    readonly minor?: boolean;
}

export interface Sorted {
    readonly column: string;
    readonly down: boolean;
}

export function Table<T>(props: {
    caption: string;
    columns: readonly Column<T>[];
    rows: readonly T[];
    rowKey: (row: T, k: number) => string | number;
    /** How it is sorted until the reader chooses; undefined: as given. */
    sorted?: Sorted;
    /** The name of a file of all rows, without its ending. */
    file?: string;
    pick?: (row: T) => void;
    empty: ComponentChildren;
    most?: number;
}) {
    const [sorted, setSorted] = useState<Sorted | undefined>(props.sorted);
    const [most, setMost] = useState(props.most ?? ROWS);
    const rows = inOrder(props.rows, props.columns, sorted);
    const shown = rows.slice(0, most);
    const sort = (column: Column<T>) =>
        setSorted(
            sorted?.column === column.id
                ? { column: column.id, down: !sorted.down }
                : { column: column.id, down: column.numeric === true },
        );
    const save = () => {
        const header = props.columns.map((column) => column.title);
        download(`${props.file ?? "table"}.csv`, csv(header, rows.map((row) => props.columns.map((column) => column.value(row)))));
    };
    if (rows.length === 0) {
        return <>{props.empty}</>;
    }
    return (
        <div class="table">
            {/* A region that scrolls must be reachable by keyboard. */}
            <div class="scroll" tabIndex={0} role="region" aria-label={props.caption}>
                <table>
                    <caption class="hidden">{props.caption}</caption>
                    <thead>
                        <tr>
                            {props.columns.map((column) => (
                                <th
                                    key={column.id}
                                    scope="col"
                                    class={classes(column)}
                                    aria-sort={sorted?.column !== column.id ? "none" : sorted.down ? "descending" : "ascending"}
                                >
                                    <button type="button" title={column.about} onClick={() => sort(column)}>
                                        {column.title}
                                        <span class="arrow" aria-hidden="true">
                                            {sorted?.column !== column.id ? "" : sorted.down ? "▼" : "▲"}
                                        </span>
                                    </button>
                                </th>
                            ))}
                        </tr>
                    </thead>
                    <tbody>
                        {shown.map((row, n) => (
                            <tr key={props.rowKey(row, n)}>
                                {props.columns.map((column, k) => (
                                    <td key={column.id} class={classes(column)}>
                                        {k === 0 && props.pick !== undefined ? (
                                            <button type="button" class="link" onClick={() => props.pick?.(row)}>
                                                {content(column, row)}
                                            </button>
                                        ) : (
                                            content(column, row)
                                        )}
                                    </td>
                                ))}
                            </tr>
                        ))}
                    </tbody>
                </table>
            </div>
            {rows.length > shown.length || props.file !== undefined ? (
                <footer>
                    <span class="note">
                        {rows.length > shown.length ? `${count(shown.length)} of ${count(rows.length)} rows` : rows.length === 1 ? "1 row" : `${count(rows.length)} rows`}
                    </span>
                    {rows.length > shown.length ? (
                        <button type="button" onClick={() => setMost(most + 4 * ROWS)}>
                            More
                        </button>
                    ) : null}
                    {props.file === undefined ? null : (
                        <button type="button" onClick={save}>
                            CSV
                        </button>
                    )}
                </footer>
            ) : null}
        </div>
    );
}

function classes<T>(column: Column<T>): string {
    return `${column.numeric === true ? "numeric" : ""} ${column.minor === true ? "minor" : ""}`;
}

function content<T>(column: Column<T>, row: T): ComponentChildren {
    return column.show === undefined ? column.value(row) : column.show(row);
}

/** Sorted by a column; unknown numbers come last either way. */
export function inOrder<T>(rows: readonly T[], columns: readonly Column<T>[], sorted: Sorted | undefined): readonly T[] {
    const column = columns.find((each) => each.id === sorted?.column);
    if (column === undefined || sorted === undefined) {
        return rows;
    }
    const sign = sorted.down ? -1 : 1;
    return [...rows].sort((a, b) => {
        const x = column.value(a);
        const y = column.value(b);
        if (typeof x === "number" && typeof y === "number") {
            const unknown = Number(Number.isNaN(x)) - Number(Number.isNaN(y));
            return unknown !== 0 ? unknown : Number.isNaN(x) ? 0 : sign * (x - y);
        }
        return sign * String(x).localeCompare(String(y));
    });
}
