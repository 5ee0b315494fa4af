package io.hypertoken.event;

/// Receives the events of a vector's rows when a reset or step is over: in row order, on the thread that called it. It
/// returns at once; what it throws is logged, and the step stands.
@FunctionalInterface
public interface EventSink {
    /// Nobody listens.
    EventSink NONE = new EventSink() {
        @Override
        public void accept(int row, long episode, long step, Event event) {
            // Nobody listens.
        }

        @Override
        public boolean listening() {
            return false;
        }
    };

    /// One event of one row.
    ///
    /// @param episode the row's episode, counted from 1
    /// @param step the step of that episode, counted from 1; 0 at its reset
    void accept(int row, long episode, long step, Event event);

    /// Whether anyone hears events now: while not, none is made or kept. Asked often, on whatever thread steps.
    default boolean listening() {
        return true;
    }
}
