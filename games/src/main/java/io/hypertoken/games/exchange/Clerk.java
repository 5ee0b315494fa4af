package io.hypertoken.games.exchange;

import io.hypertoken.env.Step;
import io.hypertoken.env.View;
import org.jspecify.annotations.Nullable;

/// Does what an agent's action says, or what comes nearest to it where its parts do not go together.
///
/* The mask tells each part for itself: whether anything can be sold, and which places anything can be done with. "Sell
what stands in row 3" may still be impossible. Then the same is done with the best place where it is possible, and the
agent hears of it. */
final class Clerk {
    private final GrandExchange game;
    private final int[] played = new int[4];
    private final int[] playedMove = new int[1];

    Clerk(GrandExchange game) {
        this.game = game;
    }

    void act(Step s, int agent, long time, @Nullable Journal journal) {
        Moves moves = game.layout.moves;
        if (moves != null) {
            move(s, moves, agent, time, journal);
            return;
        }
        int what = s.action(agent, Layout.WHAT);
        int place = s.action(agent, Layout.PLACE);
        int price = s.action(agent, Layout.PRICE);
        int quantity = s.action(agent, Layout.QUANTITY);
        int possible = place(agent, what, place, time);
        boolean done = possible >= 0 && does(agent, what, possible, price, quantity, time, journal);
        if (!done || possible != place) {
            played[Layout.WHAT] = done ? what : Layout.HOLD;
            played[Layout.PLACE] = done ? possible : place;
            played[Layout.PRICE] = price;
            played[Layout.QUANTITY] = quantity;
            s.illegal(agent, played);
            if (!done) {
                hold(agent, journal);
            }
        }
    }

    private void move(Step s, Moves moves, int agent, long time, @Nullable Journal journal) {
        int move = s.action(agent, 0);
        // What is kept of the move in place of a quantity says how much a purchase may have.
        if (!does(agent, moves.what(move), moves.place(move), moves.price(move), move, time, journal)) {
            playedMove[0] = Moves.HOLD; // not even one unit can be paid at a price above the touch
            s.illegal(agent, playedMove);
            hold(agent, journal);
        }
    }

    private boolean does(
            int agent, int what, int place, int price, int quantity, long time, @Nullable Journal journal) {
        return switch (what) {
            case Layout.BUY -> buy(agent, place, price, quantity, time, journal);
            case Layout.SELL -> sell(agent, place, price, quantity, time, journal);
            case Layout.CANCEL -> cancel(agent, place, journal);
            case Layout.COLLECT -> collect(agent, journal);
            default -> hold(agent, journal);
        };
    }

    /// The place that is given if something can be done with it, otherwise the first with which it can; -1 for none.
    private int place(int agent, int what, int given, long time) {
        if (what == Layout.HOLD || what == Layout.COLLECT || can(agent, what, given, time)) {
            return given;
        }
        for (int place = 0; place < game.layout.places(); place++) {
            if (can(agent, what, place, time)) {
                return place;
            }
        }
        return -1;
    }

    /// Whether an agent can buy or sell what stands in a row, or cancel what stands in a slot.
    private boolean can(int agent, int what, int place, long time) {
        Account account = game.exchange.accounts[agent];
        if (what == Layout.CANCEL) {
            return place < account.slots.length && account.slots[place].state.isActive();
        }
        int item = place < game.layout.rows ? game.candidates[agent].rows[place] : Candidates.NONE;
        return item >= 0
                && account.freeSlot() >= 0
                && (what == Layout.BUY ? game.canBuy(account, item, time) : account.stock[item] > 0);
    }

    /// @param quantity a bin, or the whole move
    private boolean buy(int agent, int row, int priceBin, int quantity, long time, @Nullable Journal journal) {
        Account account = game.exchange.accounts[agent];
        int item = game.candidates[agent].rows[row];
        Quotes quotes = game.quotes;
        long price = Bins.price(priceBin, true, quotes.lowReference[item], quotes.spread[item]);
        long room = account.mayBuy(item, game.exchange.limits[item], time);
        long most = Math.min(room, account.cash / price);
        if (most == 0) {
            return false;
        }
        Moves moves = game.layout.moves;
        long units = moves == null
                ? Bins.quantity(quantity, most)
                : moves.units(quantity, most, quotes.pace[item], (double) game.lastWorth(agent) / price);
        if (journal != null) {
            journal.decided(agent, "buy", item, price, units);
        }
        game.exchange.place(agent, OfferState.BUYING, item, price, units, time);
        return true;
    }

    /// @param quantity a bin, or the whole move, which sells all
    private boolean sell(int agent, int row, int priceBin, int quantity, long time, @Nullable Journal journal) {
        Account account = game.exchange.accounts[agent];
        int item = game.candidates[agent].rows[row];
        Quotes quotes = game.quotes;
        long price = Bins.price(priceBin, false, quotes.highReference[item], quotes.spread[item]);
        long most = Math.min(Slot.MOST_UNITS, account.stock[item]);
        long units = game.layout.moves == null ? Bins.quantity(quantity, most) : most;
        if (journal != null) {
            journal.decided(agent, "sell", item, price, units);
        }
        game.exchange.place(agent, OfferState.SELLING, item, price, units, time);
        return true;
    }

    private boolean cancel(int agent, int k, @Nullable Journal journal) {
        if (journal != null) {
            Slot slot = game.exchange.accounts[agent].slots[k];
            journal.decided(agent, "cancel", slot.item, slot.price, slot.left());
        }
        game.exchange.cancel(agent, k);
        return true;
    }

    private boolean collect(int agent, @Nullable Journal journal) {
        boolean any = false;
        for (Slot slot : game.exchange.accounts[agent].slots) {
            any |= slot.isCollectable();
        }
        if (!any) {
            return false;
        }
        if (journal != null) {
            journal.decided(agent, "collect", Candidates.NONE, 0, 0);
        }
        game.exchange.collect(agent);
        return true;
    }

    private static boolean hold(int agent, @Nullable Journal journal) {
        if (journal != null) {
            journal.decided(agent, "hold", Candidates.NONE, 0, 0);
        }
        return true;
    }

    /// Writes which parts of an action an agent may choose.
    void mask(View view, int agent, long time) {
        Account account = game.exchange.accounts[agent];
        boolean free = account.freeSlot() >= 0;
        int[] rows = game.candidates[agent].rows;
        long buys = 0;
        long sells = 0;
        for (int row = 0; free && row < rows.length; row++) {
            int item = rows[row];
            if (item < 0) {
                continue;
            }
            buys |= game.canBuy(account, item, time) ? 1L << row : 0;
            sells |= account.stock[item] > 0 ? 1L << row : 0;
        }
        long cancels = 0;
        boolean collects = false;
        for (int k = 0; k < account.slots.length; k++) {
            cancels |= account.slots[k].state.isActive() ? 1L << k : 0;
            collects |= account.slots[k].isCollectable();
        }
        Moves moves = game.layout.moves;
        if (moves != null) {
            view.allow(Moves.HOLD, true);
            view.allow(Moves.COLLECT, collects);
            maskMoves(view, moves, Layout.CANCEL, account.slots.length, cancels);
            maskMoves(view, moves, Layout.SELL, rows.length, sells);
            maskMoves(view, moves, Layout.BUY, rows.length, buys);
            return;
        }
        view.allow(
                0,
                Layout.WHATS,
                1
                        | (buys != 0 ? 1 << Layout.BUY : 0)
                        | (sells != 0 ? 1 << Layout.SELL : 0)
                        | (cancels != 0 ? 1 << Layout.CANCEL : 0)
                        | (collects ? 1 << Layout.COLLECT : 0));
        long places = buys | sells | cancels;
        view.allow(Layout.WHATS, game.layout.places(), places == 0 ? 1 : places);
    }

    /// Allows or forbids all moves of a kind, by the places that they are about.
    private static void maskMoves(View view, Moves moves, int what, int places, long possible) {
        for (int place = 0; place < places; place++) {
            boolean can = (possible >> place & 1) != 0;
            int first = moves.first(what, place);
            for (int k = 0; k < Moves.manyOf(what); k++) {
                view.allow(first + k, can);
            }
        }
    }
}
