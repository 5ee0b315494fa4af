package io.hypertoken.embed;

import io.hypertoken.engine.Batch;
import io.hypertoken.engine.Seats;
import io.hypertoken.engine.VectorEnvironment;
import io.hypertoken.env.Frame;
import io.hypertoken.env.Policy;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One open vector: its plain operation is the step.
///
/// A step or reset returns a sum of [#ENDED], [#INFOS], [#SLOW], [#REWARDED] and [#ILLEGAL]; 0 says that the host need
/// not look.
final class VectorEndpoint extends Endpoint {
    /// Some agent of some row was terminated or truncated.
    static final int ENDED = 1;
    /// Some agent was told something; ask for it with [#TELL].
    static final int INFOS = 2;
    /// The call took so long that a user may want to interrupt the next one.
    static final int SLOW = 4;

    /// Some agent got a reward other than 0; said only where there are several agents.
    static final int REWARDED = 8;

    /// Some agent's action was illegal: the columns `illegal_action` and `played` say whose.
    static final int ILLEGAL = 16;

    // The operations beside the step, which is 0.
    static final int RESET = 1;
    static final int SEND = 2;
    static final int RECV = 3;
    static final int TELL = 4;
    static final int OBSERVE = 5;
    static final int TEXT = 6;
    static final int FRAME = 7;
    static final int SAVE = 8;
    static final int RESTORE = 9;
    static final int SEED = 10;
    static final int CHOOSE = 11;

    private static final int SLOW_TICKS = 3;

    private final VectorEnvironment vector;
    private final VectorFunction function;
    private final long terminated;
    private final long truncated;
    private final long reward;
    private final int cells;
    private final boolean alone;
    private final Map<String, Policy> policies = new HashMap<>();
    private @Nullable Seats playing;
    private boolean sent;

    VectorEndpoint(ControlBlock control, VectorEnvironment vector) {
        super(control);
        CoarseClock.start();
        this.vector = vector;
        Batch batch = vector.batch();
        this.terminated = batch.replyColumn("terminated").address();
        this.truncated = batch.replyColumn("truncated").address();
        this.reward = batch.replyColumn("reward").address();
        this.cells = batch.rows() * batch.agents();
        this.alone = batch.agents() == 1;
        this.function = VectorFunction.of(this);
    }

    /// The address of the C function.
    long function() {
        return function.address();
    }

    @Override
    int plain() {
        int began = CoarseClock.ticks;
        vector.step();
        int outcome = outcome();
        return CoarseClock.ticks - began > SLOW_TICKS ? outcome | SLOW : outcome;
    }

    @Override
    int perform(int operation) {
        switch (operation) {
            case RESET -> {
                vector.reset(control.request().options());
                return outcome();
            }
            case SEND -> {
                vector.send();
                sent = true;
            }
            case RECV -> {
                vector.recv();
                sent = false;
                return outcome();
            }
            case TELL -> reply.json(infos());
            case OBSERVE -> vector.observe(control.row(), control.agent());
            case TEXT -> {
                String text = vector.text(control.row(), control.agent());
                reply.bytes(text == null ? new byte[0] : text.getBytes(StandardCharsets.UTF_8));
                control.result(text == null ? 0 : 1);
            }
            case FRAME -> reply.bytes(picture(vector.frame(control.row())));
            case SAVE -> reply.bytes(vector.snapshot(control.row()));
            case RESTORE -> vector.restore(control.row(), control.bytes());
            case SEED -> control.result(vector.usedSeed(control.row()));
            case CHOOSE -> choose(control.row(), control.agent(), control.text());
            default -> throw new IllegalStateException("a vector has no operation " + operation + "; report this");
        }
        return 0;
    }

    @Override
    boolean endsStep(int operation) {
        return operation == RECV;
    }

    @Override
    boolean stepsOn() {
        return sent;
    }

    @Override
    void free() {
        vector.close();
        super.free();
        function.rest();
    }

    /// Writes what a policy would play into the columns of the action; nothing moves.
    private void choose(int row, int agent, String policy) {
        Seats seats = playing;
        if (seats == null) {
            seats = new Seats(vector);
            playing = seats;
        }
        seats.choose(
                row,
                agent,
                policies.computeIfAbsent(policy, name -> vector.spec().policy(name, vector.options())));
    }

    private int outcome() {
        int outcome = HostMemory.anyFlag(terminated, cells) || HostMemory.anyFlag(truncated, cells) ? ENDED : 0;
        if (!alone && HostMemory.anyFlag(reward, 8L * cells)) {
            outcome |= REWARDED;
        }
        if (vector.hasIllegalActions()) {
            outcome |= ILLEGAL;
        }
        return vector.hasInfos() ? outcome | INFOS : outcome;
    }

    private Map<String, Object> infos() {
        var infos = new ArrayList<List<Object>>();
        var finals = new ArrayList<List<Object>>();
        int agents = vector.batch().agents();
        for (int row = 0; row < vector.batch().rows(); row++) {
            for (int agent = 0; agent < agents; agent++) {
                add(infos, row, agent, vector.info(row, agent));
                add(finals, row, agent, vector.finalInfo(row, agent));
            }
        }
        return Map.of("infos", infos, "finals", finals);
    }

    private static void add(List<List<Object>> list, int row, int agent, Map<String, Object> info) {
        if (!info.isEmpty()) {
            list.add(List.of(row, agent, info));
        }
    }

    /// Width and height as i32, then the pixels; nothing where there is no picture.
    private static byte[] picture(@Nullable Frame frame) {
        if (frame == null) {
            return new byte[0];
        }
        return ByteBuffer.allocate(8 + frame.rgb().length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(frame.width())
                .putInt(frame.height())
                .put(frame.rgb())
                .array();
    }
}
