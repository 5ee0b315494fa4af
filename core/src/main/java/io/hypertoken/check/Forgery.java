package io.hypertoken.check;

import io.hypertoken.random.Generator;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/// Bytes that are written over a part of a saved state: flipped bits, and words that rules do not expect.
///
/// @param at the first byte that is changed
/// @param bytes what stands there then
record Forgery(int at, byte[] bytes) {
    private static final int[] FLIPS = {1, 0x80, 0xFF};
    private static final int[] INTEGERS = {-1, 0, Integer.MIN_VALUE, Integer.MAX_VALUE};
    private static final long[] WORDS = {
        Double.doubleToLongBits(Double.NaN),
        Double.doubleToLongBits(Double.POSITIVE_INFINITY),
        Double.doubleToLongBits(1e300),
        Double.doubleToLongBits(-1e300),
        Double.doubleToLongBits(-1),
        -1,
        0,
        Long.MIN_VALUE,
        Long.MAX_VALUE
    };
    private static final int KINDS = FLIPS.length + INTEGERS.length + WORDS.length;

    /// All forgeries of a state, or `most` of them, drawn at random, where it is long.
    static List<Forgery> of(byte[] state, int most, Generator random) {
        var forgeries = new ArrayList<Forgery>();
        long all = (long) state.length * KINDS;
        for (int k = 0; k < Math.min(most, all); k++) {
            long one = all <= most ? k : random.integers(all);
            int at = (int) (one / KINDS);
            byte[] bytes = bytes(state[at], (int) (one % KINDS));
            if (at + bytes.length <= state.length) {
                forgeries.add(new Forgery(at, bytes));
            }
        }
        return forgeries;
    }

    private static byte[] bytes(byte saved, int kind) {
        if (kind < FLIPS.length) {
            return new byte[] {(byte) (saved ^ FLIPS[kind])};
        }
        int integer = kind - FLIPS.length;
        if (integer < INTEGERS.length) {
            return ByteBuffer.allocate(Integer.BYTES).putInt(INTEGERS[integer]).array();
        }
        return ByteBuffer.allocate(Long.BYTES)
                .putLong(WORDS[integer - INTEGERS.length])
                .array();
    }

    /// The state with these bytes in it.
    byte[] in(byte[] state) {
        byte[] forged = state.clone();
        System.arraycopy(bytes, 0, forged, at, bytes.length);
        return forged;
    }

    @Override
    public String toString() {
        return HexFormat.of().formatHex(bytes) + " written over byte " + at + " of what it saved";
    }
}
