package io.hypertoken.server.bridge;

import static io.hypertoken.ErrorCode.BAD_FIELD;

import io.hypertoken.HyperTokenException;
import io.hypertoken.Shown;
import io.hypertoken.engine.Batch;
import io.hypertoken.engine.VectorEnvironment;
import io.hypertoken.json.Fields;
import io.hypertoken.json.JsonMessage;
import io.hypertoken.server.session.Session;
import io.netty.buffer.ByteBuf;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;

/// The binary requests, which move all rows of a session.
final class BatchCommands {
    private static final Logger LOG = LoggerFactory.getLogger(BatchCommands.class);
    private static final byte[] NONE = {};

    private final Session session;
    private final VectorEnvironment vector;
    private final Batch batch;
    private final BridgeMetrics metrics;

    BatchCommands(Session session, BridgeMetrics metrics) {
        this.session = session;
        this.vector = session.vector();
        this.batch = session.batch();
        this.metrics = metrics;
    }

    /// Plays one request.
    ///
    /// @throws HyperTokenException as the vector refuses, or `bad_field` for a frame that is not of the layout
    BatchReply answer(ByteBuf frame) {
        BatchFrames.Header header = BatchFrames.header(frame, batch.layout());
        BatchReply repeated = session.numbering().repeated(header.at(), BatchReply.class);
        if (repeated != null) {
            return repeated;
        }
        long quarantined = vector.quarantined();
        if (header.operation() == BatchFrames.RESET) {
            reset(frame, header.payload());
        } else {
            step(frame, header.payload());
        }
        // Rows have moved: it counts before anything else can fail.
        long at = session.numbering().count();
        session.synchronizeTurns();
        SessionView.of(session).deadSteps().forget();
        metrics.quarantined(vector.quarantined() - quarantined);
        var reply = new BatchReply.Columns(header.operation(), at, vector.hasInfos() ? told() : NONE);
        session.numbering().record(reply);
        return reply;
    }

    private void reset(ByteBuf frame, int payload) {
        Map<String, @Nullable Object> options = BatchFrames.options(frame, payload);
        BatchFrames.copyPayload(frame, payload, batch.reset());
        requireSeedsOfTheProtocol();
        Long seed = session.opening().seed();
        if (seed != null) {
            for (int row = 0; row < batch.rows(); row++) {
                if (seed(row) == VectorEnvironment.NO_SEED && vector.usedSeed(row) == VectorEnvironment.NO_SEED) {
                    batch.seeds().set(ValueLayout.JAVA_LONG_UNALIGNED, 8L * row, seed + row);
                }
            }
        }
        vector.reset(options);
    }

    /// Frames could hold larger seeds than JSON's numbers do; the same session must be open to both.
    private void requireSeedsOfTheProtocol() {
        for (int row = 0; row < batch.rows(); row++) {
            long seed = seed(row);
            boolean none = seed == VectorEnvironment.NO_SEED;
            boolean reset = batch.resetMask().get(ValueLayout.JAVA_BYTE, row) != 0;
            if (reset && !none && (seed < 0 || seed > Fields.LARGEST_SEED)) {
                throw new HyperTokenException(
                        BAD_FIELD,
                        "reset refused seed=" + seed + " of row " + row,
                        "seed must be an integer from 0 to " + Fields.LARGEST_SEED,
                        "send that, or -1 for none");
            }
        }
    }

    private long seed(int row) {
        return batch.seeds().get(ValueLayout.JAVA_LONG_UNALIGNED, 8L * row);
    }

    /// The step columns keep their bytes when the step is refused: the turns of a simultaneous game wait in them.
    private void step(ByteBuf frame, int payload) {
        if (!session.opening().playsTurns()) {
            BatchFrames.copyPayload(frame, payload, batch.step());
            vector.step();
        } else {
            byte[] before = batch.step().toArray(ValueLayout.JAVA_BYTE);
            try {
                BatchFrames.copyPayload(frame, payload, batch.step());
                vector.step();
            } catch (HyperTokenException refused) {
                MemorySegment.copy(before, 0, batch.step(), ValueLayout.JAVA_BYTE, 0, before.length);
                throw refused;
            }
        }
        metrics.stepped(batch.rows());
    }

    /// The infos; none if even that fails, for the rows have moved.
    private byte[] told() {
        try {
            return infos();
        } catch (Throwable thrown) {
            LOG.error("the infos of a batch could not be told: {}", Shown.trace(thrown));
            return NONE;
        }
    }

    /// `{row: {agent: {…}, "final": {agent: {…}}}}` of the rows that have any beside the columns.
    private byte[] infos() {
        var bytes = new ByteArrayOutputStream();
        try (JsonGenerator out = JsonMessage.JSON.createGenerator(ObjectWriteContext.empty(), bytes)) {
            var infos = new InfoJson(out);
            out.writeStartObject();
            for (int row = 0; row < batch.rows(); row++) {
                if (anyInfo(row)) {
                    out.writeObjectPropertyStart(Integer.toString(row));
                    writeRow(out, infos, row);
                    out.writeEndObject();
                }
            }
            out.writeEndObject();
        }
        return bytes.toByteArray();
    }

    private boolean anyInfo(int row) {
        for (int agent = 0; agent < batch.agents(); agent++) {
            if (!vector.infoBesideColumns(row, agent).isEmpty()
                    || !vector.finalInfoBesideColumns(row, agent).isEmpty()) {
                return true;
            }
        }
        return false;
    }

    private void writeRow(JsonGenerator out, InfoJson infos, int row) {
        boolean anyFinal = false;
        for (int agent = 0; agent < batch.agents(); agent++) {
            write(out, infos, agent, vector.infoBesideColumns(row, agent));
            anyFinal |= !vector.finalInfoBesideColumns(row, agent).isEmpty();
        }
        if (anyFinal) {
            out.writeObjectPropertyStart("final");
            for (int agent = 0; agent < batch.agents(); agent++) {
                write(out, infos, agent, vector.finalInfoBesideColumns(row, agent));
            }
            out.writeEndObject();
        }
    }

    private void write(JsonGenerator out, InfoJson infos, int agent, Map<String, Object> info) {
        if (!info.isEmpty()) {
            out.writeObjectPropertyStart(session.agents().get(agent));
            infos.writeProperties(info);
            out.writeEndObject();
        }
    }
}
