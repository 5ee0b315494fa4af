/**
 * At most one redraw a frame, however much happens between two.
 *
 * @module
 */
import { useEffect, useState } from "preact/hooks";

/** Told of a frame in which something is new; whether it wants the next one too, having skipped this. */
type Painter = (now: number) => boolean;

const painters = new Set<Painter>();
let requested = false;

/** Something has changed; it will be seen in the next frame. */
export function changed(): void {
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
    if (again) {
        changed();
    }
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
        let last = 0;
        return onFrame((now) => {
            if (now - last < everyMillis) {
                return true;
            }
            last = now;
            setTick((tick) => tick + 1);
            return false;
        });
    }, [everyMillis]);
}
