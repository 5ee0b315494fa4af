package io.hypertoken.server.relay.rows;

import io.hypertoken.HyperTokenException;
import io.hypertoken.Shown;
import io.hypertoken.env.Environment;
import io.hypertoken.env.Frame;
import io.hypertoken.env.Guest;
import io.hypertoken.env.Options;
import io.hypertoken.env.RemoteRequest;
import io.hypertoken.env.RemoteRequest.Kind;
import io.hypertoken.env.RemoteRows;
import io.hypertoken.env.Step;
import io.hypertoken.guests.Losses;
import io.hypertoken.json.JsonMessage;
import io.hypertoken.server.relay.wire.Announcement;
import io.hypertoken.server.relay.wire.RowLayout;
import io.hypertoken.space.Leaf;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Rows that pages play: each page is asked about all of its rows in one message, all pages at once.
///
/* A row sits at an instance of a page. When the page is lost, the row has no seat until it is asked to begin again, and
then takes whichever is free: a spare, or the same page opened again. */
final class PageRows implements RemoteRows {
    private final Announcement game;
    private final RowLayout layout;
    private final List<Leaf> actionLeaves;
    private final List<Leaf> observationLeaves;
    private final long pageMillis;
    private final long answerMillis;
    private final RelayAddress relay;
    private final Seats seats;
    private final PageRow[] rows;
    private final Losses losses = new Losses("its page");
    private final Map<Integer, List<PageRow>> asked = new HashMap<>();
    private final List<PageRow> homeless = new ArrayList<>();
    private final QuestionWriter writer;
    private @Nullable RemoteRequest request;
    /// Whether to wait for a page that is missing; not again when it has not come once.
    private boolean patient = true;

    private int ids;
    /// The question whose answer is a picture.
    private int drawing;

    private byte @Nullable [] picture;

    /// Takes instances for all rows; waits for them.
    ///
    /// @throws HyperTokenException `environment_failed` if there are too few in time
    PageRows(Announcement game, RelayAddress relay, Options opened, int count) {
        this.game = game;
        this.relay = relay;
        this.layout = game.layout();
        this.actionLeaves = game.action().leaves();
        this.observationLeaves = game.observation().leaves();
        this.pageMillis = PageOptions.pageMillis(opened);
        long stepMillis = PageOptions.stepMillis(opened);
        long resetMillis = PageOptions.resetMillis(opened);
        this.answerMillis = Math.max(stepMillis, resetMillis) + Seats.SLACK_MILLIS;
        this.seats = new Seats(game, relay, stepMillis, resetMillis);
        this.writer = new QuestionWriter(game);
        this.rows = new PageRow[count];
        for (int row = 0; row < count; row++) {
            rows[row] = game.width() > 0 ? new DrawnPageRow(this, row) : new PageRow(this, row);
        }
        try {
            List<int[]> taken = seats.claim(count, pageMillis);
            for (int row = 0; row < count; row++) {
                rows[row].sit(taken.get(row));
            }
        } catch (IOException gone) {
            throw seats.failure(Seats.why(gone));
        } catch (HyperTokenException refused) {
            seats.close();
            throw refused;
        }
    }

    @Override
    public Environment row(int row) {
        return rows[row];
    }

    @Override
    public void send(RemoteRequest asking) {
        request = asking;
        homeless.clear();
        var byPage = new LinkedHashMap<Integer, List<PageRow>>();
        for (PageRow row : rows) {
            Kind kind = asking.kind(row.index);
            if (kind == Kind.NOTHING) {
                continue; // what it has answered waits for its caller, whatever others are asked between
            }
            if (row.hasPage()) {
                row.ask();
                byPage.computeIfAbsent(row.page, page -> new ArrayList<>()).add(row);
            } else if (kind == Kind.STEP) {
                row.refuse();
            } else {
                row.ask();
                homeless.add(row);
            }
            if (kind == Kind.RESET && row.hasPage()) {
                losses.forgive();
            }
        }
        ask(byPage);
    }

    private void ask(Map<Integer, List<PageRow>> byPage) {
        RemoteRequest asking = request;
        if (asking == null) {
            return;
        }
        try {
            for (Map.Entry<Integer, List<PageRow>> each : byPage.entrySet()) {
                int id = ++ids;
                asked.put(id, each.getValue());
                seats.ask(writer.question(id, each.getKey(), each.getValue(), asking, homeless));
            }
        } catch (IOException gone) {
            loseAll(Seats.why(gone));
        }
    }

    @Override
    public void await() {
        if (!homeless.isEmpty()) {
            seat();
        }
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(answerMillis);
        try {
            while (!asked.isEmpty()) {
                hear(seats.receive(deadline));
            }
        } catch (IOException gone) {
            loseAll(Seats.why(gone));
        }
    }

    /// Finds instances for the rows that have none, and asks them.
    private void seat() {
        var byPage = new LinkedHashMap<Integer, List<PageRow>>();
        if (!losses.refusal().isEmpty()) {
            homeless.forEach(row -> row.lose(losses.refusal()));
            return;
        }
        try {
            List<int[]> taken = claimed();
            for (int k = 0; k < taken.size(); k++) {
                PageRow row = homeless.get(k);
                row.sit(taken.get(k));
                byPage.computeIfAbsent(row.page, page -> new ArrayList<>()).add(row);
            }
        } catch (IOException gone) {
            loseAll(Seats.why(gone));
            return;
        }
        ask(byPage);
    }

    /// As many instances as are wanted, or as there are; the rows behind them are told why.
    private List<int[]> claimed() throws IOException {
        try {
            List<int[]> all = seats.claim(homeless.size(), patient ? pageMillis : 0);
            patient = true;
            return all;
        } catch (HyperTokenException tooFew) {
            patient = false;
            var some = new ArrayList<int[]>();
            try {
                while (some.size() < homeless.size() - 1) {
                    some.addAll(seats.claim(1, 0));
                }
            } catch (HyperTokenException noMore) {
                // the rest goes without
            }
            homeless.subList(some.size(), homeless.size())
                    .forEach(row -> row.lose(String.valueOf(tooFew.getMessage())));
            return some;
        }
    }

    private void hear(RelayLine.Message message) throws IOException {
        if (message.text()) {
            Map<String, @Nullable Object> said = JsonMessage.read(message.bytes());
            if ("lost".equals(said.get("type")) && said.get("page") instanceof Long page) {
                lose(page.intValue(), String.valueOf(said.get("why")));
            }
            return;
        }
        ByteBuffer frame = ByteBuffer.wrap(message.bytes()).order(ByteOrder.LITTLE_ENDIAN);
        List<PageRow> answering = asked.remove(frame.getInt(RowLayout.ID_AT));
        if (answering == null) {
            return;
        }
        RowLayout.Answer columns = layout.answer(answering.size());
        if (frame.getInt(RowLayout.ID_AT) == drawing) {
            picture = Arrays.copyOfRange(message.bytes(), columns.end(), message.bytes().length);
            return;
        }
        Map<String, @Nullable Object> rare = Map.of();
        if (frame.getInt(RowLayout.JSON_AT) > 0) {
            try {
                rare = JsonMessage.read(Arrays.copyOfRange(
                        message.bytes(), columns.end(), columns.end() + frame.getInt(RowLayout.JSON_AT)));
            } catch (HyperTokenException unreadable) {
                String why = "its page's infos are no JSON: " + Shown.shortened(unreadable.getMessage() + "", 200);
                seats.giveUp(answering.getFirst().page, why);
                asked.put(frame.getInt(RowLayout.ID_AT), answering);
                lose(answering.getFirst().page, why);
                return;
            }
        }
        for (int k = 0; k < answering.size(); k++) {
            Map<?, ?> told = rare.get(Integer.toString(k)) instanceof Map<?, ?> of ? of : Map.of();
            answering.get(k).answered(frame, columns, k, told);
        }
    }

    /// A page is gone.
    private void lose(int page, String why) {
        boolean any = false;
        for (PageRow row : rows) {
            if (row.page == page) {
                row.lose(why);
                any = true;
            }
        }
        asked.values().removeIf(waiting -> !waiting.getFirst().hasPage());
        if (any) {
            losses.add(why);
        }
    }

    private void loseAll(String why) {
        asked.clear();
        for (PageRow row : rows) {
            row.lose(why);
        }
        losses.add(why);
    }

    /// Serves a caller who asks for one row.
    void askAlone(PageRow row, Kind kind, Step step) {
        send(new SoloRequest(row.index, rows.length, kind, step, game.simultaneous(), actionLeaves));
        await();
    }

    /// The picture of a row that has a page; null where it has none to show.
    @Nullable
    Frame draw(PageRow row) {
        int id = ++ids;
        drawing = id;
        picture = null;
        asked.put(id, List.of(row));
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(answerMillis);
        try {
            seats.ask(writer.drawing(id, row));
            while (asked.containsKey(id)) {
                hear(seats.receive(deadline));
            }
        } catch (IOException gone) {
            loseAll(Seats.why(gone));
        }
        byte[] rgb = picture;
        return rgb == null || rgb.length != 3 * game.width() * game.height()
                ? null
                : new Frame(game.width(), game.height(), rgb);
    }

    boolean simultaneous() {
        return game.simultaneous();
    }

    int agents() {
        return game.agents().size();
    }

    int maskSize() {
        return game.masked() ? game.action().maskSize() : 0;
    }

    List<Leaf> observationLeaves() {
        return observationLeaves;
    }

    @Override
    public List<Guest> guests() {
        return List.of(new Guest("pages at " + relay.uri(), rows.length, losses.count(), losses.last()));
    }

    @Override
    public Duration deadline() {
        return Duration.ofMillis(pageMillis + answerMillis);
    }

    @Override
    public void close() {
        seats.close();
    }
}
