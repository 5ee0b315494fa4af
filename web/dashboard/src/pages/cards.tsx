/**
 * A card table, from its drawing in letters.
 *
 * @module
 */
const CARD = /^(?:10|[2-9AJQK])[♠♥♦♣]$/u;
const HIDDEN = /^(?:\?\??|🂠|\[\?\]|##)$/u;

interface Line {
    readonly acts: boolean;
    readonly seat: string;
    readonly parts: readonly string[];
}

/** The lines that show cards; empty if none does. */
export function cardLines(drawing: string): Line[] {
    return drawing
        .split("\n")
        .map((line): Line => {
            const acts = line.startsWith(">");
            const [seat = "", ...parts] = line.replace(/^>/, " ").trim().split(/\s+/u);
            return { acts, seat, parts };
        })
        .filter((line) => line.parts.some((part) => CARD.test(part) || HIDDEN.test(part)));
}

export function CardTable({ lines, mine }: { lines: readonly Line[]; mine: string }) {
    return (
        <ul class="cardtable">
            {lines.map((line, k) => (
                <li key={k} class={`${line.acts ? "acts" : ""} ${line.seat === mine ? "mine" : ""}`}>
                    <span class="seat">
                        {line.seat.replace("_", " ")}
                        {line.seat === mine ? " (you)" : ""}
                    </span>
                    <span class="hand">
                        {line.parts.map((part, n) =>
                            CARD.test(part) ? (
                                <span key={n} class={`playing ${/[♥♦]/u.test(part) ? "red" : ""}`}>
                                    {part}
                                </span>
                            ) : HIDDEN.test(part) ? (
                                <span key={n} class="playing hidden-card" role="img" aria-label="face down" />
                            ) : (
                                <span key={n} class="note">
                                    {part}
                                </span>
                            ),
                        )}
                    </span>
                </li>
            ))}
        </ul>
    );
}
