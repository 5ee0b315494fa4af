/**
 * Lets fingers move and stretch a chart, and the wheel zoom it; twice tapped, it shows everything again.
 *
 * @module
 */
import type uPlot from "uplot";

export interface View {
    /** The reader has chosen what to see; until it is taken back the chart does not follow its data. */
    readonly set: (min: number, max: number) => void;
    readonly reset: () => void;
}

export function touch(view: View): uPlot.Plugin {
    return {
        hooks: {
            ready: (chart) => {
                const over = chart.over;
                const fingers = new Map<number, number>();
                let from = { min: 0, max: 0, middle: 0, spread: 0 };

                const at = (event: PointerEvent) => event.clientX - over.getBoundingClientRect().left;
                const grip = () => {
                    const xs = [...fingers.values()];
                    const middle = xs.reduce((sum, x) => sum + x, 0) / Math.max(1, xs.length);
                    const spread = xs.length < 2 ? 0 : Math.abs((xs[0] ?? 0) - (xs[1] ?? 0));
                    return { middle, spread };
                };
                const begin = () => {
                    from = { min: chart.scales["x"]?.min ?? 0, max: chart.scales["x"]?.max ?? 1, ...grip() };
                };
                over.addEventListener("pointerdown", (event) => {
                    if (event.pointerType === "touch") {
                        fingers.set(event.pointerId, at(event));
                        begin();
                    }
                });
                over.addEventListener("pointermove", (event) => {
                    if (!fingers.has(event.pointerId)) {
                        return;
                    }
                    fingers.set(event.pointerId, at(event));
                    const now = grip();
                    const stretch = from.spread > 10 && now.spread > 10 ? from.spread / now.spread : 1;
                    const wide = (from.max - from.min) * stretch;
                    const hold = from.min + ((from.max - from.min) * from.middle) / over.clientWidth;
                    const min = hold - (wide * now.middle) / over.clientWidth;
                    view.set(min, min + wide);
                });
                const end = (event: PointerEvent) => {
                    fingers.delete(event.pointerId);
                    begin();
                };
                over.addEventListener("pointerup", end);
                over.addEventListener("pointercancel", end);
                over.addEventListener("dblclick", () => view.reset());
                over.addEventListener(
                    "wheel",
                    (event) => {
                        if (!event.ctrlKey) {
                            return; // the page scrolls
                        }
                        event.preventDefault();
                        const { min = 0, max = 1 } = chart.scales["x"] ?? {};
                        const wide = (max - min) * (event.deltaY < 0 ? 0.8 : 1.25);
                        const share = event.offsetX / over.clientWidth;
                        const hold = min + (max - min) * share;
                        view.set(hold - wide * share, hold + wide * (1 - share));
                    },
                    { passive: false },
                );
            },
        },
    };
}
