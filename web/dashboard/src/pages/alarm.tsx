/**
 * The bell: what alerts have said since the reader last looked, and how they are told.
 *
 * @module
 */
import { useEffect, useState } from "preact/hooks";
import { keep, kept } from "../app/kept.ts";
import { href } from "../app/route.ts";
import { onEvent } from "../app/shown.ts";
import { dataOf, name, text } from "../events/event.ts";
import { Name } from "../ui/parts.tsx";

export interface Telling {
    readonly notification: boolean;
    readonly sound: boolean;
}

const TOAST_MILLIS = 8000;
const MOST_TOASTS = 3;
/** Between two sounds, or two notifications: alerts may come in swarms. */
const QUIET_MILLIS = 2000;

export function telling(): Telling {
    return { notification: kept("alerts.notification", false), sound: kept("alerts.sound", false) };
}

export function tell(change: Partial<Telling>): void {
    for (const [key, value] of Object.entries(change)) {
        keep(`alerts.${key}`, value);
    }
}

interface Toast {
    readonly seq: number;
    readonly rule: string;
    readonly message: string;
}

export function AlarmBell() {
    const [unread, setUnread] = useState(0);
    const [toasts, setToasts] = useState<readonly Toast[]>([]);
    useEffect(() => {
        let last = 0;
        return onEvent((event) => {
            if (event.type !== "alert") {
                return;
            }
            const data = dataOf(event, "alert");
            const toast = { seq: event.seq, rule: name(data.rule), message: text(data.message) };
            if (!location.hash.startsWith("#/alerts")) {
                setUnread((before) => before + 1);
            }
            setToasts((before) => [...before, toast].slice(-MOST_TOASTS));
            setTimeout(() => setToasts((before) => before.filter((each) => each !== toast)), TOAST_MILLIS);
            if (Date.now() - last < QUIET_MILLIS) {
                return;
            }
            last = Date.now();
            const how = telling();
            if (how.sound) {
                beep();
            }
            if (how.notification && "Notification" in window && Notification.permission === "granted") {
                new Notification(toast.rule, { body: toast.message.slice(0, 200), tag: `hypertoken-${toast.rule}` });
            }
        });
    }, []);
    return (
        <>
            <a class="bell quiet" href={href("alerts")} aria-label={unread === 0 ? "Alerts" : `Alerts, ${unread} unread`} title="Alerts" onClick={() => setUnread(0)}>
                <svg viewBox="0 0 16 16" width="15" height="15" aria-hidden="true">
                    <path d="M8 1.5a4 4 0 0 0-4 4v3L2.5 11.5h11L12 8.5v-3a4 4 0 0 0-4-4zM6.5 13a1.6 1.6 0 0 0 3 0" fill="none" stroke="currentColor" stroke-width="1.4" stroke-linejoin="round" stroke-linecap="round" />
                </svg>
                {unread === 0 ? null : <b class="num">{unread > 99 ? "99+" : unread}</b>}
            </a>
            <div class="toasts" role="log" aria-live="polite" aria-label="New alerts">
                {toasts.map((toast) => (
                    <p key={toast.seq} class="toast">
                        <b>
                            <Name>{toast.rule}</Name>
                        </b>
                        <bdi>{toast.message.slice(0, 300)}</bdi>
                    </p>
                ))}
            </div>
        </>
    );
}

let audio: AudioContext | undefined;

/** Two short tones; made here, so that no file need be loaded. */
export function beep(): void {
    audio ??= new AudioContext();
    const { currentTime } = audio;
    for (const [k, pitch] of [660, 880].entries()) {
        const tone = audio.createOscillator();
        const volume = audio.createGain();
        tone.frequency.value = pitch;
        volume.gain.setValueAtTime(0.12, currentTime + 0.15 * k);
        volume.gain.exponentialRampToValueAtTime(0.001, currentTime + 0.15 * k + 0.14);
        tone.connect(volume).connect(audio.destination);
        tone.start(currentTime + 0.15 * k);
        tone.stop(currentTime + 0.15 * k + 0.15);
    }
}
