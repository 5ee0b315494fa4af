/**
 * Tables as files, RFC 4180.
 *
 * @module
 */
export type Cell = string | number;

export function csv(header: readonly string[], rows: Iterable<readonly Cell[]>): string {
    const lines = [header.map(field).join(",")];
    for (const row of rows) {
        lines.push(row.map(field).join(","));
    }
    return `${lines.join("\r\n")}\r\n`;
}

/** Unknown numbers are empty. A text that a spreadsheet would take for a formula is kept from that by an apostrophe. */
function field(value: Cell): string {
    if (typeof value === "number") {
        return Number.isNaN(value) ? "" : String(value);
    }
    const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
    return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** Gives the reader a file. */
export function download(file: string, content: string): void {
    const address = URL.createObjectURL(new Blob([content], { type: "text/csv;charset=utf-8" }));
    const link = document.createElement("a");
    link.href = address;
    link.download = file;
    link.click();
    setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
