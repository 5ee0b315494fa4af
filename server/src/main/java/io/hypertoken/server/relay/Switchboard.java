package io.hypertoken.server.relay;

import io.hypertoken.server.http.Frames;
import io.hypertoken.server.relay.wire.Announcement;
import io.hypertoken.server.relay.wire.RowLayout;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Who hosts, who plays, and whose each question is. Safe for any thread.
///
/* One lock guards all of it; nothing waits inside, and what is sent is only handed over. An instance belongs to one
player
at a time, so whatever arrives about it is the owner's or is dropped: a question by what the player holds, an answer by
its id, which is never given twice. Pages of one name host one game: they are each other's spares. */
final class Switchboard {
    /// Why a page's or a player's connection was ended by the relay (RFC 6455, 7.4.1: policy).
    static final int REFUSED = 1008;

    private static final Logger LOG = LoggerFactory.getLogger(Switchboard.class);
    private static final long NANOS_A_MILLI = 1_000_000;

    private final Map<Integer, Page> pages = new LinkedHashMap<>();
    private final List<Wish> waiting = new ArrayList<>();
    private final RelayMetrics metrics;
    private final LongSupplier nanoClock;
    private int handles;

    Switchboard(RelayMetrics metrics, LongSupplier nanoClock) {
        this.metrics = metrics;
        this.nanoClock = nanoClock;
    }

    long deadline(long millis) {
        return nanoClock.getAsLong() + millis * NANOS_A_MILLI;
    }

    /// Takes a page in, and gives it to whoever has waited for it.
    ///
    /// @return why it may not host; null if it does
    synchronized @Nullable String host(Page page) {
        for (Page other : List.copyOf(pages.values())) {
            if (!page.tab.isEmpty() && page.tab.equals(other.tab)) {
                lose(other, "its tab has connected again");
                other.connection.close(REFUSED, "this tab has another connection");
            }
        }
        for (Page other : pages.values()) {
            if (other.game.name().equals(page.game.name()) && !other.game.isThatOf(page.game)) {
                metrics.refused("other game");
                return "another page hosts " + page.game.name()
                        + " with other spaces or rules; pages of one name are one game; close that page, or choose"
                        + " another name";
            }
        }
        pages.put(page.handle, page);
        metrics.pages(pages.size(), instances());
        Words.send(page.connection, "type", "welcome", "protocol", Announcement.PROTOCOL, "page", page.handle);
        serve();
        return null;
    }

    synchronized int newHandle() {
        return ++handles;
    }

    /// A page's connection has ended.
    synchronized void left(Page page) {
        lose(page, "its page was closed or reloaded");
    }

    /// A page has broken its word, or time has: nobody plays there any more.
    synchronized void drop(Page page, String why) {
        if (!page.gone) {
            lose(page, why);
            page.connection.close(REFUSED, why);
        }
    }

    /// How long a player's pages may take for a step and for a reset.
    synchronized void playsWithin(Player player, long stepMillis, long resetMillis) {
        player.stepMillis = stepMillis;
        player.resetMillis = resetMillis;
    }

    /// A player waits for something; it is answered sooner or later.
    synchronized void wish(Wish wish) {
        if (!grant(wish)) {
            waiting.add(wish);
        }
    }

    /// A player asks a page about rows.
    ///
    /// @param question a [RowLayout] frame, the caller's to release
    /// @return what is wrong with it; null if it was passed on, or the page is gone, which the player has been told
    synchronized @Nullable String ask(Player player, ByteBuf question) {
        if (question.readableBytes() < RowLayout.HEAD || question.getIntLE(0) != RowLayout.QUESTION) {
            return "sent a binary message that is no question";
        }
        Page page = pages.get(question.getIntLE(RowLayout.PAGE_AT));
        if (page == null) {
            return null;
        }
        int count = question.getIntLE(RowLayout.COUNT_AT);
        long json = question.getUnsignedIntLE(RowLayout.JSON_AT);
        if (count < 1 || count > page.players.length) {
            return "asked about " + count + " rows of a page that hosts " + page.players.length;
        }
        RowLayout.Question columns = page.layout.question(count);
        if (columns.end() + json != question.readableBytes()) {
            return "sent a question of " + question.readableBytes() + " bytes, where its rows take "
                    + (columns.end() + json);
        }
        boolean resets = false;
        for (int k = 0; k < count; k++) {
            int instance = question.getIntLE(columns.instance() + 4 * k);
            if (instance < 0 || instance >= page.players.length || page.players[instance] != player) {
                return "asked about instance " + instance + ", which it does not hold";
            }
            resets |= question.getByte(columns.kind() + k) != RowLayout.STEP;
        }
        long millis = resets ? player.resetMillis : player.stepMillis;
        int id = page.nextId();
        page.asked.put(id, new Page.Asked(player, question.getIntLE(RowLayout.ID_AT), count, deadline(millis), millis));
        metrics.asked(count);
        ByteBuf frame = page.connection.buffer(Frames.LONGEST_HEAD + question.readableBytes());
        Frames.writeBinaryHead(frame, question.readableBytes());
        int at = frame.writerIndex();
        frame.writeBytes(question, 0, question.readableBytes());
        frame.setIntLE(at + RowLayout.ID_AT, id).setIntLE(at + RowLayout.PAGE_AT, 0);
        page.connection.send(frame);
        return null;
    }

    /// A page answers; what nobody waits for is dropped.
    ///
    /// @param answer the caller's to release
    synchronized void answer(Page page, ByteBuf answer) {
        if (answer.readableBytes() < RowLayout.HEAD || answer.getIntLE(0) != RowLayout.ANSWER) {
            drop(page, "it sent a binary message that is no answer");
            return;
        }
        Page.Asked asked = page.asked.remove(answer.getIntLE(RowLayout.ID_AT));
        if (asked == null || page.gone) {
            return;
        }
        long json = answer.getUnsignedIntLE(RowLayout.JSON_AT);
        long whole = page.layout.answer(asked.count()).end() + json;
        if (answer.getIntLE(RowLayout.COUNT_AT) != asked.count() || whole != answer.readableBytes()) {
            page.asked.put(answer.getIntLE(RowLayout.ID_AT), asked);
            drop(page, "it answered with " + answer.readableBytes() + " bytes where its game's rows take " + whole);
            return;
        }
        Player player = asked.player();
        if (player == null) {
            return;
        }
        ByteBuf frame = player.connection.buffer(Frames.LONGEST_HEAD + answer.readableBytes());
        Frames.writeBinaryHead(frame, answer.readableBytes());
        int at = frame.writerIndex();
        frame.writeBytes(answer, 0, answer.readableBytes());
        frame.setIntLE(at + RowLayout.ID_AT, asked.id()).setIntLE(at + RowLayout.PAGE_AT, page.handle);
        player.connection.send(frame);
    }

    /// A player gives up a page that it does not trust any more.
    synchronized void giveUp(Player player, int handle, String why) {
        Page page = pages.get(handle);
        if (page != null && page.isDrivenBy(player)) {
            drop(page, why);
        }
    }

    /// A player's connection has ended: what it held is free, and answers to it are dropped.
    synchronized void left(Player player) {
        waiting.removeIf(wish -> wish.player() == player);
        for (Page page : pages.values()) {
            boolean drove = false;
            for (int instance = 0; instance < page.players.length; instance++) {
                if (page.players[instance] == player) {
                    page.players[instance] = null;
                    drove = true;
                }
            }
            page.asked.replaceAll((id, asked) -> asked.player() == player ? asked.ofNobody() : asked);
            if (drove) {
                tellDriven(page);
            }
        }
        serve();
    }

    /// Gives up what has passed its deadline.
    synchronized void sweep() {
        long now = nanoClock.getAsLong();
        for (Page page : List.copyOf(pages.values())) {
            for (Page.Asked asked : page.asked.values()) {
                if (asked.deadlineNanos() - now <= 0) {
                    metrics.refused("deadline");
                    drop(page, "its page did not answer within " + asked.millis() / 1e3 + " s");
                    break;
                }
            }
        }
        for (Iterator<Wish> wishes = waiting.iterator(); wishes.hasNext(); ) {
            Wish wish = wishes.next();
            if (wish.deadlineNanos() - now <= 0) {
                wishes.remove();
                refuse(wish, missing(wish));
            }
        }
    }

    /// The games that are hosted, each with its pages and instances.
    synchronized List<Map<String, @Nullable Object>> games() {
        var games = new LinkedHashMap<String, Map<String, @Nullable Object>>();
        for (Page page : pages.values()) {
            games.merge(
                    page.game.name(),
                    Words.object(
                            "name",
                            page.game.name(),
                            "pages",
                            1,
                            "instances",
                            page.players.length,
                            "played",
                            page.players.length - page.free()),
                    (all, more) -> {
                        List.of("pages", "instances", "played")
                                .forEach(key -> all.merge(key, more.get(key), (a, b) -> (Integer) a + (Integer) b));
                        return all;
                    });
        }
        return List.copyOf(games.values());
    }

    private void serve() {
        waiting.removeIf(this::grant);
    }

    /// Answers a wish if that can be done now.
    private boolean grant(Wish wish) {
        List<Page> of =
                pages.values().stream().filter(page -> wish.isFor(page.game)).toList();
        if (of.isEmpty()) {
            return false;
        }
        Announcement game = of.getFirst().game;
        if (!wish.accepts(game)) {
            refuse(wish, game.name() + " is another game than when it was asked about; make the environment again");
            return true;
        }
        if (wish.count() == 0) {
            Words.send(wish.player().connection, "type", "game", "id", wish.id(), "game", game.told());
            return true;
        }
        if (of.stream().mapToInt(Page::free).sum() < wish.count()) {
            return false;
        }
        var seats = new ArrayList<List<Integer>>();
        for (Page page : of) {
            for (int instance = 0; instance < page.players.length && seats.size() < wish.count(); instance++) {
                if (page.players[instance] == null) {
                    page.players[instance] = wish.player();
                    seats.add(List.of(page.handle, instance));
                }
            }
            tellDriven(page);
        }
        Words.send(wish.player().connection, "type", "claimed", "id", wish.id(), "seats", seats);
        return true;
    }

    private void refuse(Wish wish, String why) {
        Words.send(wish.player().connection, "type", "refused", "id", wish.id(), "why", why);
    }

    private String missing(Wish wish) {
        List<Page> of =
                pages.values().stream().filter(page -> wish.isFor(page.game)).toList();
        int all = of.stream().mapToInt(page -> page.players.length).sum();
        int free = of.stream().mapToInt(Page::free).sum();
        String name = wish.name() == null ? "any game" : wish.name();
        return (all == 0
                        ? "no page hosts " + name
                        : of.size() + " pages host " + all + " instances of " + name + ", of which " + free
                                + " are free, and " + wish.count() + " are wanted")
                + "; waited " + wish.millis() / 1e3 + " s; open its page"
                + (all == 0 ? "" : " once more, or let the page host more instances");
    }

    private void lose(Page page, String why) {
        if (page.gone) {
            return;
        }
        page.gone = true;
        pages.remove(page.handle);
        metrics.pages(pages.size(), instances());
        LOG.debug("a page of {} is gone: {}", page.game.name(), why);
        var told = new ArrayList<Player>();
        for (Player player : page.players) {
            if (player != null && !told.contains(player)) {
                told.add(player);
                metrics.refused("lost");
                Words.send(player.connection, "type", "lost", "page", page.handle, "why", why);
            }
        }
        page.asked.clear();
    }

    private static void tellDriven(Page page) {
        Words.send(page.connection, "type", "driven", "instances", page.players.length - page.free());
    }

    private int instances() {
        return pages.values().stream().mapToInt(page -> page.players.length).sum();
    }
}
