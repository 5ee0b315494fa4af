package io.hypertoken.guests.wasm;

import io.hypertoken.env.MaskMeaning;
import io.hypertoken.env.Signature;
import io.hypertoken.env.Spec;
import io.hypertoken.env.TurnOrder;
import io.hypertoken.space.Leaf;
import java.util.List;
import java.util.Locale;

/// Where the arrays of one running module lie: the `struct ht_columns` of hypertoken.h, in words of 32 bits.
///
/// ```text
/// word  0      play         u8   [rows]
/// word  1-16   action       *    [rows, agents, *leaf]      one word a leaf
/// word 17      turn         i32  [rows]
/// word 18      reward       f64  [rows, agents]
/// word 19      end          u8   [rows, agents]
/// word 20-35   observation  *    [rows, agents, *leaf]      one word a leaf
/// word 36      mask         u8   [rows, agents, choices]
/// word 37-52   info         f64  [rows, agents]             one word a number
/// word 53      played       i32  [1]
/// ```
final class Columns {
    static final int LEAVES = 16;
    static final int INFOS = 16;

    private static final int WORDS = 6 + 2 * LEAVES + INFOS;

    final Sandbox sandbox;
    final int play;
    final int[] actions;
    final int turn;
    final int reward;
    final int end;
    final int[] observations;
    final int mask;
    final int[] infos;
    final int played;
    private int at;
    private final int table;

    /// Reads the addresses, and holds each to its bounds.
    ///
    /// @throws Refusal if one lies outside the module's memory, is missing, or is not aligned
    Columns(Sandbox sandbox, int table, Spec spec, Signature signature, int rows) {
        this.sandbox = sandbox;
        this.table = table;
        int agents = signature.agents().size();
        boolean takesTurns = agents > 1 && spec.turnOrder() == TurnOrder.SEQUENTIAL;
        long masks = spec.maskMeaning() == MaskMeaning.NONE ? 0 : signature.maskSize();
        require(sandbox.holds(Integer.toUnsignedLong(table), 4L * WORDS), "ht_columns() itself", table, 4L * WORDS);
        long cells = (long) rows * agents;
        this.play = next("play", 1, rows);
        this.actions = leaves("action", signature.actionLeaves(), cells);
        this.turn = next("turn", 4, takesTurns ? rows : 0);
        this.reward = next("reward", 8, cells);
        this.end = next("end", 1, cells);
        this.observations = leaves("observation", signature.observationLeaves(), cells);
        this.mask = next("mask", 1, cells * masks);
        this.infos = new int[spec.infoNumbers().size()];
        for (int k = 0; k < INFOS; k++) {
            int address = next("info[" + k + "]", 8, k < infos.length ? cells : 0);
            if (k < infos.length) {
                infos[k] = address;
            }
        }
        int counter = sandbox.getInt(table + 4 * at);
        this.played = counter == 0 ? 0 : next("played", 4, 1);
    }

    private int[] leaves(String name, List<Leaf> leaves, long cells) {
        int[] addresses = new int[leaves.size()];
        for (int k = 0; k < LEAVES; k++) {
            boolean there = k < leaves.size();
            int size = there ? leaves.get(k).dtype().bytes() : 1;
            int address = next(
                    name + "[" + k + "]", size, there ? cells * leaves.get(k).size() : 0);
            if (there) {
                addresses[k] = address;
            }
        }
        return addresses;
    }

    /// The next word, which must be the address of `count` elements of `size` bytes, unless that is none.
    private int next(String name, int size, long count) {
        int address = sandbox.getInt(table + 4 * at++);
        if (count == 0) {
            return 0;
        }
        long from = Integer.toUnsignedLong(address);
        if (address == 0) {
            throw new Refusal("its columns have no " + name, "fill in what ht_columns returns, in ht_open");
        }
        require(sandbox.holds(from, size * count), "its column " + name, address, size * count);
        if (from % size != 0) {
            throw new Refusal(
                    "its column " + name + " is not aligned to " + size + " bytes", "take its memory from ht_alloc");
        }
        return address;
    }

    private void require(boolean holds, String what, int address, long bytes) {
        if (!holds) {
            throw new Refusal(
                    String.format(
                            Locale.ROOT,
                            "%s has %d bytes from %d on, outside the %d bytes of its memory",
                            what,
                            bytes,
                            Integer.toUnsignedLong(address),
                            sandbox.bytes()),
                    "take its memory from ht_alloc, for as many rows as ht_open is told");
        }
    }
}
