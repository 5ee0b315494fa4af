/**
 * What this browser remembers of its reader's choices.
 *
 * @module
 */
import { useState } from "preact/hooks";

const PREFIX = "hypertoken.";

export function kept<T>(key: string, otherwise: T): T {
    try {
        const text = localStorage.getItem(PREFIX + key);
        const value: unknown = text === null ? otherwise : JSON.parse(text);
        return typeof value === typeof otherwise && Array.isArray(value) === Array.isArray(otherwise)
            ? (value as T)
            : otherwise;
    } catch {
        return otherwise; // storage is off, or holds something else
    }
}

export function keep(key: string, value: unknown): void {
    try {
        localStorage.setItem(PREFIX + key, JSON.stringify(value));
    } catch {
        // Storage is off, or full: the choice holds until the page is closed.
    }
}

export function useKept<T>(key: string, otherwise: T): [T, (value: T) => void] {
    const [value, setValue] = useState(() => kept(key, otherwise));
    return [
        value,
        (next) => {
            keep(key, next);
            setValue(() => next);
        },
    ];
}
