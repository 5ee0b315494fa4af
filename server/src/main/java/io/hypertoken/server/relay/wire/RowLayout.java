package io.hypertoken.server.relay.wire;

import io.hypertoken.space.Leaf;
import java.util.List;

/// Where the columns of a frame about `count` rows lie; both ends compute it from what the page announced.
///
/// All numbers are little-endian, and each column begins at a multiple of 8 bytes from the frame's beginning. A frame
/// is
/// a head of 24 bytes, its columns, and UTF-8 JSON for what is rare.
///
/// ```text
/// head       0 u32 magic   4 u32 id   8 u32 page   12 u32 count   16 u32 bytes of JSON   20 u32 0
/// question   i32 instance [count]      u8 what to do [count]   i32 turn [count]   f64 seed [count], -1 to draw on
///            each action leaf [count, agents, *leaf]           JSON {"k": options of row k's episode}
/// answer     u8 state [count]          i32 turn [count]        f64 reward [count, agents]
///            u8 terminated, truncated [count, agents]          u8 mask [count, agents, flags]
///            each observation leaf [count, agents, *leaf]      JSON {"k": {"error", "info": [by agent]}}
/// ```
///
/// `page` is which of the player's pages is meant; a page itself is told 0 and need not repeat it. An answer has the
/// id and the rows of its question.
public final class RowLayout {
    /// `HTQ1`: asks a page something.
    public static final int QUESTION = 0x31515448;

    /// `HTA1`: a page's answer.
    public static final int ANSWER = 0x31415448;

    /// Bytes before the first column.
    public static final int HEAD = 24;

    /// Where the id of a question lies, in its answer too.
    public static final int ID_AT = 4;

    /// Where the page that is meant lies.
    public static final int PAGE_AT = 8;

    /// Where the number of rows lies.
    public static final int COUNT_AT = 12;

    /// Where the length of the JSON lies.
    public static final int JSON_AT = 16;

    /// What a row is to do: play an action.
    public static final byte STEP = 1;

    /// Begin an episode.
    public static final byte RESET = 2;

    /// Be made anew, and begin an episode.
    public static final byte RENEW = 3;

    /// Be drawn, which changes nothing; alone in its question, and the answer's JSON is the picture instead: red, green
    /// and
    /// blue of each pixel.
    public static final byte DRAW = 4;

    /// The state of a row whose game threw.
    public static final byte THREW = 1;

    /// The most bytes of JSON in a frame.
    public static final int MOST_JSON = 1 << 20;

    private static final int ALIGNMENT = 8;

    private final int agents;
    private final int maskSize;
    private final int[] actionBytes;
    private final int[] observationBytes;

    /// @param maskSize flags of an agent's mask; 0 for none
    public RowLayout(int agents, List<Leaf> actions, List<Leaf> observations, int maskSize) {
        this.agents = agents;
        this.maskSize = maskSize;
        this.actionBytes = actions.stream().mapToInt(Leaf::bytes).toArray();
        this.observationBytes = observations.stream().mapToInt(Leaf::bytes).toArray();
    }

    /// Where the columns of a question lie.
    ///
    /// @param action each action leaf's column
    /// @param end where the JSON begins
    @SuppressWarnings("ArrayRecordComponent") // read, never compared
    public record Question(int instance, int kind, int turn, int seed, int[] action, int end) {}

    /// Where the columns of an answer lie.
    ///
    /// @param observation each observation leaf's column
    /// @param end where the JSON begins
    @SuppressWarnings("ArrayRecordComponent") // read, never compared
    public record Answer(
            int state, int turn, int reward, int terminated, int truncated, int mask, int[] observation, int end) {}

    /// A question about so many rows.
    public Question question(int count) {
        var cursor = new Cursor();
        int instance = cursor.column(4L * count);
        int kind = cursor.column(count);
        int turn = cursor.column(4L * count);
        int seed = cursor.column(8L * count);
        return new Question(instance, kind, turn, seed, cursor.leaves(actionBytes, count), cursor.end());
    }

    /// An answer about so many rows.
    public Answer answer(int count) {
        var cursor = new Cursor();
        long cells = (long) count * agents;
        int state = cursor.column(count);
        int turn = cursor.column(4L * count);
        int reward = cursor.column(8 * cells);
        int terminated = cursor.column(cells);
        int truncated = cursor.column(cells);
        int mask = cursor.column(cells * maskSize);
        return new Answer(
                state, turn, reward, terminated, truncated, mask, cursor.leaves(observationBytes, count), cursor.end());
    }

    /// Places columns one behind another.
    private final class Cursor {
        private long next = HEAD;

        int column(long bytes) {
            int at = end();
            next = (next + bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
            return at;
        }

        int[] leaves(int[] leafBytes, int count) {
            int[] at = new int[leafBytes.length];
            for (int leaf = 0; leaf < at.length; leaf++) {
                at[leaf] = column((long) leafBytes[leaf] * agents * count);
            }
            return at;
        }

        int end() {
            return Math.toIntExact(next);
        }
    }
}
