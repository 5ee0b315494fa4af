package io.hypertoken.learn.space;

import io.hypertoken.env.Seat;
import io.hypertoken.space.Box;
import io.hypertoken.space.DictSpace;
import io.hypertoken.space.Discrete;
import io.hypertoken.space.MultiBinary;
import io.hypertoken.space.MultiDiscrete;
import io.hypertoken.space.Space;
import io.hypertoken.space.TupleSpace;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// Which numbers a network sees of an observation space: its leaves one after another, each element as a number, or, if
/// it is one of n values, as n numbers of which one is 1.
public final class Features {
    /// One leaf.
    ///
    /// @param leaf its place among the space's leaves
    /// @param elements how many it has
    /// @param start the first value of each element that is one of n
    /// @param sizes n for each element; empty where elements are plain numbers
    /// @param at the first of its features
    /// @param count how many features it has
    public record Part(int leaf, int elements, int start, int[] sizes, int at, int count) {
        /// Whether its elements are each one of n values.
        public boolean oneHot() {
            return sizes.length > 0;
        }
    }

    private final List<Part> parts = new ArrayList<>();
    private int size;

    public Features(Space space) {
        add(space);
    }

    /// How many numbers an observation becomes.
    public int size() {
        return size;
    }

    /// The leaves, in order.
    public List<Part> parts() {
        return Collections.unmodifiableList(parts);
    }

    /// Which features are plain numbers, which may be normalised; the others are 0 or 1.
    public boolean[] numbers() {
        boolean[] numbers = new boolean[size];
        for (Part part : parts) {
            for (int k = 0; k < part.count(); k++) {
                numbers[part.at() + k] = !part.oneHot();
            }
        }
        return numbers;
    }

    /// Writes what a seat sees.
    public void write(Seat seat, float[] into, int at) {
        for (Part part : parts) {
            if (!part.oneHot()) {
                for (int k = 0; k < part.elements(); k++) {
                    into[at + part.at() + k] = (float) seat.seen(part.leaf(), k);
                }
                continue;
            }
            int first = at + part.at();
            for (int k = 0; k < part.elements(); k++) {
                writeOneHot((long) seat.seen(part.leaf(), k) - part.start(), part.sizes()[k], into, first);
                first += part.sizes()[k];
            }
        }
    }

    /// `size` numbers, of which number `value` is 1; all are 0 where there is none: an agent that is shown nothing.
    static void writeOneHot(long value, int size, float[] into, int at) {
        for (int k = 0; k < size; k++) {
            into[at + k] = k == value ? 1 : 0;
        }
    }

    private void add(Space space) {
        switch (space) {
            case Discrete discrete -> addOneHot(discrete.start(), new int[] {discrete.n()});
            case MultiDiscrete many ->
                addOneHot(0, many.nvec().stream().mapToInt(Integer::intValue).toArray());
            case Box box -> addNumbers(box.leaves().getFirst().size());
            case MultiBinary bits -> addNumbers(bits.leaves().getFirst().size());
            case DictSpace dict -> dict.spaces().values().forEach(this::add);
            case TupleSpace tuple -> tuple.spaces().forEach(this::add);
        }
    }

    private void addNumbers(int elements) {
        parts.add(new Part(parts.size(), elements, 0, new int[0], size, elements));
        size += elements;
    }

    private void addOneHot(int start, int[] sizes) {
        int count = 0;
        for (int each : sizes) {
            count += each;
        }
        parts.add(new Part(parts.size(), sizes.length, start, sizes, size, count));
        size += count;
    }
}
