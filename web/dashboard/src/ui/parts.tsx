/**
 * Small parts that all pages share.
 *
 * @module
 */
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { signed, UNKNOWN } from "./format.ts";

/** A name that somebody else chose: whatever it holds, it cannot disturb what stands around it. */
export function Name({ children }: { children: string }) {
    return <bdi class="name">{children === "" ? UNKNOWN : children}</bdi>;
}

/** A number that is won or lost, or unknown. */
export function Gain({ value, show }: { value: number; show?: (value: number) => string }) {
    const kind = Number.isNaN(value) ? "unknown" : value > 0 ? "gain" : value < 0 ? "loss" : "";
    return (
        <span class={`num ${kind}`} title={Number.isNaN(value) ? "unknown" : String(value)}>
            {signed(value, show)}
        </span>
    );
}

/** A number; unknown is not 0. */
export function Num({ value, show, title }: { value: number; show: (value: number) => string; title?: string }) {
    return (
        <span
            class={Number.isNaN(value) ? "num unknown" : "num"}
            title={title ?? (Number.isNaN(value) ? "unknown" : String(value))}
        >
            {show(value)}
        </span>
    );
}

export type Condition = "loading" | "failed" | "empty" | "unknown";

/** Says why there is nothing to see: each reason looks different. */
export function Nothing({ why, children, action }: { why: Condition; children: ComponentChildren; action?: ComponentChildren }) {
    return (
        <div class={`nothing ${why}`} role={why === "failed" ? "alert" : "status"}>
            <span class="mark" aria-hidden="true">
                {{ loading: "◌", failed: "!", empty: "∅", unknown: "?" }[why]}
            </span>
            <span>{children}</span>
            {action}
        </div>
    );
}

export function Panel(props: {
    title: string;
    /** Without a line of its own: what is inside has a title. */
    bare?: boolean;
    class?: string;
    note?: ComponentChildren;
    actions?: ComponentChildren;
    children: ComponentChildren;
}) {
    return (
        <section class={`panel ${props.class ?? ""}`} aria-label={props.title}>
            {props.bare === true ? null : (
                <header>
                    <h2>{props.title}</h2>
                    {props.note === undefined ? null : <span class="note">{props.note}</span>}
                    <span class="actions">{props.actions}</span>
                </header>
            )}
            {props.children}
        </section>
    );
}

/** A button that does something that may fail, and says so. */
export function Doing({ label, act, disabled, title }: { label: string; act: () => Promise<unknown>; disabled?: boolean; title?: string }) {
    const [state, setState] = useState<"" | "busy" | string>("");
    const run = async () => {
        setState("busy");
        try {
            await act();
            setState("");
        } catch (failed) {
            setState(failed instanceof Error ? failed.message : String(failed));
        }
    };
    return (
        <span class="doing">
            <button type="button" disabled={disabled === true || state === "busy"} title={title} onClick={() => void run()}>
                {state === "busy" ? `${label} …` : label}
            </button>
            {state !== "" && state !== "busy" ? (
                <span class="why" role="alert">
                    {state}
                </span>
            ) : null}
        </span>
    );
}

/** One of a few. */
export function Choice<T extends string>(props: {
    label: string;
    value: T;
    options: readonly (readonly [T, string])[];
    choose: (value: T) => void;
}) {
    return (
        <label class="choice">
            <span>{props.label}</span>
            <select value={props.value} onChange={(change) => props.choose(change.currentTarget.value as T)}>
                {props.options.map(([value, title]) => (
                    <option key={value} value={value}>
                        {title}
                    </option>
                ))}
            </select>
        </label>
    );
}
