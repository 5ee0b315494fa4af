/**
 * A buy limit in words.
 *
 * @module
 */
import type { Limit } from "../store/agents.ts";
import { count, span } from "../ui/format.ts";

/** As in: 8,240 of 11,000, 2,760 left, resets in 1 h 12 min. */
export function limitText(limit: Pick<Limit, "used" | "limit">, left: number): string {
    const reset = left <= 0 ? "has been reset" : Number.isNaN(left) ? "reset unknown" : `resets in ${span(left)}`;
    return Number.isNaN(limit.limit)
        ? `${count(limit.used)} bought, limit unknown, ${reset}`
        : `${count(limit.used)} of ${count(limit.limit)}, ${count(Math.max(0, limit.limit - limit.used))} left, ${reset}`;
}
