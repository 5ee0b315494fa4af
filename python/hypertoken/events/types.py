"""The types of event that HyperToken knows, as the hub's schema lists them."""

from __future__ import annotations


class EventTypes:
    """Names of types; a subclass adds its own, for the hub takes any.

    The first eight are those of the original PPO flipper server.
    """

    TRADE_EXECUTED = "trade_executed"
    PRICE_UPDATE = "price_update"
    MARGIN_UPDATE = "margin_update"
    AGENT_DECISION = "agent_decision"
    PORTFOLIO_UPDATE = "portfolio_update"
    MARKET_ANALYSIS = "market_analysis"
    SYSTEM_STATUS = "system_status"
    ERROR = "error"
    ORDER_UPDATED = "order_updated"
    LIMIT_UPDATED = "limit_updated"
    EPISODE_FINISHED = "episode_finished"
    TRAINING_PROGRESS = "training_progress"
    SESSION_OPENED = "session_opened"
    SESSION_CLOSED = "session_closed"
    GUEST_LOST = "guest_lost"
    ALERT = "alert"
