package io.hypertoken.server.relay.rows;

import io.hypertoken.env.Environment;
import io.hypertoken.env.RemoteRequest.Kind;
import io.hypertoken.env.RowLostException;
import io.hypertoken.env.Step;
import io.hypertoken.env.View;
import io.hypertoken.server.relay.wire.RowLayout;
import io.hypertoken.space.Leaf;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One row that an instance in a page plays: where it sits, what it was asked, and what came back.
class PageRow implements Environment {
    private static final int NO_PAGE = 0;

    final int index;
    /// The page's handle; [#NO_PAGE] while it has none.
    int page = NO_PAGE;
    /// Its number in the page.
    int instance;

    private final PageRows group;
    private State state = State.IDLE;
    private String why = "it has no page";
    private ByteBuffer answer = ByteBuffer.allocate(0);
    private MemorySegment answerBytes = MemorySegment.NULL;
    private RowLayout.@Nullable Answer columns;
    private int place;
    private Map<?, ?> told = Map.of();

    /// Where its last question stands.
    private enum State {
        IDLE,
        ASKED,
        ANSWERED,
        LOST
    }

    /// What a game threw, in its own words.
    private static final class GameThrewException extends RuntimeException {
        private static final long serialVersionUID = 1;

        GameThrewException(String message) {
            super(message, null, false, false);
        }

        @Override
        public String toString() {
            return String.valueOf(getMessage());
        }
    }

    PageRow(PageRows group, int index) {
        this.group = group;
        this.index = index;
    }

    final PageRows group() {
        return group;
    }

    final boolean hasPage() {
        return page != NO_PAGE;
    }

    void sit(int[] seat) {
        page = seat[0];
        instance = seat[1];
    }

    /// Its page is gone, and with it what it was asked.
    void lose(String because) {
        page = NO_PAGE;
        why = because;
        if (state == State.ASKED) {
            state = State.LOST;
        }
    }

    /// It cannot be asked.
    void refuse() {
        state = State.LOST;
    }

    void ask() {
        state = State.ASKED;
    }

    /// Its page has answered.
    ///
    /// @param at its place in the frame
    /// @param rare what the frame's JSON says of it
    void answered(ByteBuffer frame, RowLayout.Answer layout, int at, Map<?, ?> rare) {
        state = State.ANSWERED;
        answer = frame;
        answerBytes = MemorySegment.ofBuffer(frame);
        columns = layout;
        place = at;
        told = rare;
    }

    @Override
    public void reset(Step step) {
        RowLayout.Answer shown = taken(Kind.RESET, step);
        tellInfo(step);
        passTurn(step, shown);
    }

    @Override
    public void step(Step step) {
        RowLayout.Answer shown = taken(Kind.STEP, step);
        int agents = step.agents();
        for (int agent = 0; agent < agents; agent++) {
            int cell = place * agents + agent;
            double reward = answer.getDouble(shown.reward() + Double.BYTES * cell);
            if (!Double.isFinite(reward)) {
                throw new GameThrewException("the game gave the reward " + reward + "; a reward is a finite number");
            }
            step.reward(agent, reward);
            if (answer.get(shown.terminated() + cell) != 0) {
                step.terminate(agent);
            }
            if (answer.get(shown.truncated() + cell) != 0) {
                step.truncate(agent);
            }
        }
        tellInfo(step);
        passTurn(step, shown);
    }

    private RowLayout.Answer taken(Kind kind, Step step) {
        if (state == State.IDLE) {
            group.askAlone(this, kind, step);
        }
        State reached = state;
        state = State.IDLE;
        RowLayout.Answer shown = columns;
        if (reached != State.ANSWERED || shown == null) {
            throw new RowLostException(why);
        }
        if (answer.get(shown.state() + place) == RowLayout.THREW) {
            throw new GameThrewException(told.get("error") instanceof String error ? error : "the game threw");
        }
        return shown;
    }

    private void tellInfo(Step step) {
        if (!(told.get("info") instanceof List<?> infos)) {
            return;
        }
        for (int agent = 0; agent < Math.min(step.agents(), infos.size()); agent++) {
            if (infos.get(agent) instanceof Map<?, ?> info) {
                int who = agent;
                info.forEach((key, value) -> {
                    if (value != null) {
                        step.info(who, String.valueOf(key), value);
                    }
                });
            }
        }
    }

    private void passTurn(Step step, RowLayout.Answer shown) {
        int next = answer.getInt(shown.turn() + Integer.BYTES * place);
        if (!group.simultaneous() && step.agents() > 1 && next >= 0 && anyAlive(step)) {
            step.next(next);
        }
    }

    private static boolean anyAlive(Step step) {
        for (int agent = 0; agent < step.agents(); agent++) {
            if (step.alive(agent)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void observe(int agent, View view) {
        RowLayout.Answer shown = columns;
        if (shown == null) {
            return;
        }
        int cell = place * group.agents() + agent;
        List<Leaf> leaves = group.observationLeaves();
        for (int leaf = 0; leaf < leaves.size(); leaf++) {
            view.set(
                    leaf,
                    answerBytes,
                    shown.observation()[leaf] + (long) cell * leaves.get(leaf).bytes());
        }
        int flags = group.maskSize();
        for (int k = 0; k < flags; k++) {
            if (answer.get(shown.mask() + cell * flags + k) == 0) {
                view.allow(k, false);
            }
        }
    }
}
