package io.hypertoken.check;

import io.hypertoken.env.Environment;
import io.hypertoken.env.Frame;
import io.hypertoken.env.Renders;
import io.hypertoken.env.Snapshot;
import io.hypertoken.env.Step;
import io.hypertoken.env.View;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInput;
import java.io.DataInputStream;
import java.io.DataOutput;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// An environment that is another one in everything, but whose saved state has been changed when it is loaded.
///
/// It sits where the bytes are the environment's own, so that it needs to know neither their place in a snapshot nor
/// its
/// checksum.
final class ForgedState implements Environment, Snapshot, Renders {
    private final Environment sound;
    private final UnaryOperator<byte[]> forger;

    /// @param forger gives the bytes to load for those that were saved
    ForgedState(Environment sound, UnaryOperator<byte[]> forger) {
        this.sound = sound;
        this.forger = forger;
    }

    @Override
    public void reset(Step step) {
        sound.reset(step);
    }

    @Override
    public void step(Step step) {
        sound.step(step);
    }

    @Override
    public void observe(int agent, View view) {
        sound.observe(agent, view);
    }

    @Override
    public String text(int agent) {
        return sound instanceof Renders renders ? renders.text(agent) : "";
    }

    @Override
    public @Nullable Frame frame() {
        return sound instanceof Renders renders ? renders.frame() : null;
    }

    @Override
    public void save(DataOutput out) throws IOException {
        var state = new ByteArrayOutputStream();
        ((Snapshot) sound).save(new DataOutputStream(state));
        out.writeInt(state.size());
        out.write(state.toByteArray());
    }

    @Override
    public void load(DataInput in) throws IOException {
        byte[] state = new byte[in.readInt()];
        in.readFully(state);
        var forged = new ByteArrayInputStream(forger.apply(state));
        ((Snapshot) sound).load(new DataInputStream(forged));
        Snapshot.require(forged.available() == 0, "it goes on behind its end");
    }
}
