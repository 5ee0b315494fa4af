/**
 * Light or dark: as the system prefers, unless the reader says otherwise.
 *
 * @module
 */
import { keep, kept } from "./kept.ts";

export type Theme = "system" | "light" | "dark";

const dark = matchMedia("(prefers-color-scheme: dark)");
const watchers = new Set<() => void>();
let chosen = kept<Theme>("theme", "system");

export function theme(): Theme {
    return chosen;
}

export function chooseTheme(next: Theme): void {
    chosen = next;
    keep("theme", next);
    apply();
}

export function nextTheme(): Theme {
    return chosen === "system" ? (dark.matches ? "light" : "dark") : chosen === "dark" ? "light" : "dark";
}

function apply(): void {
    const isDark = chosen === "dark" || (chosen === "system" && dark.matches);
    document.documentElement.dataset["theme"] = isDark ? "dark" : "light";
    for (const watcher of watchers) {
        watcher();
    }
}

/** Colours have changed. */
export function onTheme(watcher: () => void): () => void {
    watchers.add(watcher);
    return () => watchers.delete(watcher);
}

dark.addEventListener("change", apply);
apply();
