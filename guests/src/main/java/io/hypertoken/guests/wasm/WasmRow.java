package io.hypertoken.guests.wasm;

import io.hypertoken.env.Environment;
import io.hypertoken.env.Frame;
import io.hypertoken.env.Renders;
import io.hypertoken.env.Step;
import io.hypertoken.env.View;

/// One row of a running module: takes what the module has written about it.
class WasmRow implements Environment {
    private static final int TERMINATED = 1;
    private static final int TRUNCATED = 2;
    private static final int MOST_DRAWN = 1 << 16;

    private final WasmRows group;
    private final WasmShape shape;
    private final Answers answers;
    private final int row;

    private WasmRow(WasmRows group, int row) {
        this.group = group;
        this.shape = group.shape;
        this.answers = group.answers;
        this.row = row;
    }

    /// The class of the rows of a module, which tells how they are drawn.
    static Class<? extends WasmRow> classOf(WasmDescription description) {
        if (description.drawsFrames()) {
            return Pictured.class;
        }
        return description.drawsText() ? Drawn.class : WasmRow.class;
    }

    static WasmRow of(WasmRows group, int row) {
        if (group.shape.description.drawsFrames()) {
            return new Pictured(group, row);
        }
        return group.shape.description.drawsText() ? new Drawn(group, row) : new WasmRow(group, row);
    }

    @Override
    public void reset(Step step) {
        if (!group.take(row)) {
            group.resetAlone(row, step);
        }
        if (shape.takesTurns) {
            step.next(turn());
        }
    }

    @Override
    public void step(Step step) {
        if (!group.take(row)) {
            group.stepAlone(row, step);
        }
        if (shape.agents == 1) {
            take(step, 0, row);
            return;
        }
        for (int agent = 0; agent < shape.agents; agent++) {
            if (step.alive(agent)) {
                take(step, agent, row * shape.agents + agent);
            }
        }
        if (shape.takesTurns && anyAlive(step)) {
            step.next(turn());
        }
    }

    private void take(Step step, int agent, int cell) {
        double reward = answers.reward(cell);
        if (!Double.isFinite(reward)) {
            throw new IllegalStateException(
                    "the module gave row " + row + " the reward " + reward + "; a reward is finite; mend its ht_step");
        }
        step.reward(agent, reward);
        for (int k = 0; k < shape.infos; k++) {
            step.info(agent, k, answers.info(k, cell));
        }
        byte how = answers.end(cell);
        if (how != 0) {
            end(step, agent, how);
        }
    }

    private boolean anyAlive(Step step) {
        for (int agent = 0; agent < shape.agents; agent++) {
            if (step.alive(agent)) {
                return true;
            }
        }
        return false;
    }

    private void end(Step step, int agent, byte how) {
        switch (how) {
            case TERMINATED -> step.terminate(agent);
            case TRUNCATED -> step.truncate(agent);
            default ->
                throw new IllegalStateException("the module ended row " + row + " by " + how
                        + "; HT_TERMINATED is 1 and HT_TRUNCATED 2; write one of them, or 0");
        }
    }

    private int turn() {
        int turn = answers.turn(row);
        if (turn < 0 || turn >= shape.agents) {
            throw new IllegalStateException("the module gave the turn in row " + row + " to agent " + turn
                    + "; there are " + shape.agents + ", from 0; write who acts next to turn");
        }
        return turn;
    }

    @Override
    public void observe(int agent, View view) {
        answers.show(row, agent, view);
    }

    /// One that is drawn as text.
    private static class Drawn extends WasmRow implements Renders {
        Drawn(WasmRows group, int row) {
            super(group, row);
        }

        @Override
        public String text(int agent) {
            return drawText(agent);
        }
    }

    /// One that is drawn as a picture, and maybe as text.
    private static final class Pictured extends Drawn {
        Pictured(WasmRows group, int row) {
            super(group, row);
        }

        @Override
        public Frame frame() {
            return drawFrame();
        }
    }

    final String drawText(int agent) {
        if (!shape.description.drawsText()) {
            return "it is drawn as a picture only\n";
        }
        Sandbox in = group.home(row);
        return in.text(group.draw(in, Export.HT_TEXT, row, agent), MOST_DRAWN, "the text of ht_text");
    }

    final Frame drawFrame() {
        Sandbox in = group.home(row);
        WasmDescription drawn = shape.description;
        int address = group.draw(in, Export.HT_FRAME, row);
        int bytes = 3 * drawn.frameWidth() * drawn.frameHeight();
        if (!in.holds(Integer.toUnsignedLong(address), bytes)) {
            throw new LostModule("ht_frame() is " + Integer.toUnsignedLong(address) + ", and its picture does not lie"
                    + " inside its memory");
        }
        return new Frame(drawn.frameWidth(), drawn.frameHeight(), in.bytes(address, bytes));
    }
}
