package io.hypertoken.guests.wasm;

import io.hypertoken.env.Options;
import io.hypertoken.env.RemoteRows;
import io.hypertoken.env.Spec;
import io.hypertoken.env.SpecBuilder;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiFunction;

/// Makes environments of modules: asks a module what it is, in a sandbox that ends with the question.
final class WasmModules {
    private static final int ABI = 1;

    private WasmModules() {}

    /// The environment that a module declares.
    ///
    /// @throws Refusal if it is none
    static Spec declared(String id, byte[] bytes) {
        return declared(id, bytes, Limits.OF_A_LOOK);
    }

    /// As [#declared(String, byte\[\])], within other limits.
    static Spec declared(String id, byte[] bytes, Limits limits) {
        WasmCode code = WasmCode.read(bytes);
        WasmDescription description;
        try {
            description = description(code, limits);
        } catch (LostModule lost) {
            throw new Refusal(String.valueOf(lost.getMessage()), "mend the module");
        }
        SpecBuilder builder = description.declare(id);
        var shape = new AtomicReference<WasmShape>();
        BiFunction<Options, Integer, RemoteRows> maker =
                (opened, rows) -> new WasmRows(shape.get(), code, opened, rows);
        Spec spec;
        try {
            spec = builder.createsRemote(maker, WasmRow.classOf(description));
        } catch (IllegalArgumentException bad) {
            throw new Refusal(String.valueOf(bad.getMessage()), "mend the JSON that ht_describe returns");
        }
        WasmDescription.requireModest(spec);
        shape.set(new WasmShape(spec, description));
        return spec;
    }

    private static WasmDescription description(WasmCode code, Limits limits) {
        var watch = new Watch(limits.deadline()).open();
        watch.enter(limits.deadline());
        try {
            Sandbox sandbox = code.start(limits, watch);
            int abi = sandbox.call(Export.HT_ABI, Sandbox.NOTHING);
            if (abi != ABI) {
                throw new Refusal(
                        "it was built for ABI " + abi + ", and this HyperToken speaks ABI " + ABI,
                        "build it with this version's hypertoken.h");
            }
            int text = sandbox.call(Export.HT_DESCRIBE, Sandbox.NOTHING);
            WasmDescription description =
                    WasmDescription.read(sandbox.text(text, WasmDescription.MOST_TEXT, "the JSON of ht_describe"));
            requireExport(code, Export.HT_OPTIONS, !description.options().isEmpty(), "options");
            requireExport(code, Export.HT_TEXT, description.drawsText(), "\"text\": true");
            requireExport(code, Export.HT_FRAME, description.drawsFrames(), "a frame");
            return description;
        } finally {
            watch.leave();
            watch.close();
        }
    }

    private static void requireExport(WasmCode code, Export function, boolean needed, String declared) {
        if (needed && !code.has(function)) {
            throw new Refusal(
                    "its description declares " + declared + ", and it does not export " + function.exported(),
                    "export it, or leave that out of the JSON");
        }
    }
}
