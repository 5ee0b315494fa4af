package io.hypertoken.guests.wasm;

import static io.hypertoken.guests.wasm.TestModule.constant;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.hypertoken.HyperTokenException;
import io.hypertoken.engine.Settings;
import io.hypertoken.engine.VectorEnvironment;
import io.hypertoken.env.Spec;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// A module that lies, or asks for too much, is refused by a sentence.
@Timeout(60)
class HostileModulesTest {
    private static TestModule module() {
        return new TestModule();
    }

    private static String describing(String extra) {
        return TestModule.DESCRIPTION.replaceFirst("\\{", "{" + extra + ", ");
    }

    static Stream<Arguments> refusedWhenLoaded() {
        return Stream.of(
                arguments(
                        module().body(Export.HT_ABI, constant(2)),
                        "it was built for ABI 2, and this HyperToken speaks"),
                arguments(module().body(Export.HT_ABI, TestModule.TRAP), "ht_abi trapped: Trapped on unreachable"),
                arguments(
                        module().without(Export.HT_STEP).without(Export.HT_OPEN),
                        "it does not export ht_open, ht_step; export what hypertoken.h lists"),
                arguments(module().withoutMemoryExport(), "it does not export its memory"),
                arguments(module().imports("fd_write"), "it imports env.fd_write, and HyperToken offers nothing"),
                arguments(
                        module().memory(10_000, 20_000),
                        "it wants 655.4 MB of memory at once and may have 268.4; pass a larger memory_mb"),
                arguments(module().start(TestModule.TRAP), "it did not start: Trapped on unreachable"),
                arguments(module().start(TestModule.FOR_EVER), "it did not start in 0.5 s"),
                arguments(
                        module().body(Export.HT_DESCRIBE, constant(-5)),
                        "the JSON of ht_describe does not end within the module's memory"),
                arguments(
                        module().memory(40, 40).json("x".repeat(2_000_000)),
                        "the JSON of ht_describe is longer than 1048576 bytes"),
                arguments(module().json(""), "its description was refused (refused a message that is not one JSON"),
                arguments(module().json("[".repeat(50_000)), "its description was refused"),
                arguments(
                        module().json("{}"), "ht_describe's JSON has neither observation_space nor observation_spaces"),
                arguments(
                        module().json(describing("\"frames\": 1")), "has \"frames\", which says nothing; did you mean"),
                arguments(module().json(describing("\"max_steps\": 0")), "refused max_steps=0"),
                arguments(
                        module().json(describing("\"mask_meaning\": \"sometimes\"")),
                        "mask_meaning must be one of none, binding, advisory"),
                arguments(
                        module().json(describing("\"options\": [{\"name\": \"a\", \"type\": \"text\"}]")),
                        "type must be integer, number, flag or choice; a text has no number"),
                arguments(
                        module().json(describing("\"options\": [{\"name\": \"memory_mb\", \"type\": \"flag\","
                                        + " \"default\": true}]"))
                                .body(Export.HT_OPTIONS, constant(0)),
                        "option memory_mb is declared twice"),
                arguments(module().json(describing("\"text\": true")), "and it does not export ht_text"),
                arguments(
                        module().json(describing("\"frame\": {\"width\": 100000, \"height\": 1}")),
                        "width must be an integer from 1 to 4096"),
                arguments(module().json("""
                                {"observation_space": {"type": "box", "shape": [1000000, 1000000]},
                                 "action_names": ["a", "b"]}"""), "ht_describe's JSON declares boxes of more than 8388608 elements"),
                arguments(module().json("""
                                {"observation_space": {"type": "box", "shape": [4000000]},
                                 "agents": ["a", "b", "c", "d", "e", "f"], "action_names": ["a", "b"]}"""), "declares rows of 96000048 bytes, and one may have at most 67108864"),
                arguments(module().json("""
                                {"observation_space": {"type": "discrete", "n": 2}, "mask_meaning": "binding",
                                 "action_space": {"type": "discrete", "n": 2000000000}}"""), "declares rows of"),
                arguments(module().json(describing("\"agents\": [\"a\", \"a\"]")), "agent names are unique"),
                arguments(
                        module().json(describing("\"history\": 5")),
                        "history must be an array of at most 1000 strings"));
    }

    @ParameterizedTest
    @MethodSource
    void refusedWhenLoaded(TestModule module, String sentence) {
        assertThatThrownBy(module::spec).isInstanceOf(Refusal.class).hasMessageContaining(sentence);
    }

    static Stream<Arguments> refusedWhenOpened() {
        return Stream.of(
                arguments(module().body(Export.HT_OPEN, TestModule.TRAP), "ht_open trapped"),
                arguments(
                        module().body(Export.HT_OPEN, constant(TestModule.JSON)),
                        "its ht_open says: {\"rules\": \"Counts.\""),
                arguments(
                        module().body(Export.HT_COLUMNS, constant(-4)),
                        "ht_columns() itself has 216 bytes from 4294967292 on, outside the 65536 bytes of its memory"),
                arguments(module().column(18, 0), "its columns have no reward; fill in what ht_columns returns"),
                arguments(
                        module().column(20, 65_512),
                        "its column observation[0] has 32 bytes from 65512 on, outside the 65536 bytes of its memory"),
                arguments(module().column(1, 0x4101), "its column action[0] is not aligned to 8 bytes"),
                arguments(
                        module().json(TestModule.DESCRIPTION.replaceFirst(
                                        "\\{",
                                        "{\"options\": [{\"name\": \"a\", \"type\": \"flag\", \"default\": true}], "))
                                .body(Export.HT_OPTIONS, constant(65_532)),
                        "ht_options() is 65532, outside its memory"),
                arguments( // grows for ever
                        module().body(
                                        Export.HT_OPEN,
                                        0x03,
                                        0x40,
                                        0x41,
                                        1,
                                        0x40,
                                        0,
                                        0x41,
                                        0,
                                        0x4e,
                                        0x0d,
                                        0,
                                        0x0b,
                                        0x00,
                                        0x41,
                                        0),
                        "ht_open trapped: Trapped on unreachable instruction; its memory is at its most, 1 MB"));
    }

    @ParameterizedTest
    @MethodSource
    void refusedWhenOpened(TestModule module, String sentence) {
        Spec spec = module.spec();

        assertThatThrownBy(() -> VectorEnvironment.open(spec, spec.options(Map.of()), Settings.DEFAULT.rows(4)))
                .isInstanceOf(HyperTokenException.class)
                .hasMessageStartingWith("cannot open wasm:test.wasm with 4 rows; ")
                .hasMessageContaining(sentence);
    }
}
