/**
 * What the page shows: the world as it is, or as it was at an event that the reader went back to.
 *
 * @module
 */
import { Link } from "../hub/link.ts";
import type { Past } from "../hub/past.ts";
import { Rewound } from "../hub/rewind.ts";
import type { HubEvent } from "../events/event.ts";
import type { World } from "../store/world.ts";
import { changed } from "./frames.ts";

const listeners = new Set<(event: HubEvent) => void>();

/** Hears each event as it happens. */
export function onEvent(listener: (event: HubEvent) => void): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
}

export const link = new Link(changed, (event) => {
    for (const listener of listeners) {
        listener(event);
    }
});

let rewound: Rewound | undefined;

/** Where the reader went back to; undefined while they see what happens. */
export function goneBack(): Rewound | undefined {
    return rewound;
}

export function goBackTo(seq: number): void {
    if (rewound?.seq === seq) {
        return;
    }
    rewound?.leave();
    rewound = new Rewound(seq, changed);
    changed();
}

export function goLive(): void {
    rewound?.leave();
    rewound = undefined;
    changed();
}

export function world(): World {
    return rewound?.world ?? link.world;
}

export function past(): Past {
    return rewound?.past ?? link.past;
}

/** Unix seconds: of now, or of the moment that the reader went back to. */
export function wall(): number {
    return rewound === undefined || Number.isNaN(rewound.world.at) ? Date.now() / 1000 : rewound.world.at;
}

/** Whether what is shown may be older than it looks, as there is no connection. */
export function isStale(): boolean {
    return rewound === undefined && link.loaded && link.phase !== "live" && link.phase !== "catching-up";
}
