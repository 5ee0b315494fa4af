/**
 * Which page is shown, by the address behind the #.
 *
 * @module
 */
import { useEffect, useState } from "preact/hooks";

export const PAGES = [
    { id: "live", title: "Live" },
    { id: "opportunities", title: "Opportunities" },
    { id: "history", title: "History" },
    { id: "alerts", title: "Alerts" },
    { id: "training", title: "Training" },
    { id: "sessions", title: "Sessions" },
    { id: "environments", title: "Environments" },
    { id: "play", title: "Play" },
] as const;

export type PageId = (typeof PAGES)[number]["id"];

export interface Route {
    readonly page: PageId;
    /** What stands behind the page's name: `#/training/latest` has `latest`. */
    readonly rest: readonly string[];
    readonly query: URLSearchParams;
}

export function parse(hash: string): Route {
    const [path = "", query = ""] = hash.replace(/^#\/?/, "").split("?");
    const parts = path.split("/").filter((part) => part !== "");
    const page = PAGES.find((each) => each.id === parts[0])?.id ?? "live";
    return { page, rest: parts.slice(1).map(decoded), query: new URLSearchParams(query) };
}

function decoded(part: string): string {
    try {
        return decodeURIComponent(part);
    } catch {
        return part;
    }
}

export function useRoute(): Route {
    const [route, setRoute] = useState(() => parse(location.hash));
    useEffect(() => {
        const follow = () => setRoute(parse(location.hash));
        addEventListener("hashchange", follow);
        return () => removeEventListener("hashchange", follow);
    }, []);
    return route;
}

export function href(page: PageId, ...rest: readonly string[]): string {
    return `#/${[page, ...rest.map(encodeURIComponent)].join("/")}`;
}

export function go(page: PageId, ...rest: readonly string[]): void {
    location.hash = href(page, ...rest);
}
