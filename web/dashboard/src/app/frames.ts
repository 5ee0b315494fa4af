/**
 * At most one redraw a frame, however much happens between two; and of the parts that are rendered anew, one a frame, so
 * that no frame takes long.
 *
 * @module
 */
import { useEffect, useState } from "preact/hooks";

/** Told of a frame in which something is new; whether it wants the next one too, having skipped this. */
type Painter = (now: number) => boolean;

/** A part of the page that is rendered anew every so often. */
interface Part {
    readonly everyMillis: number;
    readonly render: () => void;
    last: number;
}

const painters = new Set<Painter>();
const parts = new Set<Part>();
let requested = false;

let changedAt = 0;

/** Something has changed; it will be seen in the next frame. */
export function changed(): void {
    changedAt = performance.now();
    request();
}

function request(): void {
    if (!requested) {
        requested = true;
        requestAnimationFrame(paint);
    }
}

function paint(now: number): void {
    requested = false;
    let again = false;
    for (const painter of painters) {
        again = painter(now) || again;
    }
    again = renderOne(now) || again;
    if (again) {
        request();
    }
}

/** Renders the part that has waited longest beyond its time; whether there are others that will want to be. */
function renderOne(now: number): boolean {
    let chosen: Part | undefined;
    let waiting = 0;
    for (const part of parts) {
        if (part.last < changedAt) {
            const late = now - part.last - part.everyMillis;
            waiting++;
            if (late >= 0 && (chosen === undefined || late > now - chosen.last - chosen.everyMillis)) {
                chosen = part;
            }
        }
    }
    if (chosen !== undefined) {
        chosen.last = now;
        chosen.render();
        waiting--;
    }
    return waiting > 0;
}

/** Ages and countdowns go on while nothing happens. */
setInterval(changed, 1000);

export function onFrame(painter: Painter): () => void {
    painters.add(painter);
    changed();
    return () => painters.delete(painter);
}

/** Renders the component again when something has changed, at most once in so many milliseconds. */
export function useTick(everyMillis = 250): void {
    const [, setTick] = useState(0);
    useEffect(() => {
        const part: Part = { everyMillis, last: Number.NEGATIVE_INFINITY, render: () => setTick((tick) => tick + 1) };
        parts.add(part);
        changed();
        return () => parts.delete(part);
    }, [everyMillis]);
}
