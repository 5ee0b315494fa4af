package io.hypertoken.embed;

import static io.hypertoken.ErrorCode.ENVIRONMENT_FAILED;
import static io.hypertoken.ErrorCode.INTERNAL;

import io.hypertoken.ErrorCode;
import io.hypertoken.HyperTokenException;
import io.hypertoken.Shown;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.invoke.VarHandle;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// One C function, `int call(void)`, and the [ControlBlock] that says what a call does.
///
/// A call without arguments costs the host a third of one with a single integer, so arguments lie in the block. No
/// Throwable ever crosses: a call that fails returns [#FAILED] and answers with
/// `{"code": …, "message": …, "stack": …}`. One caller at a time: a call from a second thread while one is under way,
/// or any but [#AWAIT] while one is in the background, returns [#BUSY] and touches nothing.
abstract class Endpoint {
    /// The call failed; the reply says why.
    static final int FAILED = -1;
    /// Another call is under way, or the endpoint is closed; there is no answer.
    static final int BUSY = -2;
    /// The operation still runs on another thread; ask again with [#AWAIT].
    static final int PENDING = 1 << 16;

    /// Added to an operation: run it on another thread and return at once.
    static final int IN_BACKGROUND = 1 << 8;
    /// Operation: wait a little for the one in the background, and return what it returned, again if asked again.
    static final int AWAIT = 1 << 9;

    private static final long AWAIT_MILLIS = 20;
    private static final int LONGEST_TEXT = 20_000;
    private static final byte[] LAST_WORDS =
            "{\"code\":\"internal\",\"message\":\"the failure itself could not be told\",\"stack\":\"\"}"
                    .getBytes(StandardCharsets.UTF_8);
    private static final int FREE = 0;
    private static final int INSIDE = 1;
    private static final int CLOSED = 2;
    private static final VarHandle STATE = state();
    private static final MethodHandle CALL = call0(Endpoint.class);
    private static final MethodHandle CALL_OF_VECTOR = call0(VectorFunction.class);

    final ControlBlock control;
    final Answer reply;
    private @Nullable CompletableFuture<Integer> background;
    /// What the last operation in the background returned: a host that was interrupted asks twice.
    private int awaited;

    /// [#FREE], [#INSIDE] a call, or [#CLOSED]; whoever sets it from free owns the block, the answer and the vector.
    private volatile int state;

    private volatile boolean closing;
    private volatile boolean freed;

    Endpoint(ControlBlock control) {
        this.control = control;
        this.reply = new Answer(control);
    }

    /// Does the operation 0, which the hot path calls.
    abstract int plain();

    /// Does any other operation.
    abstract int perform(int operation);

    /// Whether an operation waits for a step that was begun before; its outcome is the step's.
    boolean endsStep(int operation) {
        return false;
    }

    /// Whether a step that was begun goes on while nobody is inside.
    boolean stepsOn() {
        return false;
    }

    /// The C function's address, valid until the arena is closed.
    final long function(Arena arena) {
        return function(CALL.bindTo(this), arena);
    }

    static long function(VectorFunction called, Arena arena) {
        return function(CALL_OF_VECTOR.bindTo(called), arena);
    }

    private static long function(MethodHandle target, Arena arena) {
        return Linker.nativeLinker()
                .upcallStub(target, FunctionDescriptor.of(ValueLayout.JAVA_INT), arena)
                .address();
    }

    /// What the C function does.
    final int call() {
        if (!STATE.compareAndSet(this, FREE, INSIDE)) {
            return BUSY;
        }
        try {
            int operation = control.takeOperation();
            if (background != null && operation != AWAIT) {
                return BUSY;
            }
            return (operation & (AWAIT | IN_BACKGROUND)) == 0 ? guarded(operation) : dispatch(operation);
        } catch (Throwable thrown) {
            return failed(thrown);
        } finally {
            state = FREE;
            if (closing) {
                close();
            }
        }
    }

    /// Frees what the endpoint holds, once; a call under way does it when it returns, and an operation in the
    /// background, or a step that goes on, when it ends. Ask again until it is done: until then the columns are
    /// written to.
    ///
    /// @return whether it is done
    final boolean close() {
        closing = true;
        if (STATE.compareAndSet(this, FREE, CLOSED)) {
            CompletableFuture<Integer> running = background;
            if (running != null && !running.isDone()) {
                var unused = running.whenComplete((code, thrown) -> release());
            } else if (stepsOn()) {
                Background.THREADS.execute(this::release);
            } else {
                release();
            }
        }
        return freed;
    }

    private void release() {
        try {
            free();
        } finally {
            freed = true;
        }
    }

    /// Frees what calls needed, of which there will be none any more.
    void free() {
        reply.close();
    }

    private int dispatch(int operation) throws InterruptedException, ExecutionException {
        if (operation == AWAIT) {
            return await();
        }
        int meant = operation & ~IN_BACKGROUND;
        background = CompletableFuture.supplyAsync(() -> guarded(meant), Background.THREADS);
        return PENDING;
    }

    private int guarded(int operation) {
        int code;
        try {
            code = operation == 0 ? plain() : perform(operation);
        } catch (Throwable thrown) {
            code = failed(thrown);
        }
        if (operation == 0 || endsStep(operation)) {
            control.stepOutcome(code);
        }
        return code;
    }

    private int await() throws InterruptedException, ExecutionException {
        if (background == null) {
            return awaited;
        }
        try {
            awaited = background.get(AWAIT_MILLIS, TimeUnit.MILLISECONDS);
            background = null;
            return awaited;
        } catch (TimeoutException notYet) {
            return PENDING;
        }
    }

    private int failed(Throwable thrown) {
        try {
            reply.json(Map.of("code", code(thrown).wireName(), "message", message(thrown), "stack", stack(thrown)));
        } catch (Throwable again) { // out of memory, say: a host that waits for an answer must get one
            reply.bytes(LAST_WORDS);
        }
        return FAILED;
    }

    private static ErrorCode code(Throwable thrown) {
        return switch (thrown) {
            case HyperTokenException refused -> refused.code();
            // What a declaration throws that contradicts itself.
            case IllegalArgumentException ignored -> ENVIRONMENT_FAILED;
            default -> INTERNAL;
        };
    }

    private static String message(Throwable thrown) {
        boolean ours = thrown instanceof HyperTokenException || thrown instanceof IllegalArgumentException;
        String told = ours ? thrown.getMessage() : null;
        return told == null ? Shown.failure(thrown) : Shown.shortened(told, LONGEST_TEXT);
    }

    private static String stack(Throwable thrown) {
        try {
            var text = new StringWriter();
            thrown.printStackTrace(new PrintWriter(text));
            return Shown.shortened(text.toString(), LONGEST_TEXT);
        } catch (Throwable speechless) { // it throws when it is asked for its message
            return Shown.trace(thrown);
        }
    }

    private static VarHandle state() {
        try {
            return MethodHandles.lookup().findVarHandle(Endpoint.class, "state", int.class);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("Endpoint has no field state", e);
        }
    }

    private static MethodHandle call0(Class<?> type) {
        try {
            return MethodHandles.lookup().findVirtual(type, "call", MethodType.methodType(int.class));
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(type + " has no method call", e);
        }
    }

    /// The threads for operations in the background; made when the first one needs one, ended when idle.
    private static final class Background {
        static final Executor THREADS = Executors.newCachedThreadPool(work ->
                Thread.ofPlatform().daemon().name("hypertoken-background").unstarted(work));
    }
}
