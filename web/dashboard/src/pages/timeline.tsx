/**
 * Pause, go back through the log, jump to live.
 *
 * @module
 */
import { useEffect, useRef, useState } from "preact/hooks";
import { useTick } from "../app/frames.ts";
import { goBackTo, goLive, goneBack, link } from "../app/shown.ts";
import { isObject, num } from "../events/event.ts";
import { clock, count } from "../ui/format.ts";
import { still } from "../ui/still.tsx";

const SETTLED_MILLIS = 200;

export const Timeline = still(function Timeline() {
    useTick(250);
    const back = goneBack();
    const logStatus = isObject(link.status?.["log"]) ? link.status["log"] : {};
    const told = num(logStatus["first_seq"]);
    const first = Math.max(1, Number.isNaN(told) ? link.past.firstSeq || 1 : told);
    const last = Math.max(link.seq, first);
    const [dragged, setDragged] = useState(Number.NaN);
    const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
    useEffect(() => () => clearTimeout(timer.current), []);
    const position = !Number.isNaN(dragged) ? dragged : (back?.seq ?? last);
    const drag = (seq: number) => {
        setDragged(seq);
        clearTimeout(timer.current);
        timer.current = setTimeout(() => {
            setDragged(Number.NaN);
            if (seq >= last) {
                goLive();
            } else {
                goBackTo(seq);
            }
        }, SETTLED_MILLIS);
    };
    const trimmed = back !== undefined && back.seq < first;
    return (
        <div class={back === undefined ? "timeline" : "timeline back"}>
            <button type="button" onClick={() => (back === undefined ? goBackTo(link.seq) : goLive())} title="Space">
                {back === undefined ? "Pause" : "Go on"}
            </button>
            <input
                type="range"
                aria-label="Position in the log"
                aria-valuetext={`event ${count(position)} of ${count(last)}`}
                min={first}
                max={last}
                step={1}
                value={Math.min(Math.max(position, first), last)}
                disabled={link.seq === 0}
                onInput={(change) => drag(Number(change.currentTarget.value))}
            />
            <output class="num">
                {back === undefined && Number.isNaN(dragged)
                    ? link.seq === 0
                        ? "no events yet"
                        : `event ${count(last)}`
                    : `event ${count(position)} of ${count(last)}${back === undefined || Number.isNaN(back.world.at) ? "" : `, ${clock(back.world.at)}`}`}
            </output>
            <button type="button" disabled={back === undefined} onClick={goLive} title="L">
                Jump to live
            </button>
            {back === undefined ? null : (
                <span class={back.phase === "failed" ? "why" : "note"} role="status">
                    {trimmed
                        ? `The log begins at event ${count(first)} now; what was before is gone.`
                        : back.phase === "loading"
                          ? "loading …"
                          : back.phase === "failed"
                            ? back.failure
                            : "You see the past; the present goes on behind it."}
                </span>
            )}
        </div>
    );
});
