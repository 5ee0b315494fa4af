/**
 * What the keyboard does, and the list of it.
 *
 * @module
 */
import { useEffect, useRef, useState } from "preact/hooks";
import { useKept } from "./kept.ts";
import { go, PAGES } from "./route.ts";
import { goBackTo, goLive, goneBack, link } from "./shown.ts";
import { chooseTheme, nextTheme } from "./theme.ts";

const KEYS: readonly (readonly [string, string])[] = [
    ["1 … 8", "go to a page"],
    ["Space", "pause, go on"],
    ["[ ]", "a thousand events back, forth"],
    ["L", "jump to live"],
    ["/", "search"],
    ["T", "light, dark"],
    ["?", "this list"],
];
const STRIDE = 1000;

function isTyping(target: EventTarget | null): boolean {
    return target instanceof HTMLElement && (target.closest("input, textarea, select, [contenteditable]") !== null);
}

function step(by: number): void {
    const from = goneBack()?.seq ?? link.seq;
    const next = from + by;
    if (next >= link.seq) {
        goLive();
    } else {
        goBackTo(Math.max(1, next));
    }
}

export function Keys() {
    const dialog = useRef<HTMLDialogElement>(null);
    const [on, setOn] = useKept("keys", true);
    const [open, setOpen] = useState(false);
    useEffect(() => {
        const press = (event: KeyboardEvent) => {
            if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || !on) {
                return;
            }
            const page = PAGES[Number(event.key) - 1];
            if (page !== undefined) {
                go(page.id);
            } else if (event.key === " " && !(event.target instanceof HTMLButtonElement || event.target instanceof HTMLAnchorElement)) {
                if (goneBack() === undefined) {
                    goBackTo(link.seq);
                } else {
                    goLive();
                }
            } else if (event.key === "[") {
                step(-STRIDE);
            } else if (event.key === "]") {
                step(STRIDE);
            } else if (event.key.toLowerCase() === "l") {
                goLive();
            } else if (event.key === "/") {
                document.querySelector<HTMLInputElement>("input[type=search]")?.focus();
            } else if (event.key.toLowerCase() === "t") {
                chooseTheme(nextTheme());
            } else if (event.key === "?") {
                setOpen(true);
            } else {
                return;
            }
            event.preventDefault();
        };
        addEventListener("keydown", press);
        return () => removeEventListener("keydown", press);
    }, [on]);
    useEffect(() => {
        if (open) {
            dialog.current?.showModal();
        }
    }, [open]);
    return (
        <>
            <button type="button" class="quiet" aria-label="Keyboard" title="Keyboard (?)" onClick={() => setOpen(true)}>
                ⌨
            </button>
            <dialog ref={dialog} aria-labelledby="keys-title" onClose={() => setOpen(false)}>
                <h2 id="keys-title">Keyboard</h2>
                <dl class="keys">
                    {KEYS.map(([key, what]) => (
                        <div key={key}>
                            <dt>
                                <kbd>{key}</kbd>
                            </dt>
                            <dd>{what}</dd>
                        </div>
                    ))}
                </dl>
                <label class="check">
                    <input type="checkbox" checked={on} onChange={(change) => setOn(change.currentTarget.checked)} />
                    Single keys work
                </label>
                <button type="button" onClick={() => dialog.current?.close()}>
                    Close
                </button>
            </dialog>
        </>
    );
}
