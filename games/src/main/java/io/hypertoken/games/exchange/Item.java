package io.hypertoken.games.exchange;

/// An item that can be traded, as the item table tells it.
///
/// @param id what it is known by; names change, ids do not
/// @param limit units that one player may buy in four hours; 0 where none is known
/// @param value gp, what shops and alchemy reckon by
/// @param lowAlchemy gp
/// @param highAlchemy gp
public record Item(int id, String name, boolean members, int limit, int value, int lowAlchemy, int highAlchemy) {
    /// The old school bond: untradeable once it was bought, so that nobody can flip it.
    static final int BOND = 13190;
}
