package io.hypertoken.server.events.alert;

import java.util.concurrent.atomic.LongAdder;

/// What became of the alerts of one hub. Safe for any thread.
public final class AlertCounts {
    final LongAdder raised = new LongAdder();
    final LongAdder delivered = new LongAdder();
    final LongAdder failed = new LongAdder();
    final LongAdder dropped = new LongAdder();

    AlertCounts() {}

    /// Findings of rules.
    public long raised() {
        return raised.sum();
    }

    /// Webhooks that were answered with success, and command lines that ended with 0.
    public long delivered() {
        return delivered.sum();
    }

    /// Webhooks and command lines that did not, for good.
    public long failed() {
        return failed.sum();
    }

    /// Webhooks and command lines that were left out because too many were under way.
    public long dropped() {
        return dropped.sum();
    }
}
