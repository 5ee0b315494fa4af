package io.hypertoken.check;

import com.sun.management.ThreadMXBean;
import io.hypertoken.engine.Settings;
import io.hypertoken.record.ScriptedActions;
import java.lang.management.ManagementFactory;
import java.util.List;

/// Measures what a step costs beside time.
final class CostChecks {
    private static final int ROWS = 16;
    private static final int WARM_UP = 4_000;
    private static final int MEASURED = 1_000;

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
            long allocated = 0;
            for (int k = 0; k < WARM_UP + MEASURED; k++) {
                script.choose(vector);
                long before = threads.getCurrentThreadAllocatedBytes();
                vector.step();
                allocated += k < WARM_UP ? 0 : threads.getCurrentThreadAllocatedBytes() - before;
            }
            double each = (double) allocated / MEASURED / ROWS;
            if (each >= 1) {
                throw Verdict.warned(
                        "a step allocates " + Math.round(each) + " bytes",
                        "the collector then runs while others learn",
                        "keep arrays in fields, and records, streams, boxes and info out of step() and observe()");
            }
        }
    }
}
