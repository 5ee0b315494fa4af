package io.hypertoken.guests.wasm;

import com.dylibso.chicory.runtime.ConstantEvaluators;
import com.dylibso.chicory.runtime.Instance;
import com.dylibso.chicory.runtime.Memory;
import com.dylibso.chicory.wasm.ChicoryException;
import com.dylibso.chicory.wasm.types.ActiveDataSegment;
import com.dylibso.chicory.wasm.types.DataSegment;
import com.dylibso.chicory.wasm.types.PassiveDataSegment;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/// A module's memory: one array, which columns are copied from and to at once.
///
/* Chicory's own gives bytes out in arrays made for each call only. Read element by element, a CartPole row-step took half
as long again. An address beyond 2 GB is negative here and fails the array's own check. */
final class LinearMemory implements Memory {
    private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final int initialPages;
    private final int mostPages;
    private byte[] bytes;
    private MemorySegment segment;
    private DataSegment[] data = {};

    LinearMemory(int initialPages, int mostPages) {
        this.initialPages = initialPages;
        this.mostPages = mostPages;
        this.bytes = new byte[initialPages * PAGE_SIZE];
        this.segment = MemorySegment.ofArray(bytes);
    }

    /// All of it, until it grows.
    MemorySegment segment() {
        return segment;
    }

    @Override
    public int pages() {
        return bytes.length / PAGE_SIZE;
    }

    @Override
    public int grow(int pages) {
        int before = pages();
        if (pages < 0 || pages > mostPages - before) {
            return -1;
        }
        if (pages > 0) {
            bytes = Arrays.copyOf(bytes, (before + pages) * PAGE_SIZE);
            segment = MemorySegment.ofArray(bytes);
        }
        return before;
    }

    @Override
    public int initialPages() {
        return initialPages;
    }

    @Override
    public int maximumPages() {
        return mostPages;
    }

    @Override
    public void initialize(Instance instance, DataSegment[] segments) {
        data = segments.clone();
        for (int k = 0; k < data.length; k++) {
            if (data[k] instanceof ActiveDataSegment active) {
                long at = ConstantEvaluators.computeConstantValue(instance, active.offsetInstructions())[0];
                write((int) at, active.data());
                drop(k);
            }
        }
    }

    @Override
    public void initPassiveSegment(int segment, int address, int offset, int size) {
        write(address, data[segment].data(), offset, size);
    }

    @Override
    public void drop(int segment) {
        data[segment] = PassiveDataSegment.EMPTY;
    }

    @Override
    public void write(int address, byte[] from, int offset, int size) {
        System.arraycopy(from, offset, bytes, address, size);
    }

    @Override
    public byte[] readBytes(int address, int size) {
        byte[] read = new byte[size];
        System.arraycopy(bytes, address, read, 0, size);
        return read;
    }

    @Override
    public void copy(int to, int from, int size) {
        System.arraycopy(bytes, from, bytes, to, size);
    }

    @Override
    public void fill(byte value, int from, int to) {
        Arrays.fill(bytes, from, to, value);
    }

    @Override
    public void zero() {
        Arrays.fill(bytes, (byte) 0);
    }

    @Override
    public byte read(int address) {
        return bytes[address];
    }

    @Override
    public void writeByte(int address, byte value) {
        bytes[address] = value;
    }

    @Override
    public short readShort(int address) {
        return (short) SHORT.get(bytes, address);
    }

    @Override
    public long readU16(int address) {
        return Short.toUnsignedLong(readShort(address));
    }

    @Override
    public void writeShort(int address, short value) {
        SHORT.set(bytes, address, value);
    }

    @Override
    public int readInt(int address) {
        return (int) INT.get(bytes, address);
    }

    @Override
    public void writeI32(int address, int value) {
        INT.set(bytes, address, value);
    }

    @Override
    public long readLong(int address) {
        return (long) LONG.get(bytes, address);
    }

    @Override
    public void writeLong(int address, long value) {
        LONG.set(bytes, address, value);
    }

    @Override
    public float readFloat(int address) {
        return Float.intBitsToFloat(readInt(address));
    }

    @Override
    public long readF32(int address) {
        return readInt(address);
    }

    @Override
    public void writeF32(int address, float value) {
        writeI32(address, Float.floatToRawIntBits(value));
    }

    @Override
    public double readDouble(int address) {
        return Double.longBitsToDouble(readLong(address));
    }

    @Override
    public long readF64(int address) {
        return readLong(address);
    }

    @Override
    public void writeF64(int address, double value) {
        writeLong(address, Double.doubleToRawLongBits(value));
    }

    @Override
    public boolean shared() {
        return false;
    }

    @Override
    public Object lock(int address) {
        throw unshared();
    }

    @Override
    public int waitOn(int address, int expected, long timeout) {
        throw unshared();
    }

    @Override
    public int waitOn(int address, long expected, long timeout) {
        throw unshared();
    }

    @Override
    public int notify(int address, int count) {
        throw unshared();
    }

    private static ChicoryException unshared() {
        return new ChicoryException("expected shared memory");
    }
}
