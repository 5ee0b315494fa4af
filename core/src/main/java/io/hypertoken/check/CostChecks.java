package io.hypertoken.check;

import com.sun.management.ThreadMXBean;
import io.hypertoken.engine.Settings;
import io.hypertoken.engine.VectorEnvironment;
import io.hypertoken.record.ScriptedActions;
import java.lang.management.ManagementFactory;
import java.util.List;

/// Measures what a step costs beside time.
final class CostChecks {
    private static final int ROWS = 16;
    private static final int WARM_UP = 4_000;
    private static final int MEASURED = 1_000;
    private static final int TRIES = 20;

    private CostChecks() {}

    static List<Check> all() {
        return List.of(new Check(
                "allocation", "steps and autoresets allocate no memory once they are warm", CostChecks::allocation));
    }

    private static void allocation(Trial trial) {
        if (!(ManagementFactory.getThreadMXBean() instanceof ThreadMXBean threads)) {
            throw Verdict.notApplicable("this Java does not count allocated bytes");
        }
        try (var vector = trial.open(Settings.DEFAULT.rows(ROWS))) {
            vector.reset(trial.seed());
            var script = new ScriptedActions(trial.seed(), ROWS);
            allocatedByStep(vector, script, threads, WARM_UP);
            double each = Double.MAX_VALUE;
            // On a busy machine the compiler is late: warm is whoever has stopped allocating.
            for (int k = 0; k < TRIES && each >= 1; k++) {
                each = Math.min(each, allocatedByStep(vector, script, threads, MEASURED));
            }
            if (each >= 1) {
                throw Verdict.warned(
                        "a step allocates " + Math.round(each) + " bytes",
                        "the collector then runs while others learn",
                        "keep arrays in fields, and records, streams, boxes and info out of step() and observe()");
            }
        }
    }

    /// The mean of so many steps, in bytes for each row.
    private static double allocatedByStep(
            VectorEnvironment vector, ScriptedActions script, ThreadMXBean threads, int steps) {
        long allocated = 0;
        for (int k = 0; k < steps; k++) {
            script.choose(vector);
            long before = threads.getCurrentThreadAllocatedBytes();
            vector.step();
            allocated += threads.getCurrentThreadAllocatedBytes() - before;
        }
        return (double) allocated / steps / ROWS;
    }
}
