package io.hypertoken.guests.python;

import io.hypertoken.env.RowLostException;
import java.lang.foreign.ValueLayout;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a worker's rows were asked and have answered beside what stands in the columns. An answer stays until it is
/// taken.
final class RowAnswers {
    private final boolean[] pending;
    private final @Nullable RuntimeException[] refusals;
    private final @Nullable Object[] infos;
    private final @Nullable Object[] errors;

    RowAnswers(int rows) {
        pending = new boolean[rows];
        refusals = new RuntimeException[rows];
        infos = new Object[rows];
        errors = new Object[rows];
    }

    /// A row is asked anew.
    void expect(int row, ColumnFile columns) {
        pending[row] = true;
        refusals[row] = null;
        infos[row] = null;
        errors[row] = null;
        columns.memory.set(ValueLayout.JAVA_BYTE, columns.done + row, (byte) 0);
    }

    /// A row cannot be asked.
    void refuse(int row, RuntimeException why) {
        refusals[row] = why;
    }

    /// What the process tells in a message of its own.
    ///
    /// @throws IllegalArgumentException if the message is of another kind
    void told(Message message) {
        if (message.kind() != Message.TOLD) {
            throw new IllegalArgumentException("a message of kind " + message.kind());
        }
        Map<String, @Nullable Object> told = message.json();
        object(told.get("infos")).forEach((row, info) -> infos[Integer.parseInt(row)] = info);
        object(told.get("errors")).forEach((row, error) -> errors[Integer.parseInt(row)] = error);
    }

    /// How many rows have an answer in the columns; those that were not asked count too, and do not change.
    int count(ColumnFile columns) {
        int count = 0;
        for (int row = 0; row < pending.length; row++) {
            count += columns.memory.get(ValueLayout.JAVA_BYTE, columns.done + row) == 0 ? 0 : 1;
        }
        return count;
    }

    /// Whether the row was asked and its answer has not been taken.
    boolean isPending(int row) {
        return pending[row];
    }

    /// What `done` says of a row that has answered.
    ///
    /// @param last what became of the process, if it is gone
    /// @throws RowLostException if it was lost first
    /// @throws PythonException what its rules raised
    byte take(int row, ColumnFile columns, String last) {
        pending[row] = false;
        RuntimeException refusal = refusals[row];
        if (refusal != null) {
            throw refusal;
        }
        byte done = columns.memory.get(ValueLayout.JAVA_BYTE, columns.done + row);
        if (done == 0) {
            throw new RowLostException(last);
        }
        if ((done & ColumnFile.FAILED) != 0) {
            Object raised = errors[row];
            throw new PythonException(raised == null ? "what it raised is lost" : raised.toString());
        }
        return done;
    }

    /// What an info holds beside numbers of its own columns; by agent where there are several.
    Map<String, @Nullable Object> info(int row) {
        return object(infos[row]);
    }

    @SuppressWarnings("unchecked") // JsonMessage makes no other maps
    private static Map<String, @Nullable Object> object(@Nullable Object json) {
        return json instanceof Map<?, ?> map ? (Map<String, @Nullable Object>) map : Map.of();
    }
}
