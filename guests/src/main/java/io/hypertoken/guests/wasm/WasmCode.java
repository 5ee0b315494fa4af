package io.hypertoken.guests.wasm;

import com.dylibso.chicory.compiler.InterpreterFallback;
import com.dylibso.chicory.compiler.MachineFactoryCompiler;
import com.dylibso.chicory.runtime.Instance;
import com.dylibso.chicory.runtime.InterpreterMachine;
import com.dylibso.chicory.runtime.Machine;
import com.dylibso.chicory.runtime.TableInstance;
import com.dylibso.chicory.wasm.Parser;
import com.dylibso.chicory.wasm.WasmModule;
import com.dylibso.chicory.wasm.types.ExternalType;
import com.dylibso.chicory.wasm.types.FunctionType;
import com.dylibso.chicory.wasm.types.MemoryLimits;
import com.dylibso.chicory.wasm.types.Table;
import com.dylibso.chicory.wasm.types.TableLimits;
import com.dylibso.chicory.wasm.types.ValType;
import io.hypertoken.Shown;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// A module's code, from its bytes to running [Sandbox]es; immutable, and compiled at most once.
///
/* Together with Sandbox the only place that knows Chicory, whose successor may take over one day. */
final class WasmCode {
    private static final int MOST_TABLE_ELEMENTS = 1_000_000;
    private static final int MOST_TABLES = 16;

    private final WasmModule module;
    private final int[] functions;
    private @Nullable Function<Instance, Machine> compiled;

    private WasmCode(WasmModule module) {
        this.module = module;
        requireNoImports();
        requireCore();
        this.functions = exported();
    }

    /// Reads a module.
    ///
    /// @throws Refusal if it is none, or none that HyperToken can run
    static WasmCode read(byte[] bytes) {
        try {
            return new WasmCode(Parser.parse(bytes));
        } catch (Refusal refused) {
            throw refused;
        } catch (RuntimeException | Error bad) {
            throw new Refusal(
                    "it is no valid WebAssembly module (" + Shown.shortened(String.valueOf(bad.getMessage()), 200)
                            + ")",
                    "build it anew, and check it with wasm-validate");
        }
    }

    /// Makes it ready to start so, which may take a second, once.
    ///
    /// @throws Refusal if it cannot be compiled
    void prepare(Limits limits) {
        if (!limits.interpreted()) {
            compiled();
        }
    }

    /// A running copy, within the watch's time.
    ///
    /// @throws LostModule if it does not start
    /// @throws Refusal if it needs more memory than it may have
    Sandbox start(Limits limits, Watch watch) {
        MemoryLimits declared =
                module.memorySection().orElseThrow().getMemory(0).limits();
        int most = Math.min(declared.maximumPages(), limits.mostPages());
        if (declared.initialPages() > most) {
            throw new Refusal(
                    "it wants " + Sandbox.megabytes(declared.initialPages()) + " MB of memory at once and may have "
                            + Sandbox.megabytes(limits.mostPages()),
                    "pass a larger memory_mb, or build it with less");
        }
        Function<Instance, Machine> machine = limits.interpreted() ? InterpreterMachine::new : compiled();
        return Sandbox.start(
                memory -> Instance.builder(module)
                        .withMachineFactory(machine)
                        .withMemoryFactory(asked -> memory)
                        .withTableFactory(WasmCode::table)
                        .build(),
                declared.initialPages(),
                most,
                functions,
                watch);
    }

    /// Whether it exports this function.
    boolean has(Export function) {
        return functions[function.ordinal()] >= 0;
    }

    private synchronized Function<Instance, Machine> compiled() {
        Function<Instance, Machine> ready = compiled;
        if (ready == null) {
            try {
                ready = MachineFactoryCompiler.builder(module)
                        .withInterpreterFallback(InterpreterFallback.FAIL)
                        .compile();
            } catch (RuntimeException | Error failed) {
                throw new Refusal(
                        "it cannot be compiled to JVM code (" + Shown.failure(failed) + ")",
                        "split its largest functions (clang: -O1 or -fno-inline), or pass wasm_interpreter=true");
            }
            compiled = ready;
        }
        return ready;
    }

    /// A table grows no further than all of them may have.
    private static TableInstance table(Table declared, int value) {
        TableLimits limits = declared.limits();
        long most = Math.min(limits.max(), MOST_TABLE_ELEMENTS / MOST_TABLES);
        return new TableInstance(
                new Table(
                        declared.elementType(),
                        new TableLimits(limits.min(), Math.max(limits.min(), most)),
                        declared.initialize()),
                value);
    }

    private void requireNoImports() {
        if (module.importSection().importCount() == 0) {
            return;
        }
        var first = module.importSection().getImport(0);
        boolean wasi = first.module().startsWith("wasi_") || first.module().equals("env");
        throw new Refusal(
                "it imports " + Shown.shortened(first.module() + "." + first.name(), 80)
                        + ", and HyperToken offers nothing to import",
                wasi
                        ? "build it without a C library (clang --target=wasm32 -nostdlib), and define what is missing"
                        : "leave the import out");
    }

    /// What is beyond WebAssembly's core could take memory that no limit counts.
    private void requireCore() {
        var memories = module.memorySection();
        if (memories.isEmpty() || memories.get().memoryCount() != 1) {
            throw new Refusal("it does not have just one memory", "declare one, and export it as \"memory\"");
        }
        require(!memories.get().getMemory(0).limits().shared(), "a shared memory");
        require(module.tagSection().isEmpty(), "exceptions");
        var types = module.typeSection();
        for (int k = 0; k < types.subTypeCount(); k++) {
            require(types.getSubType(k).compType().funcType() != null, "garbage-collected types");
        }
        long elements = 0;
        for (int k = 0; k < module.tableSection().tableCount(); k++) {
            elements += module.tableSection().getTable(k).limits().min();
        }
        if (module.tableSection().tableCount() > MOST_TABLES || elements > MOST_TABLE_ELEMENTS) {
            throw new Refusal(
                    "its tables are larger than " + MOST_TABLE_ELEMENTS + " elements", "build it with smaller ones");
        }
    }

    private static void require(boolean holds, String what) {
        if (!holds) {
            throw new Refusal(
                    "it uses " + what + ", which HyperToken does not run", "build it for WebAssembly's core (MVP)");
        }
    }

    private int[] exported() {
        int[] indices = new int[Export.values().length];
        Arrays.fill(indices, -1);
        boolean memory = false;
        for (int k = 0; k < module.exportSection().exportCount(); k++) {
            var export = module.exportSection().getExport(k);
            memory |=
                    export.exportType() == ExternalType.MEMORY && export.name().equals("memory");
            for (Export wanted : Export.values()) {
                if (export.exportType() == ExternalType.FUNCTION
                        && export.name().equals(wanted.exported())) {
                    indices[wanted.ordinal()] = export.index();
                    requireType(wanted, export.index());
                }
            }
        }
        List<String> missing = Arrays.stream(Export.values())
                .filter(wanted -> wanted.needed() && indices[wanted.ordinal()] < 0)
                .map(Export::exported)
                .toList();
        if (!missing.isEmpty() || !memory) {
            throw new Refusal(
                    "it does not export " + (missing.isEmpty() ? "its memory" : String.join(", ", missing)),
                    "export what hypertoken.h lists, by HT_EXPORT in C");
        }
        return indices;
    }

    private void requireType(Export wanted, int index) {
        FunctionType type =
                module.typeSection().getType(module.functionSection().getFunctionType(index));
        String found = words(type.params()) + " -> "
                + (type.returns().size() == 1 ? name(type.returns().getFirst()) : words(type.returns()));
        if (!found.equals(wanted.type)) {
            throw new Refusal(
                    "its " + wanted.exported() + " is " + found + " and must be " + wanted.type,
                    "declare it as hypertoken.h lists it");
        }
    }

    private static String words(List<ValType> types) {
        return types.stream().map(WasmCode::name).collect(Collectors.joining(", ", "(", ")"));
    }

    private static String name(ValType type) {
        return type.toString().toLowerCase(Locale.ROOT);
    }
}
