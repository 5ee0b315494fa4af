package io.hypertoken.record;

import io.hypertoken.HyperTokenException;
import io.hypertoken.engine.VectorEnvironment;
import io.hypertoken.env.Signature;
import io.hypertoken.env.Spec;
import io.hypertoken.space.Leaf;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Plays the seeds, options and actions of an episode file again and compares what happens, record by record.
///
/// Each row is replayed alone: rows never depend on each other.
public final class Replay {
    private final EpisodeFile file;
    private final VectorEnvironment vector;
    private final ArrayDeque<byte[]> made = new ArrayDeque<>();
    private final RecordFields recorded;
    private final RecordFields replayed;
    private long steps;

    private Replay(EpisodeFile file, VectorEnvironment vector) {
        this.file = file;
        this.vector = vector;
        this.recorded = new RecordFields(vector.spec(), vector.batch().signature());
        this.replayed = new RecordFields(vector.spec(), vector.batch().signature());
        TrajectoryRecorder.attach(vector, (row, bytes, length) -> made.add(Arrays.copyOf(bytes, length)));
    }

    /// Where a replay first goes another way than the file.
    ///
    /// @param row the row
    /// @param step the row's step, counted from 1 over all its episodes; 0 at its first reset
    /// @param what the field, what was recorded and what it is now
    public record Divergence(int row, long step, String what) {
        @Override
        public String toString() {
            return "row " + row + ", " + (step == 0 ? "first reset" : "step " + step) + ": " + what;
        }
    }

    /// Replays a whole file.
    ///
    /// @param spec the environment that the file names
    /// @return where each row first diverges; empty if none does
    /// @throws HyperTokenException `bad_field` if the file is of another environment or version, or begins in the
    ///     middle of an episode
    public static List<Divergence> verify(EpisodeFile file, Spec spec) {
        requireSame(file, spec);
        var divergences = new ArrayList<Divergence>();
        for (int row = 0; row < file.settings().rows(); row++) {
            try (var vector = open(file, spec)) {
                var replay = new Replay(file, vector);
                String what = replay.run(row);
                if (!what.isEmpty()) {
                    divergences.add(new Divergence(row, replay.steps, what));
                }
            }
        }
        return divergences;
    }

    /// Brings a row back to where its journal ends, to play on from there.
    ///
    /// @return a vector of that one row, with the file's autoreset and illegal-action policy; close it
    /// @throws HyperTokenException `bad_field` as [#verify], and where the replay diverges
    public static VectorEnvironment resume(EpisodeFile file, Spec spec, int row) {
        requireSame(file, spec);
        VectorEnvironment vector = open(file, spec);
        try {
            var replay = new Replay(file, vector);
            String what = replay.run(row);
            if (!what.isEmpty()) {
                throw file.refusal("it diverges at " + new Divergence(row, replay.steps, what));
            }
            return vector;
        } catch (RuntimeException e) {
            vector.close();
            throw e;
        }
    }

    private static void requireSame(EpisodeFile file, Spec spec) {
        if (!file.environment().equals(spec.id()) || file.version() != spec.version()) {
            throw file.refusal("it is of " + file.environment() + " v" + file.version() + ", this is " + spec);
        }
    }

    private static VectorEnvironment open(EpisodeFile file, Spec spec) {
        return VectorEnvironment.open(
                spec, spec.options(file.options()), file.settings().rows(1));
    }

    /// @return what diverges first; empty if nothing does
    private String run(int row) {
        List<EpisodeFile.Entry> entries = file.entries(row);
        for (EpisodeFile.Entry entry : entries) {
            byte[] expected = entry.bytes();
            if (expected[0] == RecordLayout.STEP) {
                steps++;
            }
            if (made.isEmpty()) {
                requireReplayable(entry);
                String refused = perform(entry);
                if (!refused.isEmpty()) {
                    return refused;
                }
            }
            byte[] found = made.isEmpty() ? new byte[] {0} : made.remove();
            List<RecordFields.Field> before = recorded.read(expected);
            List<RecordFields.Field> now = replayed.read(found);
            if (!Arrays.equals(expected, found)) {
                return difference(before, now);
            }
        }
        return "";
    }

    private void requireReplayable(EpisodeFile.Entry entry) {
        boolean resets = entry.bytes()[0] == RecordLayout.RESET && entry.bytes().length >= 1 + Long.BYTES;
        if (resets ? !vector.wasReset(0) && seed(entry) == RecordLayout.DREW_ON : !vector.wasReset(0)) {
            throw file.refusal("a row begins without a seed");
        }
        if (!resets && 1 + recorded.actionBytes() > entry.bytes().length) {
            throw file.refusal("a record ends too early");
        }
    }

    private static long seed(EpisodeFile.Entry reset) {
        return MemorySegment.ofArray(reset.bytes()).get(ValueLayout.JAVA_LONG_UNALIGNED, 1);
    }

    /// Does what the record says was done.
    ///
    /// @return why that is refused now; empty if it is not
    private String perform(EpisodeFile.Entry entry) {
        try {
            if (entry.bytes()[0] == RecordLayout.RESET) {
                vector.reset(null, new long[] {seed(entry)}, entry.episodeOptions());
            } else {
                writeActions(entry.bytes());
                vector.step();
            }
            return "";
        } catch (HyperTokenException refused) {
            return "what was played is refused now: " + refused.getMessage();
        }
    }

    private void writeActions(byte[] record) {
        Signature signature = vector.batch().signature();
        List<Leaf> leaves = signature.actionLeaves();
        int at = 1;
        for (int agent = 0; agent < signature.agents().size(); agent++) {
            for (int k = 0; k < leaves.size() && recorded.acts(agent); k++) {
                int bytes = leaves.get(k).bytes();
                MemorySegment.copy(
                        record, at, vector.batch().action(k), ValueLayout.JAVA_BYTE, (long) agent * bytes, bytes);
                at += bytes;
            }
        }
    }

    private static String difference(List<RecordFields.Field> before, List<RecordFields.Field> now) {
        for (int k = 0; k < Math.max(before.size(), now.size()); k++) {
            RecordFields.Field was = k < before.size() ? before.get(k) : new RecordFields.Field("nothing", "");
            RecordFields.Field is = k < now.size() ? now.get(k) : new RecordFields.Field("nothing", "");
            if (!was.equals(is)) {
                return was.name().equals(is.name())
                        ? was.name() + " was " + was.value() + " and is now " + is.value()
                        : was.name() + " was recorded where " + is.name() + " is now";
            }
        }
        return "the bytes differ where their numbers do not";
    }
}
