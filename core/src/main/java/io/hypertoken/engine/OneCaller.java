package io.hypertoken.engine;

import static io.hypertoken.ErrorCode.BAD_STEP;

import io.hypertoken.HyperTokenException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// Lets one thread at a time into a vector, and nobody once it is closed.
///
/* One compare-and-set a call: 9 ns where the shortest step takes 133 (bench/NOTES.md). */
final class OneCaller {
    private static final VarHandle CALLER = caller();
    private static final long LOOKS_NANOS = 200_000;

    private volatile @Nullable Thread caller;
    /// Read and written by whoever is inside.
    private boolean closed;

    /// Makes this thread the one inside, until it leaves.
    ///
    /// @throws HyperTokenException `bad_step` if a thread is inside
    /// @throws IllegalStateException if the vector is closed
    void enter() {
        if (!CALLER.compareAndSet(this, null, Thread.currentThread())) {
            throw new HyperTokenException(
                    BAD_STEP,
                    "a call of this vector is under way",
                    isInside()
                            ? "an environment or a listener cannot call the vector that calls it"
                            : "another thread is in it, and a vector has one caller at a time",
                    "wait until that call returns");
        }
        if (closed) {
            leave();
            throw new IllegalStateException("this vector is closed; open another");
        }
    }

    void leave() {
        CALLER.setRelease(this, null);
    }

    /// As [#enter()], but a listener of this very vector may look too.
    ///
    /// @return what [#leave(boolean)] wants
    boolean enterToLook() {
        if (isInside()) {
            return false;
        }
        enter();
        return true;
    }

    void leave(boolean entered) {
        if (entered) {
            leave();
        }
    }

    /// Waits until nobody is inside, enters, and lets nobody in after this thread has left.
    ///
    /// @return whether it is the first to do so; otherwise it is not inside
    /// @throws IllegalStateException if this thread is inside already
    boolean enterForGood() {
        if (isInside()) {
            throw new IllegalStateException("a vector cannot be closed from inside one of its own calls; "
                    + "it would go on in memory that is gone; close it afterwards");
        }
        while (!CALLER.compareAndSet(this, null, Thread.currentThread())) {
            LockSupport.parkNanos(this, LOOKS_NANOS);
        }
        if (closed) {
            leave();
            return false;
        }
        closed = true;
        return true;
    }

    private boolean isInside() {
        return caller == Thread.currentThread();
    }

    private static VarHandle caller() {
        try {
            return MethodHandles.lookup().findVarHandle(OneCaller.class, "caller", Thread.class);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("OneCaller has no field caller", e);
        }
    }
}
