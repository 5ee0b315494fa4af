package io.hypertoken.record;

import io.hypertoken.env.MaskMeaning;
import io.hypertoken.env.Signature;
import io.hypertoken.env.Spec;
import io.hypertoken.env.TurnOrder;
import io.hypertoken.space.DType;
import io.hypertoken.space.Leaf;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Reads a row's records one after another as named fields, for people.
final class RecordFields {
    private final Signature signature;
    private final boolean simultaneous;
    private final boolean masked;
    private final boolean[] alive;
    private int turn = RecordLayout.NOBODY;
    private ByteBuffer record = ByteBuffer.allocate(0);
    private List<Field> fields = new ArrayList<>();

    /// One element of a record.
    ///
    /// @param name `reward of player_0`, `observation of player_1 [3]`
    /// @param value as a number
    record Field(String name, String value) {}

    RecordFields(Spec spec, Signature signature) {
        this.signature = signature;
        this.simultaneous = spec.turnOrder() == TurnOrder.SIMULTANEOUS;
        this.masked = spec.maskMeaning() != MaskMeaning.NONE;
        this.alive = new boolean[signature.agents().size()];
    }

    /// Whether an agent acts in the row's next step.
    boolean acts(int agent) {
        return simultaneous ? alive[agent] : agent == turn;
    }

    /// How many bytes of actions the row's next step begins with.
    int actionBytes() {
        int bytes = signature.actionLeaves().stream().mapToInt(Leaf::bytes).sum();
        int count = 0;
        for (int agent = 0; agent < alive.length; agent++) {
            count += acts(agent) ? bytes : 0;
        }
        return count;
    }

    /// The fields of the row's next record, as far as its bytes reach.
    List<Field> read(byte[] bytes) {
        record = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        fields = new ArrayList<>();
        try {
            if (record.get() == RecordLayout.RESET) {
                readReset();
            } else {
                readStep();
            }
        } catch (BufferUnderflowException e) {
            fields.add(new Field("the end", "after " + bytes.length + " bytes"));
        }
        return fields;
    }

    private void readReset() {
        Arrays.fill(alive, true);
        fields.add(new Field("seed", Long.toString(record.getLong())));
        readTurn();
        readSeen();
    }

    private void readStep() {
        for (int agent = 0; agent < alive.length; agent++) {
            if (acts(agent)) {
                readLeaves("action of " + name(agent), signature.actionLeaves());
            }
        }
        for (int agent = 0; agent < alive.length; agent++) {
            fields.add(new Field("reward of " + name(agent), SpaceWords.number(record.getDouble())));
        }
        boolean[] ended = new boolean[alive.length];
        for (String flag : List.of("terminated", "truncated")) {
            for (int agent = 0; agent < alive.length; agent++) {
                boolean set = record.get() != 0;
                ended[agent] |= set && alive[agent];
                fields.add(new Field(flag + " of " + name(agent), Boolean.toString(set)));
            }
        }
        for (int agent = 0; agent < alive.length; agent++) {
            alive[agent] &= !ended[agent];
        }
        readTurn();
        readSeen();
        for (int agent = 0; agent < alive.length; agent++) {
            if (ended[agent]) {
                readLeaves("last observation of " + name(agent), signature.observationLeaves());
            }
        }
    }

    private void readTurn() {
        turn = record.getInt();
        fields.add(new Field("turn", Integer.toString(turn)));
    }

    private void readSeen() {
        for (int agent = 0; agent < alive.length; agent++) {
            if (!acts(agent)) {
                continue;
            }
            readLeaves("observation of " + name(agent), signature.observationLeaves());
            int flags = masked ? signature.actionSpaces().get(agent).maskSize() : 0;
            for (int k = 0; k < flags; k++) {
                fields.add(new Field("mask of " + name(agent) + " [" + k + "]", Byte.toString(record.get())));
            }
        }
    }

    private void readLeaves(String what, List<Leaf> leaves) {
        for (Leaf leaf : leaves) {
            for (int k = 0; k < leaf.size(); k++) {
                String place = leaf.name() + (leaf.shape().isEmpty() ? "" : "[" + k + "]");
                fields.add(new Field(place.isEmpty() ? what : what + " " + place, number(leaf.dtype())));
            }
        }
    }

    private String number(DType dtype) {
        return switch (dtype) {
            case FLOAT32 -> Float.toString(record.getFloat());
            case FLOAT64 -> Double.toString(record.getDouble());
            case INT64 -> Long.toString(record.getLong());
            case INT32 -> Integer.toString(record.getInt());
            case INT16 -> Short.toString(record.getShort());
            case UINT16 -> Integer.toString(Short.toUnsignedInt(record.getShort()));
            case INT8 -> Byte.toString(record.get());
            case UINT8 -> Integer.toString(Byte.toUnsignedInt(record.get()));
        };
    }

    private String name(int agent) {
        return signature.agents().get(agent);
    }
}
