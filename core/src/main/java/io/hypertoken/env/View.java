package io.hypertoken.env;

import java.lang.foreign.MemorySegment;
import java.util.Objects;

/// The seeing side of one agent: the only writer of its observation and its action mask.
///
/// The engine hands it over blank, all elements 0 and every action allowed, so an environment writes only what differs.
/// Elements count from 0 in row-major order. Leaves are the tensors of the observation space in declared order, from 0;
/// the forms without a leaf write leaf 0. Numbers are converted to the leaf's type. Use it inside the call that
/// received it and never keep it.
public abstract class View {
    /// For the engine's own cursor.
    protected View() {}

    /// Writes element 0: the whole of a Discrete observation.
    public final View set(long value) {
        return set(0, 0, value);
    }

    /// Writes element 0.
    public final View set(double value) {
        return set(0, 0, value);
    }

    /// Writes element k.
    public final View set(int k, long value) {
        return set(0, k, value);
    }

    /// Writes element k.
    public final View set(int k, double value) {
        return set(0, k, value);
    }

    /// Writes element k of a leaf.
    ///
    /// @throws IndexOutOfBoundsException if the space has no such leaf or element
    public abstract View set(int leaf, int k, long value);

    /// Writes element k of a leaf.
    ///
    /// @throws IndexOutOfBoundsException if the space has no such leaf or element
    public abstract View set(int leaf, int k, double value);

    /// Writes `count` elements of a leaf from element k on: those of `values` from `from` on. Quicker than as many
    /// calls
    /// of [#set(int, int, double)].
    ///
    /// @throws IndexOutOfBoundsException if the space or the array has no such elements
    public View set(int leaf, int k, float[] values, int from, int count) {
        Objects.checkFromIndexSize(from, count, values.length);
        for (int i = 0; i < count; i++) {
            set(leaf, k + i, values[from + i]);
        }
        return this;
    }

    /// Writes a whole leaf: its bytes, in the leaf's own type and little-endian as in a column, from `offset` on. For
    /// rules whose answers lie in memory already.
    ///
    /// @throws IndexOutOfBoundsException if the space has no such leaf, or the segment not as many bytes
    public abstract View set(int leaf, MemorySegment from, long offset);

    /// Writes `count` elements of leaf 0 from element k on: element k + i becomes bit i of `bits`. For boards that are
    /// kept as bits: quicker than as many calls of [#set(int, long)].
    ///
    /// @param count 0 to 64
    /// @throws IndexOutOfBoundsException if the space has no such elements
    public View setBits(int k, int count, long bits) {
        Objects.checkIndex(count, Long.SIZE + 1);
        for (int i = 0; i < count; i++) {
            set(k + i, bits >>> i & 1);
        }
        return this;
    }

    /// Says whether action k of the mask is allowed. The mask of a Discrete space counts its actions from 0 whatever
    /// its start; that of a MultiDiscrete space lists the flags of dimension 0, then those of dimension 1, and so on.
    ///
    /// @throws IndexOutOfBoundsException if the mask has no such flag
    public abstract View allow(int k, boolean allowed);

    /// Says which of `count` actions from `from` on are allowed: action `from + i` when bit i of `bits` is set.
    ///
    /// @param count 0 to 64
    /// @throws IndexOutOfBoundsException if the mask has no such flags
    public View allow(int from, int count, long bits) {
        Objects.checkIndex(count, Long.SIZE + 1);
        for (int i = 0; i < count; i++) {
            allow(from + i, (bits >>> i & 1) != 0);
        }
        return this;
    }

    /// Forbids every action, for an environment that then allows a few.
    public abstract View forbidAll();
}
