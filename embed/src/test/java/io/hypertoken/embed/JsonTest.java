package io.hypertoken.embed;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JsonTest {
    @Test
    void wholeNumbersHaveNoPointAndOthersAlwaysHave() {
        assertThat(Json.of(List.of(1, 2L, (byte) 3, 1.0, 0.1f, 1e300)))
                .isEqualTo("[1,2,3,1.0,0.10000000149011612,1.0E300]");
    }

    @Test
    void whatNoNumberIsIsWrittenAsPythonReadsIt() {
        assertThat(Json.of(new double[] {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY}))
                .isEqualTo("[NaN,Infinity,-Infinity]");
    }

    @Test
    void mapsAndListsNest() {
        var map = new LinkedHashMap<String, Object>();
        map.put("a", Map.of());
        map.put("b", List.of());
        map.put("c", Arrays.asList(true, null, new int[] {1, 2}, new long[0], new Object[] {"x"}));

        assertThat(Json.of(map)).isEqualTo("{\"a\":{},\"b\":[],\"c\":[true,null,[1,2],[],[\"x\"]]}");
    }

    @Test
    void textsAreEscapedWhereJsonAsksForIt() {
        assertThat(Json.of("say \"é\"\\\n\0")).isEqualTo("\"say \\\"é\\\"\\\\\\u000a\\u0000\"");
    }

    @Test
    void halfACharacterBeyondTheBasicPlaneStillArrives() {
        assertThat(Json.of("\uD83D")).isEqualTo("\"\\ud83d\"");
        assertThat(Json.of("😀")).isEqualTo("\"\\ud83d\\ude00\"");
    }

    @Test
    void anythingElseIsItsText() {
        assertThat(Json.of(Thread.State.NEW)).isEqualTo("\"NEW\"");
    }
}
