package io.hypertoken.server.bridge;

import static io.hypertoken.ErrorCode.BAD_FIELD;
import static io.hypertoken.ErrorCode.BAD_STEP;

import io.hypertoken.HyperTokenException;
import io.hypertoken.engine.AecView;
import io.hypertoken.engine.Batch;
import io.hypertoken.engine.VectorEnvironment;
import io.hypertoken.env.MaskMeaning;
import io.hypertoken.record.TrajectoryDigest;
import io.hypertoken.record.TrajectoryRecorder;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// An opened vector with the count of its answered resets and steps.
///
/// Guarded by its own monitor: it may pass from one connection, and so from one thread, to another.
final class Session implements AutoCloseable {
    final String id;
    final Opening opening;
    final VectorEnvironment vector;
    final Batch batch;
    final List<String> agents;
    private final @Nullable AecView aec;
    private final ObservationJson[] observations;
    private final @Nullable TrajectoryDigest digest;

    /// The connection that speaks for it; null while it waits for its client.
    @Nullable
    Conversation owner;
    /// When its lease runs out, if it has no owner.
    long deadlineNanos;

    private boolean closed;
    private long at;
    private @Nullable Reply recorded;

    Session(String id, Opening opening) {
        this.id = id;
        this.opening = opening;
        this.vector = VectorEnvironment.open(opening.spec(), opening.options(), opening.settings());
        this.batch = vector.batch();
        this.agents = batch.signature().agents();
        this.aec = opening.playsTurns() ? new AecView(vector) : null;
        this.observations = batch.signature().observationSpaces().stream()
                .map(space -> new ObservationJson(space, batch.layout()))
                .toArray(ObservationJson[]::new);
        this.digest = opening.digested() ? new TrajectoryDigest(opening.rows()) : null;
        if (digest != null) {
            TrajectoryRecorder.attach(vector, digest);
        }
    }

    /// How many resets and steps it has answered.
    long at() {
        return at;
    }

    /// The row as turns.
    ///
    /// @throws HyperTokenException `bad_field` if the session has several rows, or resets itself
    AecView turns(String command) {
        if (aec == null) {
            throw new HyperTokenException(
                    BAD_FIELD,
                    command + " refused a session of " + opening.rows() + " rows with autoreset "
                            + opening.autoreset().wireName(),
                    "it speaks about one row that is reset by its client",
                    "step batches in binary frames, or open num_envs=1 with autoreset=disabled");
        }
        return aec;
    }

    /// After a batch was reset or stepped past the turns.
    void synchronizeTurns() {
        if (aec != null) {
            aec.synchronize();
        }
    }

    ObservationJson observation(int agent) {
        return observations[agent];
    }

    /// The digest of the trajectory so far.
    ///
    /// @throws HyperTokenException `bad_field` if the session was opened without one
    TrajectoryDigest digest() {
        if (digest == null) {
            throw new HyperTokenException(
                    BAD_FIELD,
                    "this session keeps no digest",
                    "it was opened without digest",
                    "open it with \"digest\":true");
        }
        return digest;
    }

    /// How many mask flags an agent has; 0 where the environment has no mask.
    int maskSize(int agent) {
        return opening.spec().maskMeaning() == MaskMeaning.NONE
                ? 0
                : batch.signature().actionSpaces().get(agent).maskSize();
    }

    /// The recorded reply to a request that has been answered already; null if the request is the next one.
    ///
    /// @param number what the request carries; null for an unnumbered one
    /// @param kind what the request is answered with
    /// @throws HyperTokenException `bad_step` if it is neither the next nor the last
    <R extends Reply> @Nullable R repeated(@Nullable Long number, Class<R> kind) {
        if (number == null || number == at + 1) {
            return null;
        }
        if (number == at && kind.isInstance(recorded)) {
            return kind.cast(recorded);
        }
        throw new HyperTokenException(
                BAD_STEP,
                "refused request number at=" + number,
                "this session has answered " + at + " resets and steps",
                "send at=" + (at + 1) + (recorded == null ? "" : ", or at=" + at + " to hear the last reply again"));
    }

    /// Counts a reset or step that has been played.
    long count() {
        recorded = null;
        return ++at;
    }

    /// Keeps the reply to the last counted request.
    void record(Reply reply) {
        recorded = reply;
    }

    /// Before the columns change without being counted: the recorded reply, if it stands in them, is copied.
    void keepRecord() {
        if (recorded instanceof Reply.Columns columns) {
            recorded = columns.copied(batch);
        }
    }

    boolean isClosed() {
        return closed;
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            vector.close();
        }
    }

    @Override
    public String toString() {
        // The whole id is the key to the session: logs show its beginning.
        return opening.spec().id() + " session " + id.substring(0, Math.min(6, id.length())) + "…";
    }
}
