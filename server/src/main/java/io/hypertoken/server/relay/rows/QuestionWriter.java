package io.hypertoken.server.relay.rows;

import io.hypertoken.env.RemoteRequest;
import io.hypertoken.env.RemoteRequest.Kind;
import io.hypertoken.json.NumberJson;
import io.hypertoken.server.relay.wire.Announcement;
import io.hypertoken.server.relay.wire.RowLayout;
import io.hypertoken.space.Leaf;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Writes what a page is asked about its rows.
final class QuestionWriter {
    private static final byte[] NOTHING = {};

    private final RowLayout layout;
    private final int agents;
    private final boolean hasOptions;
    private final int[] actionBytes;
    private ByteBuffer frame = ByteBuffer.allocate(RowLayout.HEAD);

    QuestionWriter(Announcement game) {
        this.layout = game.layout();
        this.agents = game.agents().size();
        this.hasOptions = !game.options().isEmpty();
        this.actionBytes = game.action().leaves().stream().mapToInt(Leaf::bytes).toArray();
    }

    /// A question, from the buffer's beginning to its limit; overwritten by the next.
    ///
    /// @param anew those rows among all that had no page
    ByteBuffer question(int id, int page, List<PageRow> rows, RemoteRequest request, List<PageRow> anew) {
        int count = rows.size();
        RowLayout.Question columns = layout.question(count);
        byte[] json = hasOptions ? options(rows, request) : NOTHING;
        int length = columns.end() + json.length;
        if (frame.capacity() < length) {
            frame = ByteBuffer.allocate(length);
        }
        ByteBuffer out = frame.clear().limit(length).order(ByteOrder.LITTLE_ENDIAN);
        out.putInt(0, RowLayout.QUESTION)
                .putInt(RowLayout.ID_AT, id)
                .putInt(RowLayout.PAGE_AT, page)
                .putInt(RowLayout.COUNT_AT, count)
                .putInt(RowLayout.JSON_AT, json.length);
        for (int k = 0; k < count; k++) {
            PageRow row = rows.get(k);
            Kind kind = request.kind(row.index);
            out.putInt(columns.instance() + Integer.BYTES * k, row.instance)
                    .put(columns.kind() + k, anew.contains(row) ? RowLayout.RENEW : code(kind))
                    .putInt(columns.turn() + Integer.BYTES * k, request.turn(row.index))
                    .putDouble(columns.seed() + Double.BYTES * k, seed(request, row.index));
        }
        MemorySegment to = MemorySegment.ofArray(out.array());
        for (int leaf = 0; leaf < actionBytes.length; leaf++) {
            MemorySegment from = request.action(leaf);
            long bytes = (long) actionBytes[leaf] * agents;
            for (int k = 0; k < count; k++) {
                MemorySegment.copy(from, rows.get(k).index * bytes, to, columns.action()[leaf] + k * bytes, bytes);
            }
        }
        out.put(columns.end(), json);
        return out;
    }

    /// Asks for a row's picture.
    ByteBuffer drawing(int id, PageRow row) {
        RowLayout.Question columns = layout.question(1);
        ByteBuffer out = ByteBuffer.allocate(columns.end()).order(ByteOrder.LITTLE_ENDIAN);
        return out.putInt(0, RowLayout.QUESTION)
                .putInt(RowLayout.ID_AT, id)
                .putInt(RowLayout.PAGE_AT, row.page)
                .putInt(RowLayout.COUNT_AT, 1)
                .putInt(columns.instance(), row.instance)
                .put(columns.kind(), RowLayout.DRAW);
    }

    /// A double holds every seed that a page can take.
    private static double seed(RemoteRequest request, int row) {
        return request.seed(row).isPresent() ? (double) request.seed(row).getAsLong() : -1;
    }

    private static byte code(Kind kind) {
        return switch (kind) {
            case STEP -> RowLayout.STEP;
            case RENEW -> RowLayout.RENEW;
            default -> RowLayout.RESET;
        };
    }

    private static byte[] options(List<PageRow> rows, RemoteRequest request) {
        var byRow = new LinkedHashMap<String, @Nullable Object>();
        for (int k = 0; k < rows.size(); k++) {
            int row = rows.get(k).index;
            if (request.kind(row) != Kind.STEP) {
                Map<String, Object> options = PageOptions.ofEpisode(request.options(row));
                byRow.put(Integer.toString(k), options);
            }
        }
        return byRow.isEmpty() ? NOTHING : NumberJson.bytes(byRow);
    }
}
