package io.hypertoken.engine;

import static io.hypertoken.ErrorCode.EPISODE_OVER;
import static io.hypertoken.ErrorCode.NOT_RESET;

import io.hypertoken.HyperTokenException;

/// Looks at every row's action before anything moves, and deals with illegal ones as the settings say.
final class StepCheck {
    private static final long EACH = 0x0101010101010101L;

    private final Rows rows;
    private final Batch batch;
    private final Settings settings;
    private final ActionRules actionRules;

    StepCheck(Rows rows) {
        this.rows = rows;
        this.batch = rows.batch;
        this.settings = rows.settings;
        this.actionRules = rows.actionRules;
    }

    /// Refuses the step with nothing changed, or clears the last step's infos and replaces what is illegal.
    ///
    /// @throws HyperTokenException `bad_action`, `illegal_action` (strict), `not_reset` or `episode_over`
    void check() {
        if (actionRules.oneFreeChoice() && allPlayOrWait() && actionRules.choicesInside(rows.status.length)) {
            rows.forgetInfos();
            return;
        }
        boolean anyIllegal = false;
        boolean oneFreeChoice = actionRules.oneFreeChoice();
        for (int row = 0; row < rows.status.length; row++) {
            if (rows.status[row] != Rows.RUNNING && !plays(row)) {
                continue;
            }
            if (oneFreeChoice) {
                actionRules.checkChoice(row);
            } else if (rows.agents == 1) {
                anyIllegal |= isIllegal(row, 0);
            } else if (!rows.simultaneous) {
                anyIllegal |= isIllegal(row, rows.turn(row));
            } else {
                anyIllegal |= anyIllegal(row);
            }
        }
        rows.forgetInfos();
        if (anyIllegal) {
            replaceIllegal();
        }
    }

    /// Whether an agent's action is one that its mask forbids.
    ///
    /// @throws HyperTokenException `bad_action`, or `illegal_action` (strict)
    boolean isIllegal(int row, int agent) {
        if (actionRules.check(row, agent)) {
            return false;
        }
        if (settings.illegal() == IllegalActions.STRICT) {
            throw actionRules.refusal(row, agent);
        }
        return true;
    }

    /// Refuses to do anything with a row before its first reset.
    ///
    /// @throws HyperTokenException `not_reset`
    void requireReset(int row) {
        if (rows.status[row] == Rows.NEVER_RESET) {
            throw notReset();
        }
    }

    /// Whether no row is over or was never reset; tells eight at once.
    private boolean allPlayOrWait() {
        byte[] status = rows.status;
        long others = 0;
        int row = 0;
        for (; row + Long.BYTES <= status.length; row += Long.BYTES) {
            long eight = (long) Rows.EIGHT.get(status, row);
            others |= (eight >>> 2 | eight & ~(eight >>> 1)) & EACH;
        }
        for (; row < status.length; row++) {
            others |= (status[row] >>> 2 | status[row] & ~(status[row] >>> 1)) & 1;
        }
        return others == 0;
    }

    private boolean anyIllegal(int row) {
        boolean any = false;
        for (int agent = 0; agent < rows.agents; agent++) {
            any |= Memory.getFlag(batch.alive + (long) row * rows.agents + agent) && isIllegal(row, agent);
        }
        return any;
    }

    /// Whether the row's action counts in this step.
    private boolean plays(int row) {
        return switch (rows.status[row]) {
            case Rows.RUNNING, Rows.NEW_EPISODE -> true;
            case Rows.RESET_DUE -> false;
            case Rows.OVER ->
                throw new HyperTokenException(
                        EPISODE_OVER,
                        "cannot step " + (settings.rows() == 1 ? rows.spec.id() : "row " + row),
                        "its episode is over and autoreset is disabled",
                        "reset it first");
            default -> throw notReset();
        };
    }

    private void replaceIllegal() {
        for (int row = 0; row < settings.rows(); row++) {
            if (!plays(row)) {
                continue;
            }
            for (int agent = 0; agent < rows.agents; agent++) {
                boolean acts = rows.simultaneous ? batch.alive(row, agent) : agent == rows.turn(row);
                if (!acts || actionRules.check(row, agent)) {
                    continue;
                }
                if (settings.illegal() == IllegalActions.TERMINATE) {
                    rows.illegal.ends(row, agent);
                    rows.condemn(row);
                } else {
                    actionRules.playFallback(row, agent);
                    rows.illegal.replaced(row, agent);
                }
            }
        }
    }

    private HyperTokenException notReset() {
        return new HyperTokenException(
                NOT_RESET, rows.spec.id() + " has not been reset", "an episode begins with a reset", "reset it first");
    }
}
