/**
 * The events that the hub knows, generated from its schema: change that, then run npm run types.
 *
 * @module
 */

/** An agent has traded. */
export interface TradeExecuted {
    /** who */
    agent_id: string;
    /** `buy`, `sell`, or a word of its own */
    action_type: string;
    /** what, by name */
    item?: string | null;
    /** what, by number */
    item_id?: number | null;
    /** gp a piece */
    price: number;
    /** pieces */
    quantity: number;
    /** gp, after tax */
    profit?: number | null;
    /** gp */
    tax?: number | null;
    /** gp */
    total_value?: number | null;
    /** the market's own time, Unix seconds */
    market_time?: number | null;
}

/** An item has another price. */
export interface PriceUpdate {
    /** what, by name */
    item?: string | null;
    /** what, by number */
    item_id?: number | null;
    /** gp */
    price: number;
    /** gp since the price before */
    change?: number | null;
    /** a fraction of the price */
    change_percent?: number | null;
    /** pieces traded */
    volume?: number | null;
    /** the market's own time, Unix seconds */
    market_time?: number | null;
}

/** An item has another margin. */
export interface MarginUpdate {
    /** what, by name */
    item?: string | null;
    /** what, by number */
    item_id?: number | null;
    /** gp to buy one at */
    buy_price: number;
    /** gp to sell one at */
    sell_price: number;
    /** when that was quoted last, Unix seconds of the market */
    buy_time?: number | null;
    /** when that was quoted last, Unix seconds of the market */
    sell_time?: number | null;
    /** gp a piece */
    margin?: number | null;
    /** a fraction of the buy price */
    margin_percent?: number | null;
    /** gp a piece that its sale costs */
    tax?: number | null;
    /** gp a piece */
    margin_after_tax?: number | null;
    /** the market's own time, Unix seconds */
    market_time?: number | null;
}

/** An agent has decided. */
export interface AgentDecision {
    /** who */
    agent_id: string;
    /** `buy`, `sell`, `hold`, or a word of its own */
    action_type: string;
    /** what, by name */
    item?: string | null;
    /** what, by number */
    item_id?: number | null;
    /** gp a piece */
    price?: number | null;
    /** pieces */
    quantity?: number | null;
    /** why, in words */
    reasoning?: string | null;
    /** the market's own time, Unix seconds */
    market_time?: number | null;
}

/** An agent owns something else than before. */
export interface PortfolioUpdate {
    /** who */
    agent_id: string;
    /** coins */
    gp: number;
    /** pieces of each item */
    inventory?: Record<string, number> | null;
    /** gp, with the coins */
    total_value?: number | null;
    /** gp, without the coins */
    inventory_value?: number | null;
    /** how far below its highest total value, as a fraction of that */
    drawdown?: number | null;
    /** the market's own time, Unix seconds */
    market_time?: number | null;
}

/** Something is known about an item's market. */
export interface MarketAnalysis {
    /** what, by name */
    item?: string | null;
    /** what, by number */
    item_id?: number | null;
    /** such as `volume_trend` */
    analysis_type: string;
    /** what is known */
    data: Record<string, unknown>;
    /** the market's own time, Unix seconds */
    market_time?: number | null;
}

/** Something about the system has changed. */
export interface SystemStatus {
    /** in a word, such as `started` */
    status: string;
    /** in a sentence */
    message?: string | null;
}

/** Something went wrong. */
export interface Error {
    /** in a word */
    error_type: string;
    /** in a sentence */
    message: string;
    /** what else is known */
    details?: Record<string, unknown> | null;
}

/** An offer of an agent has changed. */
export interface OrderUpdated {
    /** who */
    agent_id: string;
    /** from 0 */
    slot: number;
    /** what, by name */
    item?: string | null;
    /** what, by number */
    item_id?: number | null;
    /** which side of the market */
    side?: "buy" | "sell" | null;
    /** gp a piece */
    price?: number | null;
    /** pieces asked for */
    quantity?: number | null;
    /** pieces traded so far */
    filled?: number | null;
    /** where it stands */
    state: "EMPTY" | "BUYING" | "BOUGHT" | "SELLING" | "SOLD" | "CANCELLED_BUY" | "CANCELLED_SELL";
    /** market seconds since it was placed */
    age?: number | null;
    /** nobody is known to offer better */
    competitive?: boolean | null;
    /** the market's own time, Unix seconds */
    market_time?: number | null;
}

/** An agent has used more of an item's buy limit, or a new window has begun. */
export interface LimitUpdated {
    /** who */
    agent_id: string;
    /** what, by name */
    item?: string | null;
    /** what, by number */
    item_id?: number | null;
    /** pieces bought in this window */
    used: number;
    /** pieces a window; null: no limit */
    limit?: number | null;
    /** when the window ends, Unix seconds of the market */
    resets_at?: number | null;
    /** the market's own time, Unix seconds */
    market_time?: number | null;
}

/** An episode is over. */
export interface EpisodeFinished {
    /** who */
    agent_id?: string | null;
    /** of its vector, from 0 */
    row?: number | null;
    /** the sum of its rewards */
    return: number;
    /** its steps */
    length: number;
    /** what it was reset with */
    seed?: number | null;
    /** its id */
    environment?: string | null;
}

/** A run of training has gone on. */
export interface TrainingProgress {
    /** its name */
    run: string;
    /** environment steps so far */
    step: number;
    /** mean of the last episodes' returns */
    return?: number | null;
    /** mean of their lengths */
    length?: number | null;
    /** each loss by name */
    losses?: Record<string, number> | null;
    /** approximate divergence of the last update */
    kl?: number | null;
    /** of the policy */
    entropy?: number | null;
    /** of the value function, at most 1 */
    explained_variance?: number | null;
    /** environment steps */
    steps_per_second?: number | null;
}

/** A client has opened an environment. */
export interface SessionOpened {
    /** the beginning of its id */
    session: string;
    /** its id */
    environment?: string | null;
    /** copies of the environment */
    rows?: number | null;
    /** whose it is */
    client?: string | null;
}

/** A client has closed an environment, or its lease ran out. */
export interface SessionClosed {
    /** the beginning of its id */
    session: string;
    /** its id */
    environment?: string | null;
    /** copies of the environment */
    rows?: number | null;
    /** whose it is */
    client?: string | null;
    /** in a word */
    reason?: string | null;
}

/** Rules that run elsewhere do not answer any more. */
export interface GuestLost {
    /** its id */
    environment: string;
    /** which of its guests */
    guest?: string | null;
    /** the first of its rows */
    row?: number | null;
    /** in a sentence */
    reason?: string | null;
}

/** A rule that somebody set has found what it looks for. */
export interface Alert {
    /** its name */
    rule: string;
    /** in a sentence */
    message?: string | null;
    /** who */
    agent_id?: string | null;
    /** what, by name */
    item?: string | null;
    /** what, by number */
    item_id?: number | null;
    /** of the event's data */
    field?: string | null;
    /** how they compare, such as `<` */
    op?: string | null;
    /** that it had */
    value?: number | string | boolean | null;
    /** that the rule compares it with */
    threshold?: number | string | boolean | null;
    /** of the event that it was found in */
    event_type?: string | null;
    /** that event's number in the log */
    event_seq?: number | null;
    /** that event, unless it is large */
    event?: Record<string, unknown> | null;
}

/** What the data of each type holds; types are an open set. */
export interface EventData {
    trade_executed: TradeExecuted;
    price_update: PriceUpdate;
    margin_update: MarginUpdate;
    agent_decision: AgentDecision;
    portfolio_update: PortfolioUpdate;
    market_analysis: MarketAnalysis;
    system_status: SystemStatus;
    error: Error;
    order_updated: OrderUpdated;
    limit_updated: LimitUpdated;
    episode_finished: EpisodeFinished;
    training_progress: TrainingProgress;
    session_opened: SessionOpened;
    session_closed: SessionClosed;
    guest_lost: GuestLost;
    alert: Alert;
}

export const KNOWN_TYPES = [
    "trade_executed",
    "price_update",
    "margin_update",
    "agent_decision",
    "portfolio_update",
    "market_analysis",
    "system_status",
    "error",
    "order_updated",
    "limit_updated",
    "episode_finished",
    "training_progress",
    "session_opened",
    "session_closed",
    "guest_lost",
    "alert",
] as const satisfies readonly (keyof EventData)[];
