package io.hypertoken.server.bridge;

import static io.hypertoken.ErrorCode.BAD_FIELD;

import io.hypertoken.HyperTokenException;
import io.hypertoken.engine.Batch;
import io.hypertoken.engine.VectorEnvironment;
import io.netty.buffer.ByteBuf;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;

/// The binary requests, which move all rows of a session.
final class BatchPlays {
    private static final byte[] NONE = {};

    private final Session session;
    private final VectorEnvironment vector;
    private final Batch batch;
    private final Metrics metrics;

    BatchPlays(Session session, Metrics metrics) {
        this.session = session;
        this.vector = session.vector;
        this.batch = session.batch;
        this.metrics = metrics;
    }

    /// Plays one request.
    ///
    /// @throws HyperTokenException as the vector refuses, or `bad_field` for a frame that is not of the layout
    Reply.Binary answer(ByteBuf frame) {
        BatchFrames.Header header = BatchFrames.header(frame, batch.layout());
        Reply.Binary repeated = session.repeated(header.at(), Reply.Binary.class);
        if (repeated != null) {
            return repeated;
        }
        long quarantined = vector.quarantined();
        if (header.operation() == BatchFrames.RESET) {
            reset(frame, header.payload());
        } else {
            step(frame, header.payload());
        }
        metrics.quarantined(vector.quarantined() - quarantined);
        session.synchronizeTurns();
        var reply = new Reply.Columns(header.operation(), session.count(), vector.hasInfos() ? infos() : NONE);
        session.record(reply);
        return reply;
    }

    private void reset(ByteBuf frame, int payload) {
        Map<String, @Nullable Object> options = BatchFrames.options(frame, payload);
        BatchFrames.copyPayload(frame, payload, batch.reset());
        requireSeedsOfTheProtocol();
        Long standard = session.opening.seed();
        if (standard != null) {
            for (int row = 0; row < batch.rows(); row++) {
                if (seed(row) == VectorEnvironment.NO_SEED && vector.usedSeed(row) == VectorEnvironment.NO_SEED) {
                    batch.reset().set(ValueLayout.JAVA_LONG_UNALIGNED, seedOffset(row), standard + row);
                }
            }
        }
        vector.reset(options);
    }

    /// Frames could hold larger seeds than JSON's numbers do; the same session must be open to both.
    private void requireSeedsOfTheProtocol() {
        long mask = batch.layout().reset().column("mask").offset();
        for (int row = 0; row < batch.rows(); row++) {
            long seed = seed(row);
            boolean none = seed == VectorEnvironment.NO_SEED;
            boolean reset = batch.reset().get(ValueLayout.JAVA_BYTE, mask + row) != 0;
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
        return batch.reset().get(ValueLayout.JAVA_LONG_UNALIGNED, seedOffset(row));
    }

    private long seedOffset(int row) {
        return batch.layout().reset().column("seeds").offset() + 8L * row;
    }

    /// The step columns keep their bytes when the step is refused: the turns of a simultaneous game wait in them.
    private void step(ByteBuf frame, int payload) {
        if (!session.opening.playsTurns()) {
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

    /// `{row: {agent: {…}, "final": {agent: {…}}}}` of the rows that have any.
    private byte[] infos() {
        var bytes = new ByteArrayOutputStream();
        try (JsonGenerator out = JsonMessage.JSON.createGenerator(ObjectWriteContext.empty(), bytes)) {
            out.writeStartObject();
            for (int row = 0; row < batch.rows(); row++) {
                if (anyInfo(row)) {
                    out.writeObjectPropertyStart(Integer.toString(row));
                    writeRow(out, row);
                    out.writeEndObject();
                }
            }
            out.writeEndObject();
        }
        return bytes.toByteArray();
    }

    private boolean anyInfo(int row) {
        for (int agent = 0; agent < batch.agents(); agent++) {
            if (!vector.info(row, agent).isEmpty()
                    || !vector.finalInfo(row, agent).isEmpty()) {
                return true;
            }
        }
        return false;
    }

    private void writeRow(JsonGenerator out, int row) {
        boolean anyFinal = false;
        for (int agent = 0; agent < batch.agents(); agent++) {
            write(out, agent, vector.info(row, agent));
            anyFinal |= !vector.finalInfo(row, agent).isEmpty();
        }
        if (anyFinal) {
            out.writeObjectPropertyStart("final");
            for (int agent = 0; agent < batch.agents(); agent++) {
                write(out, agent, vector.finalInfo(row, agent));
            }
            out.writeEndObject();
        }
    }

    private void write(JsonGenerator out, int agent, Map<String, Object> info) {
        if (!info.isEmpty()) {
            out.writeName(session.agents.get(agent));
            NumberJson.writeAny(out, info);
        }
    }
}
